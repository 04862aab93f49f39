"""`raccord check`: the checks of a deposit, without a deposit."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from raccord.cli.exits import Exit
from raccord.cli.house import as_json, opened, print_json, told_fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from raccord.checks import CheckReport
    from raccord.domain.faults import Fault
    from raccord.settings import Settings


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--connection", default="", help="Connexion dont l’annuaire et les numéros déjà utilisés comptent.")
@as_json
def check(files: tuple[Path, ...], connection: str, as_json: bool) -> int:
    """Contrôler FILES sans rien envoyer ni rien garder.

    Là où Raccord a déjà ses données, l’annuaire et les numéros déjà déposés comptent, comme pour un dépôt.
    """
    from raccord.domain.faults import has_errors

    reports = _reports(files, connection)
    if as_json:
        print_json(
            [
                {"file": str(file), "sendable": not has_errors(faults), "faults": list(faults)}
                for file, faults in reports
            ]
        )
    else:
        for file, faults in reports:
            verdict = "à corriger" if has_errors(faults) else "peut partir"
            click.echo(click.style(f"{file} : {verdict}", fg="red" if has_errors(faults) else "green", bold=True))
            for fault in faults:
                click.echo(told_fault(fault))
    return Exit.REFUSED if any(has_errors(faults) for _, faults in reports) else Exit.OK


def _reports(files: tuple[Path, ...], wanted: str) -> "list[tuple[Path, tuple[Fault, ...]]]":
    """The faults of each file: those that a deposit would have here, or those of the file alone in an empty house."""
    from raccord.cli.deposit import paired
    from raccord.domain.clock import system_clock
    from raccord.domain.deposit import NewDeposit
    from raccord.settings import load_settings
    from raccord.wiring import deposit_checker, official_rules

    settings = load_settings()
    if not wanted and _is_empty(settings):
        examine = deposit_checker(system_clock, official=official_rules(settings))
        return [(file, _faults(examine, file)) for file in files]
    with opened(settings) as gateway:
        through = gateway.connections.find(wanted).id if wanted else ""

        def as_deposit(data: bytes, name: str, terms: bytes = b"") -> "CheckReport":
            return gateway.outbox.examine(NewDeposit(through, data, name, terms=terms))

        return [(file, _faults(as_deposit, file, data)) for file, data in paired(files)]


def _faults(examine: "Callable[..., CheckReport]", file: Path, data: Path | None = None) -> "tuple[Fault, ...]":
    """The faults of one file; one that cannot be read has that fault, and keeps none of the others back."""
    from raccord.domain.errors import Invalid
    from raccord.domain.faults import of_refusal
    from raccord.formats.sized import read_file

    try:
        terms = (read_file(data),) if data else ()
        return examine(read_file(file), file.name, *terms).faults
    except Invalid as refusal:
        return (of_refusal(refusal),)


def _is_empty(settings: "Settings") -> bool:
    """Whether this house has no database yet: a check creates none."""
    place = settings.database_url.removeprefix("sqlite:///")
    return place != settings.database_url and not Path(place).exists()
