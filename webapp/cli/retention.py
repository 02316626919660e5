"""`flask retention`: forgets what is due, and says what it was by count."""

import click
from flask.cli import with_appcontext

from webapp.rules.plate_retention import REASONS
from webapp.services import plate_retention


@click.command("retention")
@click.option("--dry-run", is_flag=True, help="Only say what would be forgotten.")
@with_appcontext
def retention(dry_run: bool) -> None:
    """Forget registrations whose time has come, and destroy the keys of months that are due."""
    report = plate_retention.would_forget() if dry_run else plate_retention.run()
    would = "would be " if dry_run else ""
    for why, count in report.found.items():
        click.echo(f"{REASONS[why]}: {count} {would}forgotten")
    for month in report.months:
        click.echo(f"The key of {month} {'would be' if dry_run else 'is'} destroyed")
    if not report.found and not report.months:
        click.echo("Nothing is due.")
    if not report.is_scrubbed:
        click.echo("Somebody still reads what was deleted. The worker tries again in a minute.", err=True)
