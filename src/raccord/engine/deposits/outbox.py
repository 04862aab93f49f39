"""The outbox: what faces and persons ask of deposits. Sending itself is in `drain.py`, doubt in `doubt.py`.

`accept`: 1 check; 2 keep the bytes; 3 in one transaction: the row, its first event, the job that will send it.
Deposits that come at the same time share that transaction (`store/together.py`).
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from raccord.checks import CheckReport, Context, Facts
from raccord.checks.facts import check_facts
from raccord.domain.answers import KeptFile
from raccord.domain.clock import PARIS
from raccord.domain.connection import Connection
from raccord.domain.deposit import Accepted, Deposit, DepositState, NewDeposit, Road
from raccord.domain.errors import Conflict, Invalid
from raccord.domain.faults import has_errors
from raccord.domain.journal import Event
from raccord.engine.deposits import carriers, entry
from raccord.engine.deposits.accepting import (
    Known,
    existing,
    not_again,
    note_origin,
    number_taken,
    reconcile_first,
    refuse_out_of_reach,
    unreadable,
)
from raccord.engine.deposits.checking import Checker, columns_of
from raccord.engine.foundation import due_dates
from raccord.engine.foundation.ground import Ground
from raccord.engine.foundation.names import DRAIN
from raccord.engine.foundation.waking import wake_everything
from raccord.engine.reconciliation.standing import restored_since
from raccord.store import connections, deposits, entries, flux, journal
from raccord.store.deposits import DepositQuery
from raccord.store.pages import Page
from raccord.store.search import index as search_index
from raccord.store.together import Together

_HOUR = timedelta(hours=1)
_FREELY = 4
"""Flux that leave in an hour before the wait for others grows."""


class Outbox:
    """Accepts deposits and answers about them."""

    def __init__(self, ground: Ground, checker: Checker) -> None:
        self._ground, self._check = ground, checker
        self._together = Together(ground.store)

    def accept(self, new: NewDeposit) -> Accepted:
        """Take an invoice in charge; the same key or the same triple gives back the same deposit.

        Without `connection_id`, `carrier` chooses. Raises `Invalid` (`CONNEXION_ABSENTE`, `CONNEXION_A_PRECISER`,
        `FICHIER_ILLISIBLE`), `Conflict` (`DEPOT_CLE_REUTILISEE`, `DEPOT_NUMERO_DEJA_UTILISE`), `NotFound`
        (`CONNEXION_INCONNUE`), `NotAllowed` (`DEPOT_HORS_PERIMETRE`), `Unavailable` (disk, database): then nothing is
        kept.
        """
        connection = self.carrier(new)
        new = replace(new, connection_id=connection.id)
        given = entry.prepare(new, self._check, self._today, connection)
        checked = given.checked
        if checked is None or checked.invoice is None or not checked.syntaxe_flux:
            raise unreadable(checked)
        refuse_out_of_reach(self._ground.store.reach, checked.invoice)
        row = self._row(new, connection, given)
        files = self._beside(given)
        words = search_index.of_invoice(checked.invoice)

        def keep(conn: sa.Connection) -> Accepted:
            known = existing(conn, new, row, given.digest)
            if known is not None:
                return Accepted(known, replayed=True)
            kept = self._keep(conn, new, row, words)
            note_origin(conn, new, row, given, files)
            return Accepted(kept, replayed=False)

        for _ in range(3):  # another process may take the same key or number between the look and the insertion
            with suppress(sa.exc.IntegrityError):
                return self._together.run(keep)
        raise number_taken(row["number"])

    def carrier(self, new: NewDeposit) -> Connection:
        """The connection that carries this deposit: the one named, the only one, or the one that serves its supplier.

        Raises `NotFound` (`CONNEXION_INCONNUE`), `Invalid` (`CONNEXION_ABSENTE`, `CONNEXION_A_PRECISER`,
        `FICHIER_ILLISIBLE`).
        """
        with self._ground.store.read() as conn:
            if new.connection_id:
                return connections.get(conn, new.connection_id)
            enabled = carriers.enabled_ones(conn)
            among = enabled if len(enabled) == 1 else carriers.able(conn)
        return self._serving(among, new) if len(among) > 1 else carriers.first(among)

    def _serving(self, among: Sequence[Connection], new: NewDeposit) -> Connection:
        checked = entry.prepare(new, self._check, self._today).checked
        if checked is None or checked.invoice is None:
            raise unreadable(checked)
        with self._ground.store.read() as conn:
            return carriers.serving(conn, among, checked.invoice)

    def senders(self) -> list[Connection]:
        """The connections that may carry a deposit, by label."""
        with self._ground.store.read() as conn:
            return carriers.able(conn)

    def check(self, data: bytes, filename: str) -> CheckReport:
        """What `accept` would find in these bytes; nothing is kept, nothing is sent."""
        return self.examine(NewDeposit("", data, filename))

    def examine(self, new: NewDeposit) -> CheckReport:
        """What `accept` would find in this deposit, its number included; nothing is kept. Raises `Invalid`.

        Where no connection is named and none can be chosen, the file alone is judged.
        """
        if not new.connection_id:
            with suppress(Invalid):
                new = replace(new, connection_id=self.carrier(new).id)
        checked = entry.prepare(new, self._check, self._today).checked
        assert checked is not None
        if checked.invoice is None or not new.connection_id:
            return checked
        with self._ground.store.read() as conn:
            known = Known(conn, connections.get(conn, new.connection_id).addresses.api_url)
            found = check_facts(checked.invoice, Context(today=self._today()), Facts(known=known))
            return replace(checked, faults=(*checked.faults, *found))

    def _today(self) -> date:
        return self._ground.clock().astimezone(PARIS).date()

    def _beside(self, given: entry.Given) -> tuple[KeptFile, ...]:
        """What was given as data, kept in the archive as it came."""
        if given.road is None:
            return ()
        put = self._ground.archive.put
        files = [KeptFile("terms", "facture.json", "Données de la facture", put(given.terms), len(given.terms))]
        if given.pdf:
            files.append(KeptFile("pdf", given.filename, "PDF donné", put(given.pdf), len(given.pdf)))
        return tuple(files)

    def _row(self, new: NewDeposit, connection: Connection, given: entry.Given) -> dict[str, object]:
        checked, sha256 = given.checked, self._ground.archive.put(given.data)
        assert checked is not None
        assert checked.invoice is not None
        now = self._ground.clock()
        state = DepositState.FAULTY if has_errors(checked.faults) else DepositState.READY
        return {
            "id": self._ground.new_id(),
            "connection_id": new.connection_id,
            "state": state.value,
            "filename": given.filename[:200],
            "syntaxe_flux": checked.syntaxe_flux,
            "sha256": sha256,
            "size": len(given.data),
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

    def _keep(self, conn: sa.Connection, new: NewDeposit, row: dict[str, object], words: Iterable[str]) -> Deposit:
        kept = deposits.insert(conn, row, words)
        faulty = row["state"] == DepositState.FAULTY.value
        kind = "deposit.faulty" if faulty else "deposit.accepted"
        facts = {name: row[name] for name in ("number", "sha256", "filename", "source")}
        journal.append(conn, self._ground.event(f"deposit/{row['id']}", kind, new.author or "raccord", **facts))
        if not faulty:
            self.wake(conn, new.connection_id, urgent=new.urgent)
        return kept

    def wake(self, conn: sa.Connection, connection_id: str, *, urgent: bool = False) -> None:
        """Have the outbox of a connection emptied soon, in the caller's transaction."""
        delay = 0.0 if urgent else self._patience(conn, connection_id)
        self._ground.jobs.schedule(conn, DRAIN, connection_id, {"connection_id": connection_id}, delay=delay)

    def _patience(self, conn: sa.Connection, connection_id: str) -> float:
        """How long a deposit waits for others: seconds for the first of an hour, minutes when they keep coming.

        Each flux costs three or four calls: given one by one all day long, invoices would cost as many each.
        """
        options = self._ground.options
        if not options.group_delay_s:
            return 0.0
        recent = flux.made_since(conn, connection_id, self._ground.clock() - _HOUR)
        stretched = 2.0 ** min(max(0, recent - _FREELY), 20)
        return options.group_delay_s * min(stretched, options.group_stretch)

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

    def corrects(self, deposit_id: str) -> str:
        """The deposit that this one replaces, "" when it replaces none."""
        with self._ground.store.read() as conn:
            return entries.corrects(conn, deposit_id)

    def corrected_by(self, deposit_id: str) -> tuple[str, ...]:
        """The deposits that replace this one, oldest first."""
        with self._ground.store.read() as conn:
            return entries.corrected_by(conn, deposit_id)

    def files(self, deposit_id: str) -> tuple[KeptFile, ...]:
        """What was given beside the original: data, PDF, files joined since."""
        with self._ground.store.read() as conn:
            return entries.files_of(conn, deposit_id, owner=None)

    def cancel(self, deposit_id: str, actor: str) -> Deposit:
        """Keep a deposit from leaving. Raises `Conflict` (`DEPOT_NON_ANNULABLE`) once it may have left."""
        for state in (DepositState.READY, DepositState.TO_DECIDE):
            if self._move(deposit_id, state, DepositState.CANCELLED, actor, "deposit.cancelled"):
                return self.get(deposit_id)
        state = self.get(deposit_id).state
        stays = state in (DepositState.CANCELLED, DepositState.FAULTY, DepositState.REFUSED)
        raise Conflict(
            "DEPOT_NON_ANNULABLE",
            f"Ce dépôt ne peut plus être annulé : {state.label.lower()}.",
            "Il n’y a rien à faire : cette facture n’est pas chez le destinataire et ne partira pas."
            if stays
            else "Si la facture est arrivée à tort chez le destinataire, demandez-lui de la rejeter.",
        )

    def resubmit(self, deposit_id: str, actor: str) -> Deposit:
        """Check the same bytes again and queue them. Raises `Conflict` (`DEPOT_NON_RENVOYABLE`) or `Invalid`."""
        deposit = self.get(deposit_id)
        if deposit.state not in (DepositState.REFUSED, DepositState.FAULTY):
            raise not_again(f"Ce dépôt n’a pas à être renvoyé : {deposit.state.label.lower()}.")
        checked = self._check_again(deposit)
        if checked.invoice is None or has_errors(checked.faults):
            raise not_again("Ce fichier a toujours des erreurs : Chorus Pro le refuserait.")
        faults = deposits.faults_as_json(checked.faults)
        blank: dict[str, Any] = {"numero_flux": "", "flux_id": None, "faults": faults}
        try:
            self._move(deposit_id, deposit.state, DepositState.READY, actor, "deposit.resubmitted", **blank)
        except sa.exc.IntegrityError as error:
            raise number_taken(deposit.number) from error
        return self.get(deposit_id)

    def _check_again(self, deposit: Deposit) -> CheckReport:
        """The verdict of today on what was given."""
        with self._ground.store.read() as conn:
            known, files = entries.find(conn, deposit.id), entries.files_of(conn, deposit.id)
        original = self.original(deposit.id)
        if known is None or known.road != Road.FIELDS.value:
            return self._check(original, deposit.filename, deposit.connection_id)
        (terms,) = (self._ground.archive.get(file.sha256) for file in files if file.kind == "terms")
        new = NewDeposit(deposit.connection_id, original, deposit.filename, terms=terms, road=Road.FIELDS)
        return self.examine(new)

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
            if target is DepositState.INTEGRATED:
                due_dates.reckon_deposits(conn, [deposit_id])
        return True

    def pause(self, connection_id: str, actor: str) -> None:
        """Hold the outbox of a connection back. Raises `NotFound`, `NotAllowed` (`PERIMETRE_PARTAGE`)."""
        self._hold(connection_id, actor, paused=True)

    def resume(self, connection_id: str, actor: str) -> None:
        """Let the outbox of a connection go on.

        Raises `Conflict` (`RAPPROCHEMENT_A_FAIRE`) after a restore, until Chorus Pro was asked what happened since.
        """
        with self._ground.store.whole.read() as conn:
            backup = restored_since(conn, connection_id)
        if backup is not None:
            raise reconcile_first(backup)
        self._hold(connection_id, actor, paused=False)

    def _hold(self, connection_id: str, actor: str, *, paused: bool) -> None:
        ground = self._ground
        kind = "connection.paused" if paused else "connection.resumed"
        with ground.store.read() as conn:
            connections.get(conn, connection_id)
        ground.refuse_shared(connection_id)
        with ground.store.begin() as conn:
            connections.update(conn, connection_id, now=ground.clock(), paused=paused)
            journal.append(conn, ground.event(f"connection/{connection_id}", kind, actor))
            if not paused:
                self.wake(conn, connection_id, urgent=True)

    def release(self, connection_id: str) -> None:
        """The light is green again: close the breaker, let everything that waited start by itself."""
        with self._ground.store.begin() as conn:
            self._ground.breaker.close(conn, connection_id)
            wake_everything(conn, self._ground, connection_id)
