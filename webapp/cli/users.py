"""`flask users …`: making, inviting and listing the people with an account."""

import sys
from collections.abc import Callable

import click
from flask.cli import AppGroup

from webapp.rules.errors import Refused
from webapp.rules.roles import Person, Role
from webapp.services import accounts

users = AppGroup("users", help="People with an account.")

ROLE = click.Choice([role.value for role in Role])
# Whoever can type commands on the machine can do what administrators can.
AT_THE_MACHINE = Person(id=0, roles=(Role.ADMIN.value,))


def _about_a_person(command: Callable[..., None]) -> Callable[..., None]:
    for option in (
        click.option("--agency", help="Whose records a partner sees, such as kcc_highways."),
        click.option("--name", default="", help="The person's name."),
        click.option("--role", "roles", type=ROLE, multiple=True, help="May be given more than once."),
        click.argument("email"),
    ):
        command = option(command)
    return command


@users.command("create")
@_about_a_person
@click.option("--password-stdin", is_flag=True, required=True, help="Read the password from standard input.")
def create(email: str, roles: tuple[str, ...], name: str, agency: str | None, password_stdin: bool) -> None:
    """Make an account that can sign in at once; the password comes from standard input, never from the line typed."""
    password = sys.stdin.readline().rstrip("\r\n")
    _do(lambda: accounts.create(email, name, roles, agency, password))
    click.echo(f"{accounts.address(email)} can sign in now.")


@users.command("invite")
@_about_a_person
def invite(email: str, roles: tuple[str, ...], name: str, agency: str | None) -> None:
    """Send somebody a link to set a password; it works for 7 days."""
    _do(lambda: accounts.invite(email, name, roles, agency, by=None))
    click.echo(f"An invitation to {accounts.address(email)} goes out with the next round of the jobs worker.")


@users.command("list")
def list_() -> None:
    """List everybody: address, state, roles, agency."""
    for account in accounts.listed(AT_THE_MACHINE):
        roles = ", ".join(account.roles) or "no role"
        click.echo(f"{account.email}  {account.state}  {roles}  {account.agency or '-'}")


def _do(verb: Callable[[], object]) -> None:
    try:
        verb()
    except Refused as refused:
        raise click.ClickException(str(refused)) from refused
