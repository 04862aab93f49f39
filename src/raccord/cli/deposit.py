"""`raccord deposit`: files in, deposits out; `--wait` stays until Chorus Pro has said yes or no."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from raccord.cli.exits import Exit
from raccord.cli.house import ACTOR, as_json, opened, print_json, told_fault

if TYPE_CHECKING:
    from raccord.domain.deposit import Deposit
    from raccord.engine.gateway import Gateway


@dataclass
class Line:
    """What became of one file."""

    file: str
    deposit: "Deposit | None" = None
    replayed: bool = False
    refusal: str = ""
    code: str = ""


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--connection", default="", help="Connexion, par son nom ; sinon, celle qui sert le fournisseur.")
@click.option("--wait", is_flag=True, help="Attendre la réponse de Chorus Pro.")
@click.option(
    "--timeout", type=click.FloatRange(min=1), default=120.0, show_default=True, help="Attente au plus, en secondes."
)
@click.option("--urgent", is_flag=True, help="Avant les autres, tout de suite.")
@click.option(
    "--not-before", type=click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d"]), metavar="DATE",
    help="Pas avant cette heure de Paris : AAAA-MM-JJ, ou AAAA-MM-JJTHH:MM.",
)  # fmt: skip
@click.option(
    "--road", type=click.Choice(["facturx", "fields"]), default="facturx", show_default=True,
    help="Pour des données JSON : facture Factur-X faite ici, ou saisie dans Chorus Pro avec le PDF.",
)  # fmt: skip
@click.option("--corrects", default="", help="Dépôt que celui-ci remplace.")
@click.option("--key", default="", help="Clé d’idempotence, une facture à la fois : la même clé redonne le même dépôt.")
@as_json
def deposit(files: tuple[Path, ...], connection: str, wait: bool, timeout: float, as_json: bool, **wishes: Any) -> int:
    """Déposer FILES (Factur-X, CII, UBL, ou données JSON) sur Chorus Pro.

    F1.json accompagne F1.pdf quand les deux sont donnés : c’est alors une seule facture.

    Sans --wait, la commande rend la main dès que les factures sont enregistrées ; le moteur (raccord serve) les envoie.
    """
    if wishes["key"] and len(paired(files)) > 1:
        raise click.UsageError("--key ne vaut que pour une facture : donnez un fichier à la fois")
    with opened(working=wait, if_alone=True) as gateway:
        lines = _deposited(gateway, files, connection, _wishes(**wishes), quiet=as_json)
        if wait:
            _wait(gateway, lines, timeout)
    if as_json:
        print_json([_document(line) for line in lines])
    else:
        for line in lines:
            _tell(line)
    return _exit(lines, waited=wait)


def _wishes(*, urgent: bool, not_before: datetime | None, road: str, corrects: str, key: str) -> dict[str, Any]:
    """The options of a deposit, as `NewDeposit` wants them."""
    from raccord.domain.clock import PARIS
    from raccord.domain.deposit import Road

    hour = not_before.replace(tzinfo=PARIS) if not_before else None
    return {
        "urgent": urgent, "not_before": hour, "road": Road(road), "corrects": corrects, "idempotency_key": key,
    }  # fmt: skip


def paired(files: Iterable[Path]) -> list[tuple[Path, Path | None]]:
    """Each file with its data: F1.json given with F1.pdf, in the same folder, are one invoice."""
    given = list(files)
    pages = {file.with_suffix("") for file in given if file.suffix.lower() == ".pdf"}
    data = {file.with_suffix(""): file for file in given if file.suffix.lower() == ".json"}
    return [
        (file, data.get(file.with_suffix("")) if file.suffix.lower() == ".pdf" else None)
        for file in given
        if not (file.suffix.lower() == ".json" and file.with_suffix("") in pages)
    ]


def _deposited(
    gateway: "Gateway", files: Iterable[Path], wanted: str, wishes: dict[str, Any], *, quiet: bool
) -> list[Line]:
    everything = paired(files)
    chosen = gateway.connections.find(wanted).id if wanted else ""
    with click.progressbar(everything, label="Dépôt", hidden=quiet or len(everything) < 5) as bar:
        return [_one(gateway, chosen, file, data, wishes) for file, data in bar]


def _one(gateway: "Gateway", connection_id: str, file: Path, data: Path | None, wishes: dict[str, Any]) -> Line:
    from raccord.domain.deposit import NewDeposit
    from raccord.domain.errors import Conflict, Invalid
    from raccord.formats.sized import read_file

    try:
        terms = read_file(data) if data else b""
        accepted = gateway.outbox.accept(
            NewDeposit(connection_id, read_file(file), file.name, author=ACTOR, source="cli", terms=terms, **wishes)
        )
    except (Conflict, Invalid) as refusal:
        return Line(str(file), refusal=f"{refusal.sentence} {refusal.cure}".strip(), code=refusal.code)
    return Line(str(file), accepted.deposit, accepted.replayed)


def _wait(gateway: "Gateway", lines: list[Line], timeout: float) -> None:
    """Look again until every deposit has its answer, or the time is over."""
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        for line in lines:
            if line.deposit is not None and not _answered(line.deposit):
                line.deposit = gateway.outbox.get(line.deposit.id)
        if all(line.deposit is None or _answered(line.deposit) for line in lines):
            return
        time.sleep(0.25)


def _answered(deposit: "Deposit") -> bool:
    from raccord.domain.deposit import DepositState as State

    return deposit.state in (State.INTEGRATED, State.REFUSED, State.FAULTY, State.CANCELLED, State.TO_DECIDE)


def _document(line: Line) -> dict[str, object]:
    if line.deposit is None:
        return {"file": line.file, "state": "rejected", "code": line.code, "sentence": line.refusal}
    shown = line.deposit
    return {
        "file": line.file, "id": shown.id, "state": shown.state.value, "number": shown.number,
        "replayed": line.replayed, "numero_flux": shown.numero_flux, "platform_status": shown.platform_status,
        "faults": list(shown.faults),
    }  # fmt: skip


def _tell(line: Line) -> None:
    if line.deposit is None:
        click.echo(f"{line.file} : {line.refusal} [{line.code}]", err=True)
        return
    again = " (déjà déposée, non renvoyée)" if line.replayed else ""
    click.echo(f"{line.file} : {line.deposit.number or '?'} : {line.deposit.state.label}{again} ({line.deposit.id})")
    for fault in line.deposit.faults:
        click.echo(told_fault(fault))


def _exit(lines: list[Line], *, waited: bool) -> int:
    from raccord.domain.deposit import DepositState as State

    if any(line.deposit is None or line.deposit.state in (State.FAULTY, State.REFUSED) for line in lines):
        return Exit.REFUSED
    return Exit.NOT_YET if waited and any(line.deposit and not _answered(line.deposit) for line in lines) else Exit.OK
