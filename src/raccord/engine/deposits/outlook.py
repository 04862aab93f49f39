"""What becomes of a deposit now, in a sentence: it leaves, it waits and why, or a person has to act."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from raccord.domain.clock import PARIS
from raccord.domain.connection import Connection, Light
from raccord.domain.deposit import Deposit, DepositState
from raccord.domain.next_steps import SUPPLIER_ACTS, next_step
from raccord.engine.connections.light import Lights, LightView
from raccord.engine.foundation.ground import Ground
from raccord.store import connections

_ON_ITS_WAY = frozenset({DepositState.SENDING, DepositState.UNCERTAIN, DepositState.SENT})


@dataclass(frozen=True)
class Outlook:
    """`code`: leaving, later, kept, paused, disabled, on_its_way, done, to_act. `waits`: it is kept until something
    changes, and `cure` says what.
    """

    code: str
    sentence: str
    cure: str = ""

    @property
    def moves(self) -> bool:
        """Whether it will change without anybody's doing: worth looking again."""
        return self.code not in ("done", "to_act", "later", "disabled")

    @property
    def waits(self) -> bool:
        """Whether something keeps it from leaving."""
        return self.code in ("kept", "paused", "disabled")


class Outlooks:
    """Tells the outlook of deposits from the connections that carry them."""

    def __init__(self, ground: Ground, lights: Lights) -> None:
        self._ground, self._lights = ground, lights

    def of(self, deposits: Iterable[Deposit]) -> Mapping[str, Outlook]:
        """The outlook of each of these deposits, by identifier; each connection is read once."""
        found, known = {}, dict[str, tuple[Connection, LightView]]()
        for deposit in deposits:
            if deposit.connection_id not in known:
                known[deposit.connection_id] = self._connection(deposit.connection_id)
            found[deposit.id] = self._outlook(deposit, *known[deposit.connection_id])
        return found

    def _connection(self, connection_id: str) -> tuple[Connection, LightView]:
        with self._ground.store.read() as conn:
            connection = connections.get(conn, connection_id)
        return connection, self._lights.of(connection_id)

    def _outlook(self, deposit: Deposit, connection: Connection, light: LightView) -> Outlook:
        if deposit.state is DepositState.READY:
            return self._ready(deposit, connection, light)
        if deposit.state in _ON_ITS_WAY:
            return Outlook("on_its_way", f"{deposit.state.label}.")
        if deposit.state in (DepositState.FAULTY, DepositState.REFUSED, DepositState.TO_DECIDE):
            return Outlook("to_act", f"{deposit.state.label}.")
        acts = deposit.platform_status in SUPPLIER_ACTS
        return Outlook("to_act" if acts else "done", f"{deposit.state.label}.", next_step(deposit.platform_status))

    def _ready(self, deposit: Deposit, connection: Connection, light: LightView) -> Outlook:
        if not connection.enabled:
            return Outlook(
                "disabled",
                f"La connexion « {connection.label} » est désactivée : la facture est conservée.",
                "Elle partira d’elle-même quand un Superviseur aura réactivé la connexion.",
            )
        if connection.breaker_open or connection.light is Light.RED:
            return Outlook(
                "kept",
                "La connexion avec Chorus Pro n’est pas établie : la facture est conservée.",
                light.cause_sentence or "Elle partira d’elle-même dès que la connexion sera rétablie.",
            )
        if connection.paused:
            return Outlook(
                "paused",
                f"Les envois de « {connection.label} » sont suspendus : la facture est conservée.",
                "Elle partira d’elle-même à la reprise des envois.",
            )
        if deposit.not_before is not None and deposit.not_before > self._ground.clock():
            hour = f"{deposit.not_before.astimezone(PARIS):%d/%m/%Y à %H:%M}"
            return Outlook("later", f"La facture partira d’elle-même le {hour}.")
        return Outlook("leaving", "La facture part d’elle-même.")
