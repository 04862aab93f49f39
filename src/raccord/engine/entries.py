"""The accounts of the entries of purchases: chosen for the house or for one structure, and what they would give."""

from collections.abc import Mapping

from raccord.domain.entries import Accounts
from raccord.engine.foundation.ground import Ground
from raccord.store import entry_accounts, journal, structures
from raccord.store.entry_accounts import HOUSE


class EntryAccounts:
    """Keeps the choices."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def every(self) -> Mapping[str, Accounts]:
        """What was chosen, by structure; the empty one stands for the house."""
        with self._ground.store.read() as conn:
            return entry_accounts.every(conn)

    def of(self, structure_id: str) -> Accounts:
        """The accounts of a structure: its own, else the house's, else ours."""
        return among(self.every(), structure_id)

    def choose(self, structure_id: str, given: Mapping[str, str], actor: str) -> Accounts:
        """Change the accounts of a structure, or of the house when it is empty; what is not given stays.

        Raises `Invalid` (`ECRITURES_COMPTE`), `NotFound` for an unknown structure.
        """
        ground = self._ground
        with ground.store.begin() as conn:
            if structure_id != HOUSE:
                structures.get(conn, structure_id)
            chosen = among(entry_accounts.every(conn), structure_id).changed(given)
            entry_accounts.choose(conn, structure_id, chosen, actor, ground.clock())
            facts: dict[str, object] = {"journal": chosen.journal, "expense": chosen.expense, "vat": chosen.vat}
            facts["supplier"] = chosen.supplier
            journal.append(conn, ground.event(_subject(structure_id), "entries.accounts_chosen", actor, **facts))
        return chosen

    def forget(self, structure_id: str, actor: str) -> Accounts:
        """Take the house's accounts again for a structure, or ours for the house; gives what holds from now on."""
        ground = self._ground
        with ground.store.begin() as conn:
            entry_accounts.forget(conn, structure_id)
            journal.append(conn, ground.event(_subject(structure_id), "entries.accounts_forgotten", actor))
            return among(entry_accounts.every(conn), structure_id)


def among(chosen: Mapping[str, Accounts], structure_id: str) -> Accounts:
    """The accounts of a structure among these choices."""
    return chosen.get(structure_id) or chosen.get(HOUSE) or Accounts()


def _subject(structure_id: str) -> str:
    return f"structure/{structure_id}" if structure_id != HOUSE else "entries/house"
