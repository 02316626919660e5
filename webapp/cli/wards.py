"""`flask wards …`: boundaries from a file or from the ONS service, and who moved after an import."""

from pathlib import Path

import click
from flask.cli import AppGroup
from tqdm import tqdm

from webapp.geo.boundaries import Boundaries, BoundaryError, read_boundaries
from webapp.geo.ons import ONS_WARDS_URL, fetch_boundaries
from webapp.services import wards as service

wards = AppGroup("wards", help="Ward boundaries.")


@wards.command("default")
def default() -> None:
    """Load the schematic wards when there are none yet."""
    click.echo("The schematic wards were loaded." if service.load_default() else "There are wards already.")


@wards.command("import")
@click.argument("file", type=click.Path(exists=True, path_type=Path), required=False)
@click.option("--lad", help="The district's code, such as E07000111.")
@click.option(
    "--service",
    "service_url",
    default=ONS_WARDS_URL,
    show_default=True,
    help="The feature service asked with --lad.",
)
def import_(file: Path | None, lad: str | None, service_url: str) -> None:
    """Import boundaries from FILE (GeoJSON, GeoPackage, zipped shapefile), or with --lad from the ONS service."""
    if file is None and lad is None:
        raise click.UsageError("Give a FILE, or --lad with a district's code such as E07000111.")
    try:
        read = read_boundaries(file, lad) if file else _fetch(str(lad), service_url)
    except BoundaryError as error:
        raise click.ClickException(str(error)) from error
    for line in read.lines():
        click.echo(line)
    service.import_set(read)
    click.echo("These wards are now in use. Type `flask --app webapp wards reassign` to move the records.")


def _fetch(lad: str, service_url: str) -> Boundaries:
    with tqdm(unit=" wards", desc="Fetching", leave=False) as bar:

        def progress(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        return fetch_boundaries(lad, service_url=service_url, progress=progress)


@wards.command("list")
def list_() -> None:
    """List the boundary sets, the one in use marked, and its wards."""
    for kept in service.all_sets():
        click.echo(f"{'*' if kept.is_in_use else ' '} {kept.vintage or 'no year'}  {kept.name}")
    for code, name in service.in_use().names.items():
        click.echo(f"    {code}  {name}")


@wards.command("reassign")
def reassign() -> None:
    """Give every record and observation the ward that its place is in now, and print what moved and what stays."""
    names, count = service.in_use().names, 0
    for moved in service.reassign():
        count += 1
        before, after = (names.get(code or "", code or "no ward") for code in (moved.before, moved.after))
        click.echo(f"{moved.reference}: {before} → {after}")
    click.echo(f"{count} moved.")
    for reference, code in service.left_behind():
        click.echo(f"{reference} has no point and is in {code}, which is no ward any more: choose its ward.")
