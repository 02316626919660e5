"""`flask notices …`: what the mail server has to say of our messages."""

import sys

import click
from flask.cli import AppGroup
from sqlalchemy.exc import SQLAlchemyError

from webapp.services import bounces

notices = AppGroup("notices", help="Messages to people.")

# Far longer than any notification with the message that it returns.
MOST_BYTES = 2_000_000
# By sysexits.h: mail servers keep the message and try again later.
TRY_AGAIN = 75


@notices.command("bounced")
def bounced() -> None:
    """Read one message from standard input; if it says that one of ours came back for good, note that."""
    try:
        is_ours = bounces.read(sys.stdin.buffer.read(MOST_BYTES))
    except SQLAlchemyError:
        click.echo("The database does not answer. Try again later.", err=True)
        sys.exit(TRY_AGAIN)
    click.echo("A message of ours came back." if is_ours else "Nothing of ours came back for good.")
