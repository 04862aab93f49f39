"""`raccord export`: deposits, receptions or accounting entries as CSV or XLSX."""

from datetime import datetime
from pathlib import Path

import click

from raccord.cli.exits import Exit
from raccord.cli.house import as_json, opened, print_json


@click.command()
@click.argument("subject", type=click.Choice(["depots", "receptions", "ecritures"]))
@click.option("--format", "form", type=click.Choice(["csv", "xlsx"]), default="csv", show_default=True, help="Format.")
@click.option("--to", "target", type=click.Path(path_type=Path), help="Fichier ou dossier à écrire ; ici par défaut.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="À partir de ce jour.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Jusqu’à ce jour.")
@click.option("--connection", default="", help="Nom ou identifiant de la connexion ; toutes par défaut.")
@click.option(
    "--decimal", type=click.Choice(["virgule", "point"]), default="virgule", show_default=True, help="CSV : décimales."
)
@click.option("--journal", help="Écritures : code du journal ; celui choisi dans Raccord par défaut.")
@click.option("--expense", help="Écritures : compte de charge.")
@click.option("--vat", help="Écritures : compte de TVA ; vide : sans TVA.")
@click.option("--supplier", help="Écritures : compte du fournisseur ; peut contenir {siren} ou {siret}.")
@as_json
def export(
    *, subject: str, form: str, target: Path | None, since: datetime | None, until: datetime | None, connection: str,
    decimal: str, journal: str | None, expense: str | None, vat: str | None, supplier: str | None, as_json: bool,
) -> int:  # fmt: skip
    """Écrire les factures ou leurs écritures dans un fichier pour tableur."""
    from raccord.engine.exporting import ExportQuery

    with opened() as gateway:
        wanted = gateway.connections.find(connection).id if connection else ""
        days = (since.date() if since else None, until.date() if until else None)
        asked = {"journal": journal, "expense": expense, "vat": vat, "supplier": supplier}
        accounts = {name: code for name, code in asked.items() if code is not None}
        query = ExportQuery(subject, form, *days, wanted, decimal=decimal, accounts=accounts)
        made = gateway.exports.make(query)
        path = _path(target, made.name)
        with path.open("wb") as file:
            file.writelines(made.pieces)
    print_json({"file": str(path), "bytes": path.stat().st_size}) if as_json else click.echo(f"Écrit : {path}")
    return Exit.OK


def _path(target: Path | None, name: str) -> Path:
    if target is None:
        return Path(name)
    return target / name if target.is_dir() else target
