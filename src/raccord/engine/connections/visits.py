"""The doctor's visits: opens the proofs of a connection, gathers its history, climbs, remembers what was found."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from raccord.doctor import History, Patient, Proofs, Refusal, Tools, clock_agrees, examine
from raccord.doctor.deciding import LOCKING_REFUSALS, YOUNG_ACCOUNT
from raccord.domain.connection import Connection, Light
from raccord.domain.errors import Misconfigured
from raccord.domain.secrets import Secret
from raccord.domain.verdict import Verdict
from raccord.engine.connections.candidates import ACTIVATION, Candidate
from raccord.engine.connections.light import Lights, account_accepted, account_refused
from raccord.store import connections, lights, structures
from raccord.store.database import Store
from raccord.store.lights import PRESENT, Memory
from raccord.vault import Vault, inspect_password

_ACCOUNT = "mot de passe du compte technique"
LOCK = timedelta(hours=1)
"""How long a locked account is left alone (specifications/technical-accounts.md §5)."""


class Visits:
    """Sends the doctor to a connection, with its present password or with a candidate."""

    def __init__(self, store: Store, vault: Vault, lights: Lights, tools: Tools) -> None:
        self._store, self._vault, self._lights, self._tools = store, vault, lights, tools

    def visit(self, connection_id: str, actor: str, *, force: bool) -> Verdict:
        """Examine the present password, write the light. `force`: a refused password may be tried once more."""
        connection, memory, sirets = self._look_up(connection_id)
        proofs = self._proofs(connection)
        history = self._history(connection, memory, proofs, sirets)
        due = history.retry_at is not None and history.retry_at <= self._tools.clock()
        verdict = examine(Patient(connection, proofs, history), self._tools, force=force or due)
        known = history.refusal is not None and history.refusal.fingerprint == history.fingerprint
        return self._write(memory, history, verdict, actor, played=force or due or not known)

    def try_candidate(self, connection_id: str, candidate: Candidate) -> Verdict:
        """Examine a candidate; nothing is written: the caller promotes it or not."""
        connection, _, sirets = self._look_up(connection_id)
        present = self._proofs(connection)
        others = tuple(name for name in present.unreadable if name != _ACCOUNT)
        proofs = replace(present, password=candidate.password, unreadable=others)
        history = History(
            ever_worked=connection.last_success_at is not None,
            changed_at=candidate.entered_at,
            expires_at=candidate.expires_at,
            just_typed=True,
            refusals=candidate.tries,
            retry_at=replace(candidate, tries=candidate.tries + 1).retry_at(),
            remarks=tuple(remark.sentence for remark in inspect_password(candidate.password.reveal())),
            sirets=sirets,
        )
        typed = replace(connection, login=candidate.login)
        return examine(Patient(typed, proofs, history), self._tools, force=True)

    def clock_agrees(self, connection: Connection) -> bool:
        """Whether our clock may be believed, by the hour that Chorus Pro tells; nothing secret is sent."""
        return clock_agrees(connection, self._tools)

    def rests(self, connection_id: str) -> bool:
        """Whether a visit would only say again what is known: same refused password, no test announced."""
        connection, memory, _ = self._look_up(connection_id)
        if not memory.refusal or (memory.retry_at and memory.retry_at <= self._tools.clock()):
            return False
        if connection.light is not Light.RED:
            return False  # the engine saw the refusal, the light does not tell it yet
        return memory.refusal["fingerprint"] in (PRESENT, self._fingerprint(connection, self._proofs(connection)))

    def _look_up(self, connection_id: str) -> tuple[Connection, Memory, tuple[str, ...]]:
        with self._store.read() as conn:
            connection = connections.get(conn, connection_id)
            sirets = tuple(one.siret for one in structures.of_connection(conn, connection_id))
            return connection, lights.memory(conn, connection_id), sirets

    def _history(self, one: Connection, memory: Memory, proofs: Proofs, sirets: tuple[str, ...]) -> History:
        worked = one.last_success_at
        present = worked is not None and (one.credentials_changed_at is None or worked >= one.credentials_changed_at)
        fingerprint = self._fingerprint(one, proofs)
        return History(
            worked_at=worked if present else None,
            ever_worked=worked is not None,
            changed_at=one.credentials_changed_at,
            expires_at=one.expires_at,
            refusals=memory.refusals,
            retry_at=memory.retry_at,
            refusal=_refusal(memory, fingerprint),
            fingerprint=fingerprint,
            sirets=sirets,
        )

    def _proofs(self, connection: Connection) -> Proofs:
        unreadable: list[str] = []
        secret = self._open(connection.id, "client_secret", "client secret", unreadable)
        password = self._open(connection.id, "password", _ACCOUNT, unreadable)
        return Proofs(secret, password, tuple(unreadable))

    def _open(self, connection_id: str, name: str, title: str, unreadable: list[str]) -> Secret | None:
        place = f"connection/{connection_id}/{name}"
        if not self._vault.exists(place):
            return None
        try:
            with self._vault.open(place) as credential:
                return Secret(credential.reveal())
        except Misconfigured:
            unreadable.append(title)
            return None

    def _fingerprint(self, connection: Connection, proofs: Proofs) -> str:
        if proofs.password is None:
            return ""
        return self._vault.fingerprint("refused", Secret(f"{connection.login}\0{proofs.password.reveal()}"))

    def _write(self, memory: Memory, history: History, verdict: Verdict, actor: str, *, played: bool) -> Verdict:
        refused = account_refused(verdict)
        refusals = memory.refusals + 1 if refused and played else memory.refusals
        if refused and played:
            verdict = replace(verdict, retry_at=self._announced(history, refusals))
        with self._store.begin() as conn:
            before = connections.get(conn, verdict.connection_id)
            connections.update(conn, before.id, now=verdict.at, refusals_in_a_row=refusals)
            self._lights.write(conn, before, verdict, actor, _to_remember(memory, history, verdict, played=played))
        self._lights.after(before, verdict)
        return verdict

    def _announced(self, history: History, refusals: int) -> datetime | None:
        """When one test will be made by itself after a refusal: an account too young, or perhaps locked."""
        now = self._tools.clock()
        if refusals == LOCKING_REFUSALS:
            return now + LOCK
        young = history.changed_at is not None and now - history.changed_at < YOUNG_ACCOUNT
        return now + ACTIVATION if young and history.worked_at is None else None


def _to_remember(memory: Memory, history: History, verdict: Verdict, *, played: bool) -> dict[str, Any] | None:
    """A password is remembered as refused until Chorus Pro accepts one: a cut of the network does not clear it."""
    if account_accepted(verdict):
        return None
    if not (account_refused(verdict) and played):
        return dict(memory.refusal) if memory.refusal else None
    evidence = next(rung.evidence for rung in verdict.rungs if rung.name == "account")
    return {"fingerprint": history.fingerprint, "at": verdict.at.isoformat(), "evidence": evidence}


def _refusal(memory: Memory, present: str) -> Refusal | None:
    kept = memory.refusal
    if not kept:
        return None
    return Refusal(kept["fingerprint"] or present, datetime.fromisoformat(kept["at"]), kept["evidence"])
