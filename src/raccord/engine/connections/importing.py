"""Many technical accounts at once, from a CSV: first a dry run that says what each line would do, then the import.

Columns `nom;identifiant;mot_de_passe;date_expiration` (the last may be empty, JJ/MM/AAAA), a header line, UTF-8,
UTF-16 or Windows-1252, separated by semicolons, tabs or commas. A new name becomes a connection that shares the PISTE
application of a model connection. Imported passwords are candidates: the watch tests them
one after the other, nothing is replaced before it works.
"""

import codecs
import csv
import io
from datetime import datetime

from raccord.domain.clock import PARIS
from raccord.domain.connection import Connection
from raccord.domain.errors import Invalid, RaccordError
from raccord.domain.requests import AccountLine, ImportLine, ImportOutcome, ImportReport, NewConnection
from raccord.domain.secrets import Secret
from raccord.engine.connections import candidates
from raccord.engine.connections.candidates import Candidate
from raccord.engine.connections.registry import Registry
from raccord.store import connections as table
from raccord.vault import inspect_password

_COLUMNS = ("nom", "identifiant", "mot_de_passe")
_MOST_LINES = 50_000
_YEARS = (2000, 2100)


class Importing(Registry):
    """Accounts by the hundred."""

    def import_accounts(self, data: bytes, actor: str, like: str = "", dry_run: bool = True) -> ImportReport:
        """Import technical accounts. `like`: the connection whose environment and PISTE application the new ones share.

        Raises `Invalid` IMPORT_ILLISIBLE when the file has not these columns.
        """
        known = {one.label: one for one in self.all()}
        model = self.find(like) if like else None
        seen: set[str] = set()
        lines: list[ImportLine] = []
        for account in read_accounts(data):
            line = _judge(account, known, model, seen)
            seen.add(account.label)
            if not dry_run and line.outcome is not ImportOutcome.REFUSED:
                line = self._take(account, line, known.get(account.label), model, actor)
            lines.append(line)
        return ImportReport(tuple(lines), dry_run)

    def application_of(self, connection_id: str) -> tuple[str, Secret | None]:
        """The PISTE application of a connection, for another one to share. Raises `NotFound`."""
        place, secret = f"connection/{connection_id}/client_secret", None
        if self._vault.exists(place):
            with self._vault.open(place) as kept:
                secret = Secret(kept.reveal())
        return self.get(connection_id).client_id, secret

    def _take(
        self, account: AccountLine, line: ImportLine, known: Connection | None, model: Connection | None, actor: str
    ) -> ImportLine:
        try:
            target = known or self._create_like(account.label, model, actor)
            self._keep_for_the_watch(target, account, actor)
        except RaccordError as error:
            return ImportLine(line.number, line.label, line.login, ImportOutcome.REFUSED, error.sentence)
        return line

    def _create_like(self, label: str, model: Connection | None, actor: str) -> Connection:
        assert model is not None
        client_id, secret = self.application_of(model.id)
        return self.create(
            NewConnection(
                label=label,
                environment=model.environment,
                model=model.model,
                addresses=model.addresses,
                client_id=client_id,
                client_secret=secret,
                network=model.network,
            ),
            actor,
        )

    def _keep_for_the_watch(self, target: Connection, account: AccountLine, actor: str) -> None:
        now = self._clock()
        candidate = Candidate(account.login, account.password, now, actor, account.expires_at)
        with self._store.begin() as conn:
            candidates.keep(conn, self._vault, target.id, candidate)
            table.update(conn, target.id, now=now, retry_at=now)
            self._note(conn, target.id, "connection.candidate_entered", actor, login=account.login, source="import")


def read_accounts(data: bytes) -> list[AccountLine]:
    """Read the lines of an import; a faulty line carries its fault. Raises `Invalid` IMPORT_ILLISIBLE."""
    rows = _rows(_text(data))
    header = [name.strip().lower().replace(" ", "_") for name in rows[0]] if rows else []
    if not set(_COLUMNS) <= set(header):
        raise Invalid(
            "IMPORT_ILLISIBLE",
            "Ce fichier n’a pas les colonnes attendues : nom, identifiant, mot_de_passe, date_expiration.",
            "Ajoutez cette première ligne, séparée par des points-virgules.",
        )
    places = {name: header.index(name) for name in header}
    accounts = [_account(number, row, places) for number, row in enumerate(rows[1:], start=2) if any(row)]
    if not 0 < len(accounts) <= _MOST_LINES:
        sentence = f"Ce fichier contient {len(accounts)} comptes : il en faut de 1 à {_MOST_LINES}."
        raise Invalid("IMPORT_ILLISIBLE", sentence, "Complétez-le, ou partagez-le en plusieurs.")
    return accounts


def _rows(text: str) -> list[list[str]]:
    """The cells of each line. Strict: a password that begins with a quotation mark would swallow the lines below."""
    first = text.partition("\n")[0]
    separator = max((";", "\t", ","), key=first.count)
    rows: list[list[str]] = []
    try:
        rows.extend(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        raise Invalid(
            "IMPORT_ILLISIBLE",
            f"La case qui commence à la ligne {len(rows) + 1} n’est pas lisible : un guillemet l’ouvre sans la fermer, "
            "ou elle est démesurée.",
            "Une case qui contient un guillemet s’entoure de guillemets, et les siens se doublent.",
        ) from error
    return rows


def _account(number: int, row: list[str], places: dict[str, int]) -> AccountLine:
    def cell(name: str) -> str:
        place = places.get(name, len(row))
        return row[place] if place < len(row) else ""

    fault, expires_at = "", None
    try:
        expires_at = _day(cell("date_expiration").strip())
    except ValueError:
        fault = "La date d’expiration s’écrit JJ/MM/AAAA."
    login = cell("identifiant").strip()
    if not login or not cell("mot_de_passe"):
        fault = "L’identifiant ou le mot de passe manque."
    return AccountLine(number, cell("nom").strip() or login, login, Secret(cell("mot_de_passe")), expires_at, fault)


def _day(text: str) -> datetime | None:
    if not text:
        return None
    shape = "%d/%m/%Y %H:%M:%S" if ":" in text else "%d/%m/%Y"
    told = datetime.strptime(text, shape).replace(tzinfo=PARIS)
    if not _YEARS[0] <= told.year <= _YEARS[1]:
        raise ValueError(text)
    return told


def _judge(account: AccountLine, known: dict[str, Connection], model: Connection | None, seen: set[str]) -> ImportLine:
    def line(outcome: ImportOutcome, sentence: str) -> ImportLine:
        odd = [remark.sentence for remark in inspect_password(account.password.reveal())] if not account.fault else []
        return ImportLine(account.number, account.label, account.login, outcome, " ".join([sentence, *odd]))

    if account.fault:
        return line(ImportOutcome.REFUSED, account.fault)
    if account.label in seen:
        return line(ImportOutcome.REFUSED, f"« {account.label} » figure déjà plus haut dans le fichier.")
    if account.label in known:
        return line(ImportOutcome.UPDATED, "Le nouveau mot de passe remplacera l’ancien s’il fonctionne.")
    if model is None:
        return line(ImportOutcome.REFUSED, "Connexion inconnue : indiquez la connexion à prendre pour modèle.")
    return line(ImportOutcome.CREATED, f"Nouvelle connexion, sur le modèle de « {model.label} ».")


def _text(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")  # « Texte Unicode » of a spreadsheet
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")
