"""`make run`: the database up to date, wards and demo data in it, then everything served, all in one process.

The steps are the app's own commands, in the order in which a person would type them.
"""

import sys

import click
from flask.cli import ScriptInfo

from webapp import create_app
from webapp.config import SettingsError

PREPARE = (("db", "upgrade"), ("wards", "default"))
DEMO = (("demo",),)


def main() -> None:
    """Prepare and serve until Ctrl-C; in production without the demo's people and records."""
    try:
        app = create_app()
        demo = () if app.config["WARDBOOK_ENV"] == "production" else DEMO
        for words in (*PREPARE, *demo, ("serve",)):
            with app.app_context():  # One each, so that no step keeps the database session of another.
                app.cli.main(
                    list(words), "flask", standalone_mode=False, obj=ScriptInfo(create_app=lambda: app)
                )
    except (SettingsError, click.ClickException) as error:
        sys.exit(str(error))
    except (KeyboardInterrupt, click.Abort):
        sys.exit(130)


if __name__ == "__main__":
    main()
