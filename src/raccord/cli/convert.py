"""`raccord convert`: an invoice in another format, and what did not pass."""

from pathlib import Path

import click

from raccord.cli.exits import Exit
from raccord.cli.house import as_json, print_json

_TARGETS = {"facturx": "FACTURX", "cii": "CII", "ubl": "UBL_INVOICE", "json": "JSON"}


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--to", "target", type=click.Choice(list(_TARGETS)), required=True, help="Le format voulu.")
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help="Le fichier à écrire ; à côté du premier sinon."
)
@as_json
def convert(*, file: Path, target: str, output: Path | None, as_json: bool) -> int:
    """Écrire la facture FILE (Factur-X, CII, UBL, JSON) dans un autre format, et nommer ce qui n’y a pas de place.

    Rien n’est envoyé. Un fichier qui existe déjà n’est pas remplacé, à moins de le nommer avec --output.
    """
    from raccord.domain.errors import Conflict
    from raccord.engine.deposits.converting import converted
    from raccord.formats import Syntax
    from raccord.formats.sized import read_file

    made = converted(read_file(file), file.name, Syntax[_TARGETS[target]])
    place = output or file.with_name(made.filename)
    if output is None and place.exists():
        raise Conflict("FICHIER_EXISTANT", f"« {place} » existe déjà.", "Nommez le fichier à écrire avec --output.")
    place.write_bytes(made.data)
    if as_json:
        losses = [{"path": one.path, "term": one.term, "before": one.before, "after": one.after} for one in made.losses]
        print_json({"file": str(place), "losses": losses})
        return Exit.OK
    click.echo(f"{place} : écrit, {len(made.losses)} donnée(s) sans place dans ce format.")
    for one in made.losses:
        click.echo(f"  {one.sentence}")
    return Exit.OK
