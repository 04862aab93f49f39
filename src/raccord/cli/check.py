"""`raccord check`: the checks of a deposit, without a deposit."""

from pathlib import Path

import click

from raccord.cli.exits import Exit
from raccord.cli.house import as_json, print_json


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_json
def check(files: tuple[Path, ...], as_json: bool) -> int:
    """Contrôler FILES sans rien envoyer ni rien garder."""
    from raccord.domain.clock import system_clock
    from raccord.domain.faults import has_errors
    from raccord.wiring import deposit_checker

    examine = deposit_checker(system_clock)
    reports = [(file, examine(file.read_bytes(), file.name).faults) for file in files]
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
                click.echo(f"  {fault.severity.label} {fault.code} : {fault.sentence} {fault.cure}".rstrip())
    return Exit.REFUSED if any(has_errors(faults) for _, faults in reports) else Exit.OK
