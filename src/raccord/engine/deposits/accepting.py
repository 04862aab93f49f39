"""What an acceptance looks at before it keeps a deposit: is it known already, what does it replace, can it be read."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from raccord.checks import CheckReport
from raccord.domain.answers import KeptFile
from raccord.domain.clock import PARIS
from raccord.domain.deposit import BY_FIELDS, RECOVERED, Deposit, DepositState, NewDeposit
from raccord.domain.errors import Conflict, Invalid, NotAllowed
from raccord.domain.faults import has_errors
from raccord.domain.identifiers import Siren
from raccord.domain.invoice import Invoice
from raccord.domain.reach import Reach
from raccord.engine.deposits.checking import columns_of
from raccord.engine.deposits.entry import Given
from raccord.formats import Syntax
from raccord.store import deposits, entries


@dataclass(frozen=True)
class Known:
    """Our deposits as the checks ask them: the numbers held on one Chorus Pro."""

    conn: sa.Connection
    platform: str

    def already_deposited(self, supplier: Siren, year: int, number: str) -> str | None:
        """A phrase that names the deposit which holds this number, or None."""
        same = deposits.by_triple(self.conn, self.platform, str(supplier), year, number)
        return None if same is None else f"dépôt du {same.created_at.astimezone(PARIS):%d/%m/%Y}"


def note_origin(
    conn: sa.Connection, new: NewDeposit, row: dict[str, object], given: Given, files: tuple[KeptFile, ...]
) -> None:
    """Keep how the deposit was given, and which one it replaces: the one named, else the last refused of its number."""
    deposit_id = str(row["id"])
    if given.road is not None:
        entries.insert(conn, entries.Entry(deposit_id, given.road.value, given.digest, new.piece), files)
    former = new.corrects or entries.refused_before(
        conn, str(row["platform"]), str(row["supplier_siren"]), str(row["number"]), deposit_id
    )
    if former:
        entries.correct(conn, deposit_id, deposits.get(conn, former).id)


def existing(conn: sa.Connection, new: NewDeposit, row: dict[str, object], digest: str) -> Deposit | None:
    """The deposit made before by the same request, or by the same invoice. Raises `Conflict`."""
    sha256 = row["sha256"]

    def is_same(deposit: Deposit) -> bool:
        if deposit.sha256 == sha256 and deposit.syntaxe_flux != BY_FIELDS:  # there, the file is only the page
            return True
        if deposit.source == RECOVERED and _says_the_same(deposit, row):
            return True
        known = entries.find(conn, deposit.id)
        return known is not None and known.given == digest

    if new.idempotency_key:
        same_key = deposits.by_key(conn, new.connection_id, new.idempotency_key)
        if same_key is not None:
            if is_same(same_key):
                return same_key
            raise Conflict(
                "DEPOT_CLE_REUTILISEE",
                "Cette clé d’idempotence a déjà servi pour un autre fichier : rien n’a été déposé.",
                "Donnez une clé nouvelle à chaque facture, et la même clé à chaque reprise d’une même facture.",
            )
    if row["state"] == DepositState.FAULTY.value or not row["supplier_siren"]:
        return None
    year = row["issue_year"] if isinstance(row["issue_year"], int) else None
    same = deposits.by_triple(conn, str(row["platform"]), str(row["supplier_siren"]), year, str(row["number"]))
    if same is None or is_same(same):
        return same
    raise number_consumed(same) if same.platform_status == "REJETEE" else number_taken(same.number)


def _says_the_same(deposit: Deposit, row: dict[str, object]) -> bool:
    """Whether what is given says what a deposit taken back from Chorus Pro says: data drawn again differ in bytes."""
    names = ("number", "issue_date", "supplier_siret", "recipient_siret", "currency", "amount_total", "amount_due")
    return all(getattr(deposit, name) == row[name] for name in names)


def number_consumed(rejected: Deposit) -> Conflict:
    """A number that the recipient rejected: Chorus Pro never takes it again (`specifications/flux.md §7`)."""
    return Conflict(
        "DEPOT_NUMERO_CONSOMME",
        f"La facture n° {rejected.number} a été rejetée par son destinataire : Chorus Pro n’accepte plus ce numéro.",
        "Annulez-la dans votre comptabilité, puis déposez une nouvelle facture avec un nouveau numéro.",
    )


def number_taken(number: object) -> Conflict:
    """The same supplier, year and number with other contents; `number` is shown as it was read."""
    return Conflict(
        "DEPOT_NUMERO_DEJA_UTILISE",
        f"La facture n° {number} de ce fournisseur a déjà été déposée cette année avec un autre contenu : "
        "Chorus Pro la rejetterait comme doublon.",
        "Donnez un nouveau numéro à cette facture, ou ouvrez le dépôt existant.",
    )


def reconcile_first(backup: datetime) -> Conflict:
    """Sending may not resume on the strength of a backup alone: what it believes waiting may have left since."""
    return Conflict(
        "RAPPROCHEMENT_A_FAIRE",
        f"Raccord a été restauré d’une sauvegarde du {backup.astimezone(PARIS):%d/%m/%Y} : des factures ont pu partir "
        "depuis.",
        "Faites d’abord le rapprochement avec Chorus Pro (page de la connexion, ou raccord reconcile --apply).",
    )


def not_again(sentence: str) -> Conflict:
    """A deposit that cannot be sent again as it is; `sentence` says why."""
    return Conflict(
        "DEPOT_NON_RENVOYABLE", sentence, "Corrigez la facture dans votre logiciel, puis déposez le nouveau fichier."
    )


def unreadable(checked: CheckReport | None) -> Invalid:
    """A file that is no invoice we can read: the first error of the checks, else what may be deposited."""
    if checked is not None and checked.syntax is Syntax.PDF and not has_errors(checked.faults):
        return plain_pdf()
    first = next((fault for fault in checked.faults if fault.is_error), None) if checked else None
    if first is not None:
        return Invalid("FICHIER_ILLISIBLE", first.sentence, first.cure)
    return Invalid(
        "FICHIER_ILLISIBLE",
        "Ce fichier n’est pas une facture que Chorus Pro sait lire : rien n’a été déposé.",
        "Déposez une facture Factur-X (PDF), CII ou UBL (XML), ou un PDF accompagné de ses données.",
    )


def refuse_out_of_reach(reach: Reach, invoice: Invoice) -> None:
    """Raises `NotAllowed` (`DEPOT_HORS_PERIMETRE`) when the supplier is not one of those that may be seen here."""
    if reach.everything or reach.covers(columns_of(invoice)["supplier_siret"]):
        return
    raise NotAllowed(
        "DEPOT_HORS_PERIMETRE",
        "Le fournisseur de cette facture n’est pas dans votre périmètre : rien n’a été déposé.",
        "Vérifiez le SIRET du fournisseur dans la facture, ou demandez à un Superviseur d’étendre votre périmètre.",
    )


def plain_pdf() -> Invalid:
    """A PDF without data: it can be deposited, once somebody has typed or joined them."""
    return Invalid(
        "FICHIER_PDF_SANS_DONNEES",
        "Ce PDF ne contient pas les données de la facture : Chorus Pro ne saurait pas à qui la remettre.",
        "Complétez ses données dans Dépôts > Saisir les données d’un PDF, joignez un fichier JSON, "
        "ou exportez une facture Factur-X depuis votre logiciel.",
    )
