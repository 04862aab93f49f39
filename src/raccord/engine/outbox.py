"""The outbox: what faces and persons ask of deposits. Sending itself is in `drain.py`, doubt in `doubt.py`.

`accept`: 1 check; 2 keep the bytes; 3 in one transaction: the row, its first event, the job that will send it.
"""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from raccord.checks import CheckReport
from raccord.domain.connection import Connection
from raccord.domain.deposit import Accepted, Deposit, DepositState, NewDeposit
from raccord.domain.errors import Conflict, Invalid
from raccord.domain.faults import has_errors
from raccord.domain.journal import Event
from raccord.engine.checking import Checker, columns_of
from raccord.engine.ground import Ground
from raccord.engine.names import DRAIN
from raccord.engine.sweep import wake_everything
from raccord.store import connections, deposits, journal, search_index
from raccord.store.deposits import DepositQuery
from raccord.store.pages import Page


class Outbox:
    """Accepts deposits and answers about them."""

    def __init__(self, ground: Ground, checker: Checker) -> None:
        self._ground, self._check = ground, checker

    def accept(self, new: NewDeposit) -> Accepted:
        """Take an invoice in charge; the same key or the same triple gives back the same deposit.

        Raises `Invalid` (`FICHIER_ILLISIBLE`), `Conflict` (`DEPOT_CLE_REUTILISEE`, `DEPOT_NUMERO_DEJA_UTILISE`),
        `NotFound` (`CONNEXION_INCONNUE`), `Unavailable` (disk, database): then nothing is kept.
        """
        store = self._ground.store
        with store.read() as conn:
            connection = connections.get(conn, new.connection_id)
        checked = self._check(new.data, new.filename, new.connection_id)
        if checked.invoice is None or not checked.syntaxe_flux:
            raise _unreadable(checked)
        sha256 = self._ground.archive.put(new.data)
        row = self._row(new, connection, checked, sha256)
        for _ in range(3):  # another request may take the same key or number between the look and the insertion
            try:
                with store.begin() as conn:
                    existing = _existing(conn, new, row)
                    if existing is not None:
                        return Accepted(existing, replayed=True)
                    words = search_index.of_invoice(checked.invoice)
                    search_index.put(conn, search_index.DEPOSIT, str(row["id"]), words)
                    return Accepted(self._keep(conn, new, row), replayed=False)
            except sa.exc.IntegrityError:
                continue
        raise _number_taken(row["number"])

    def check(self, data: bytes, filename: str) -> CheckReport:
        """What `accept` would find in these bytes; nothing is kept, nothing is sent."""
        return self._check(data, filename)

    def _row(self, new: NewDeposit, connection: Connection, checked: CheckReport, sha256: str) -> dict[str, object]:
        assert checked.invoice is not None
        now = self._ground.clock()
        state = DepositState.FAULTY if has_errors(checked.faults) else DepositState.READY
        return {
            "id": self._ground.new_id(),
            "connection_id": new.connection_id,
            "state": state.value,
            "filename": new.filename[:200],
            "syntaxe_flux": checked.syntaxe_flux,
            "sha256": sha256,
            "size": len(new.data),
            **columns_of(checked.invoice),
            "faults": deposits.faults_as_json(checked.faults),
            "rule_sets": [list(pair) for pair in checked.rule_sets],
            "idempotency_key": new.idempotency_key[:200],
            "platform": connection.addresses.api_url,
            "urgent": new.urgent,
            "not_before": new.not_before,
            "followed": False,
            "author": new.author[:120],
            "source": new.source[:20],
            "created_at": now,
            "updated_at": now,
        }

    def _keep(self, conn: sa.Connection, new: NewDeposit, row: dict[str, object]) -> Deposit:
        deposits.insert(conn, row)
        faulty = row["state"] == DepositState.FAULTY.value
        kind = "deposit.faulty" if faulty else "deposit.accepted"
        facts = {name: row[name] for name in ("number", "sha256", "filename", "source")}
        journal.append(conn, self._ground.event(f"deposit/{row['id']}", kind, new.author or "raccord", **facts))
        if not faulty:
            self.wake(conn, new.connection_id, urgent=new.urgent)
        return deposits.get(conn, str(row["id"]))

    def wake(self, conn: sa.Connection, connection_id: str, *, urgent: bool = False) -> None:
        """Have the outbox of a connection emptied soon, in the caller's transaction."""
        delay = 0.0 if urgent else self._ground.options.group_delay_s
        self._ground.jobs.schedule(conn, DRAIN, connection_id, {"connection_id": connection_id}, delay=delay)

    def get(self, deposit_id: str) -> Deposit:
        """A deposit as it stands. Raises `NotFound` (`DEPOT_INCONNU`)."""
        with self._ground.store.read() as conn:
            return deposits.get(conn, deposit_id)

    def search(self, query: DepositQuery, after: str = "", limit: int = 50) -> Page[Deposit]:
        """The deposits that answer to a query, newest first."""
        with self._ground.store.read() as conn:
            return deposits.search(conn, query, after, limit)

    def count(self, connection_id: str = "") -> Mapping[DepositState, int]:
        """How many deposits stand in each state."""
        with self._ground.store.read() as conn:
            return deposits.count(conn, connection_id)

    def original(self, deposit_id: str) -> bytes:
        """The bytes as they were given, verified."""
        return self._ground.archive.get(self.get(deposit_id).sha256)

    def events(self, deposit_id: str) -> tuple[Event, ...]:
        """The life of a deposit, oldest first."""
        with self._ground.store.read() as conn:
            return journal.read(conn, f"deposit/{deposit_id}", limit=1000)

    def cancel(self, deposit_id: str, actor: str) -> Deposit:
        """Keep a deposit from leaving. Raises `Conflict` (`DEPOT_NON_ANNULABLE`) once it may have left."""
        for state in (DepositState.READY, DepositState.TO_DECIDE):
            if self._move(deposit_id, state, DepositState.CANCELLED, actor, "deposit.cancelled"):
                return self.get(deposit_id)
        raise Conflict(
            "DEPOT_NON_ANNULABLE",
            f"Ce dépôt ne peut plus être annulé : {self.get(deposit_id).state.label.lower()}.",
            "Si la facture est arrivée à tort chez le destinataire, demandez-lui de la rejeter.",
        )

    def resubmit(self, deposit_id: str, actor: str) -> Deposit:
        """Check the same bytes again and queue them. Raises `Conflict` (`DEPOT_NON_RENVOYABLE`) or `Invalid`."""
        deposit = self.get(deposit_id)
        if deposit.state not in (DepositState.REFUSED, DepositState.FAULTY):
            raise _not_again(f"Ce dépôt n’a pas à être renvoyé : {deposit.state.label.lower()}.")
        checked = self._check(self.original(deposit_id), deposit.filename, deposit.connection_id)
        if checked.invoice is None or has_errors(checked.faults):
            raise _not_again("Ce fichier a toujours des erreurs : Chorus Pro le refuserait.")
        faults = deposits.faults_as_json(checked.faults)
        blank: dict[str, Any] = {"numero_flux": "", "flux_id": None, "faults": faults}
        try:
            self._move(deposit_id, deposit.state, DepositState.READY, actor, "deposit.resubmitted", **blank)
        except sa.exc.IntegrityError as error:
            raise _number_taken(deposit.number) from error
        return self.get(deposit_id)

    def decide(self, deposit_id: str, sent: bool, actor: str) -> Deposit:
        """A person says whether a doubtful deposit had arrived. Raises `Conflict` (`DEPOT_NON_DOUTEUX`)."""
        target = DepositState.INTEGRATED if sent else DepositState.READY
        columns: dict[str, Any] = {"followed": True} if sent else {"flux_id": None}
        if not self._move(
            deposit_id, DepositState.TO_DECIDE, target, actor, "deposit.decided", facts={"sent": sent}, **columns
        ):
            raise Conflict(
                "DEPOT_NON_DOUTEUX",
                f"Il n’y a rien à décider pour ce dépôt : {self.get(deposit_id).state.label.lower()}.",
                "Rechargez la page pour voir où il en est.",
            )
        return self.get(deposit_id)

    def _move(
        self,
        deposit_id: str,
        current: DepositState,
        target: DepositState,
        actor: str,
        kind: str,
        *,
        facts: Mapping[str, object] | None = None,
        **columns: Any,
    ) -> bool:
        ground = self._ground
        with ground.store.begin() as conn:
            deposit = deposits.get(conn, deposit_id)
            if not deposits.move(conn, [deposit_id], current, target, now=ground.clock(), **columns):
                return False
            journal.append(conn, ground.event(f"deposit/{deposit_id}", kind, actor, **(facts or {})))
            if target is DepositState.READY:
                self.wake(conn, deposit.connection_id)
        return True

    def pause(self, connection_id: str, actor: str) -> None:
        """Hold the outbox of a connection back."""
        self._hold(connection_id, actor, paused=True)

    def resume(self, connection_id: str, actor: str) -> None:
        """Let the outbox of a connection go on."""
        self._hold(connection_id, actor, paused=False)

    def _hold(self, connection_id: str, actor: str, *, paused: bool) -> None:
        ground = self._ground
        kind = "connection.paused" if paused else "connection.resumed"
        with ground.store.begin() as conn:
            connections.get(conn, connection_id)
            connections.update(conn, connection_id, now=ground.clock(), paused=paused)
            journal.append(conn, ground.event(f"connection/{connection_id}", kind, actor))
            if not paused:
                self.wake(conn, connection_id, urgent=True)

    def release(self, connection_id: str) -> None:
        """The light is green again: close the breaker, let everything that waited start by itself."""
        with self._ground.store.begin() as conn:
            self._ground.breaker.close(conn, connection_id)
            wake_everything(conn, self._ground, connection_id)


def _existing(conn: sa.Connection, new: NewDeposit, row: dict[str, object]) -> Deposit | None:
    """The deposit made before by the same request, or by the same invoice. Raises `Conflict`."""
    sha256 = row["sha256"]
    if new.idempotency_key:
        same_key = deposits.by_key(conn, new.connection_id, new.idempotency_key)
        if same_key is not None:
            if same_key.sha256 == sha256:
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
    if same is None or same.sha256 == sha256:
        return same
    raise _number_taken(str(row["number"]))


def _number_taken(number: object) -> Conflict:
    return Conflict(
        "DEPOT_NUMERO_DEJA_UTILISE",
        f"La facture n° {number} de ce fournisseur a déjà été déposée cette année avec un autre contenu : "
        "Chorus Pro la rejetterait comme doublon.",
        "Donnez un nouveau numéro à cette facture, ou ouvrez le dépôt existant.",
    )


def _not_again(sentence: str) -> Conflict:
    return Conflict(
        "DEPOT_NON_RENVOYABLE", sentence, "Corrigez la facture dans votre logiciel, puis déposez le nouveau fichier."
    )


def _unreadable(checked: CheckReport) -> Invalid:
    first = next((fault for fault in checked.faults if fault.is_error), None)
    if first is not None:
        return Invalid("FICHIER_ILLISIBLE", first.sentence, first.cure)
    return Invalid(
        "FICHIER_ILLISIBLE",
        "Ce fichier n’est pas une facture que Chorus Pro sait lire : rien n’a été déposé.",
        "Déposez une facture Factur-X (PDF), CII ou UBL (XML).",
    )
