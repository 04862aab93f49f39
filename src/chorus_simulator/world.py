"""One environment of the simulated Chorus Pro: its people, structures, accounts, invoices, and what it can do.

The API, the portal and the control room all act through the verbs of `World`; the rules live in the modules
that the verbs name, the records in `memory`. Nothing here knows HTTP.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from chorus_simulator import accounts, happenings, lifecycle, validation
from chorus_simulator.indexes import Entry, Newest
from chorus_simulator.memory import Memory
from chorus_simulator.model import Facture
from chorus_simulator.parties import Person, Structure, TechnicalAccount


class World(Memory):
    """A memory, and what people, callers and time may do to it."""

    def settle(self, budget: int | None = None) -> int:
        """Let happen what is due by now, in order of its date: flux judged, silent validators passed over.
        Stops after `budget` happenings; returns how many were dealt with."""
        if not self.agenda or self.agenda[0][0] > self.now():
            return 0
        return happenings.settle(self, budget)

    # -- accounts

    def sign_in(self, login: str, password: str) -> Person | None:
        """The person of this login and password, None when refused; failures count towards the lock."""
        return accounts.sign_in(self, login, password)

    def authenticate_technical(self, login: str, password: str) -> TechnicalAccount | None:
        """The account when it may call now, else None; the reason is not told (technical-accounts.md §5)."""
        return accounts.authenticate(self, login, password)

    def create_technical_account(
        self, structure: Structure, contact: str = "", login: str = "", password: str = ""
    ) -> tuple[TechnicalAccount, str]:
        """A new account and its password; both are drawn when not given. Raises `ValueError` when the login is
        taken."""
        return accounts.create(self, structure, contact, login, password)

    def prepare_reset(self, login: str) -> str:
        """A new password, worth nothing until `submit_reset`. Raises `KeyError` for an unknown login."""
        return accounts.prepare_reset(self, login)

    def submit_reset(self, login: str, candidate: str) -> bool:
        """Make a prepared password that of the account; False when it was never prepared. Raises `KeyError`."""
        return accounts.submit_reset(self, login, candidate)

    def expire(self, login: str) -> None:
        """The password of an account has just run out. Raises `KeyError`."""
        self.technical_accounts[login].expires_at = self.now()
        self.touch()

    def lock(self, login: str, until: datetime) -> None:
        """Refuse the account until then, whatever its password. Raises `KeyError`."""
        self.technical_accounts[login].locked_until = until
        self.touch()

    def unlock(self, login: str) -> None:
        """Lift the lock and any state other than `ACTIF`, forget the failures. Raises `KeyError`."""
        account = self.technical_accounts[login]
        account.locked_until, account.failures, account.state = None, 0, "ACTIF"
        self.touch()

    # -- invoices

    def received_by(self, structure_ids: Iterable[int]) -> Newest:
        """Invoices of these recipients, newest first."""
        return self._newest(self.invoices.of_recipient, structure_ids)

    def issued_by(self, structure_ids: Iterable[int]) -> Newest:
        """Invoices of these suppliers, newest first."""
        return self._newest(self.invoices.of_supplier, structure_ids)

    def to_validate_by(self, structure_ids: Iterable[int]) -> list[Facture]:
        """Invoices that wait for these validators or for the other one of the pair, newest first."""
        found = self._newest(self.invoices.of_validator, structure_ids)
        return [facture for facture in found if facture.statut in validation.AWAITING]

    def _newest(self, index: dict[int, list[Entry]], structure_ids: Iterable[int]) -> Newest:
        self.settle()
        return Newest(self.invoices, [index[number] for number in structure_ids if number in index])

    def targets(self, facture: Facture) -> tuple[str, ...]:
        """The statuses its recipient may give an invoice now."""
        return lifecycle.targets(self, facture.statut)

    def treat(self, facture: Facture, statut: str, by: str, *, motif: str = "", mandat: str = "") -> None:
        """As the recipient, by the rules. Raises `refusals.Refusal`."""
        lifecycle.treat(self, facture, statut, by, motif=motif, mandat=mandat)

    def complete(self, facture: Facture, by: str, comment: str = "") -> None:
        """As the supplier, after a suspension. Raises `refusals.Refusal`."""
        lifecycle.complete(self, facture, by, comment)

    def close_rejection(self, facture: Facture, by: str) -> None:
        """As the supplier, after a rejection. Raises `refusals.Refusal`."""
        lifecycle.close_rejection(self, facture, by)

    def set_status(self, facture: Facture, statut: str, by: str = "", motif: str = "") -> None:
        """As the platform or the bench, whatever the rules."""
        lifecycle.set_status(self, facture, statut, by, motif)
