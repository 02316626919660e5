"""`flask demo`: people and a believable year of records for trying Wardbook out."""

import click
from flask import current_app

from webapp.services import demo as service


@click.command("demo")
def demo() -> None:
    """Make the demo's people and records, once; print how to sign in."""
    if current_app.config["WARDBOOK_ENV"] == "production":
        raise click.ClickException("The demo is not for production: its password is known to everybody.")
    people = service.make_people()
    made = service.make_year()
    click.echo(f"{made} demo records were made." if made else "The demo records are there already.")
    click.echo(f"Demo sign-ins, all with the password “{service.PASSWORD}”:")
    for person in people:
        click.echo(f"  {person.email:<22} {', '.join(person.roles)}")
