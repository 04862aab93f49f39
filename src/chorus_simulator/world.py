"""One environment of the simulated Chorus Pro: its people, structures, accounts, invoices, and what it can do.

The API, the portal and the control room all act through the verbs of `World`; the rules live in the modules
that the verbs name. A world is deterministic: give it a seed and a clock, and ids, passwords and tokens come
out the same. Nothing here knows HTTP.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from random import Random

from chorus_simulator import accounts, lifecycle
from chorus_simulator.clock import Clock
from chorus_simulator.indexes import Invoices
from chorus_simulator.ledger import Ledger
from chorus_simulator.model import (
    Actualite,
    Engagement,
    Facture,
    Flux,
    Mail,
    Person,
    PieceJointe,
    PisteApplication,
    Sollicitation,
    Structure,
    TechnicalAccount,
)
from chorus_simulator.spool import Spool
from chorus_simulator.switches import Switches


@dataclass(frozen=True, slots=True)
class Author:
    """Who signs a status in the history."""

    nom: str = ""
    prenom: str = ""
    email: str = ""
    telephone: str = ""


class World:
    """`environment` is `sandbox` or `production`. The collections are open to read; change them by verbs."""

    def __init__(
        self,
        environment: str = "sandbox",
        clock: Clock | None = None,
        switches: Switches | None = None,
        seed: int = 1,
        spool: Spool | None = None,
    ) -> None:
        self.environment = environment
        self.clock = clock or Clock()
        self.switches = switches or Switches()
        self.spool = spool or Spool()
        self.seed = seed
        self.clear()

    def clear(self) -> None:
        """Forget everything but the bytes of the spool; the next ids, passwords and tokens are those of a newborn."""
        self.random = Random(f"{self.seed}/{self.environment}")
        self.persons: dict[str, Person] = {}
        self.technical_accounts: dict[str, TechnicalAccount] = {}
        self.applications: dict[str, PisteApplication] = {}
        self.structures: dict[int, Structure] = {}
        self.flux: dict[str, Flux] = {}
        self.pieces: dict[int, PieceJointe] = {}
        self.mails: list[Mail] = []
        self.sollicitations: list[Sollicitation] = []
        self.actualites: list[Actualite] = []
        self.engagements: dict[str, Engagement] = {}
        self.tokens: dict[str, tuple[PisteApplication, datetime]] = {}
        self.invoices = Invoices()
        self.ledger = Ledger()
        self.agenda: list[tuple[datetime, int, str, str]] = []
        self.changes = 0
        self._by_identifier: dict[str, int] = {}
        self._by_siren: dict[str, list[int]] = {}
        self._next: dict[str, int] = {}
        self._reach: dict[str, frozenset[int]] = {}

    # -- time and identity

    def now(self) -> datetime:
        return self.clock.now()

    def next_id(self, kind: str, start: int = 1) -> int:
        """The next number of a series, increasing from `start`."""
        number = self._next.get(kind, start)
        self._next[kind] = number + 1
        return number

    @property
    def sequences(self) -> dict[str, int]:
        return self._next

    def touch(self) -> None:
        """Say that something changed: what was computed from memberships is stale, the file must be saved."""
        self.changes += 1

    def schedule(self, when: datetime, kind: str, key: str) -> None:
        """Have `happenings` deal with `key` once `when` has passed."""
        heapq.heappush(self.agenda, (when, self.next_id("agenda"), kind, key))

    def settle(self, budget: int | None = None) -> int:
        """Let happen what is due by now, in order of its date: flux judged, silent validators passed over.
        Stops after `budget` happenings; returns how many were dealt with."""
        if not self.agenda or self.agenda[0][0] > self.now():
            return 0
        from chorus_simulator import happenings

        return happenings.settle(self, budget)

    # -- structures

    def add_structure(self, structure: Structure) -> Structure:
        self.structures[structure.idStructureCPP] = structure
        self._by_identifier[structure.identifiant] = structure.idStructureCPP
        self._by_siren.setdefault(structure.siren, []).append(structure.idStructureCPP)
        return structure

    def structure_of(self, identifiant: str) -> Structure | None:
        """By SIRET, or by another kind of identifier."""
        return self.structures.get(self._by_identifier.get(identifiant, -1))

    def structures_of_siren(self, siren: str) -> list[Structure]:
        return [self.structures[number] for number in self._by_siren.get(siren, ())]

    # -- people and rights

    def add_person(self, person: Person) -> Person:
        self.persons[person.login] = person
        self._reach.clear()
        return person

    def sign_in(self, login: str, password: str) -> Person | None:
        return accounts.sign_in(self, login, password)

    def main_manager(self, structure_id: int) -> Person | None:
        """The gestionnaire principal of a structure, if it has one."""
        return next((p for p in self.persons.values() if accounts.is_main_manager(p, structure_id)), None)

    def is_main_manager(self, person: Person, structure_id: int) -> bool:
        return accounts.is_main_manager(person, structure_id)

    def members(self, structure_id: int) -> list[Person]:
        """Who is attached to a structure, by login."""
        return sorted(
            (p for p in self.persons.values() if any(m.idStructureCPP == structure_id for m in p.memberships)),
            key=lambda person: person.login,
        )

    def structures_of(self, person: Person) -> list[Structure]:
        return [
            self.structures[m.idStructureCPP]
            for m in person.memberships
            if m.statut == "VALIDEE" and m.idStructureCPP in self.structures
        ]

    def memberships_changed(self) -> None:
        self._reach.clear()
        self.touch()

    def reach(self, account: TechnicalAccount) -> frozenset[int]:
        """The structures an account acts for: its own and all those of its main manager (technical-accounts.md §1)."""
        known = self._reach.get(account.login)
        if known is None:
            manager = self.main_manager(account.idStructureCPP)
            others = {s.idStructureCPP for s in self.structures_of(manager)} if manager else set()
            known = self._reach[account.login] = frozenset(others | {account.idStructureCPP})
        return known

    def author(self, login: str) -> Author:
        """The person behind a login; a technical account signs as its main manager."""
        person = self.persons.get(login)
        account = self.technical_accounts.get(login)
        if account is not None:
            person = self.main_manager(account.idStructureCPP)
        if person is None:
            return Author()
        return Author(person.nom, person.prenom, person.contact or person.login, person.adresse.telephone)

    # -- technical accounts

    def authenticate_technical(self, login: str, password: str) -> TechnicalAccount | None:
        return accounts.authenticate(self, login, password)

    def accounts_of(self, structure_id: int) -> list[TechnicalAccount]:
        return [a for a in self.technical_accounts.values() if a.idStructureCPP == structure_id]

    def create_technical_account(
        self, structure: Structure, contact: str = "", login: str = "", password: str = ""
    ) -> tuple[TechnicalAccount, str]:
        return accounts.create(self, structure, contact, login, password)

    def prepare_reset(self, login: str) -> str:
        return accounts.prepare_reset(self, login)

    def submit_reset(self, login: str, candidate: str) -> bool:
        return accounts.submit_reset(self, login, candidate)

    def expire(self, login: str) -> None:
        """The password of an account has just run out. Raises `KeyError`."""
        self.technical_accounts[login].expires_at = self.now()
        self.touch()

    def lock(self, login: str, until: datetime) -> None:
        self.technical_accounts[login].locked_until = until
        self.touch()

    def unlock(self, login: str) -> None:
        account = self.technical_accounts[login]
        account.locked_until, account.failures, account.state = None, 0, "ACTIF"
        self.touch()

    # -- invoices

    @property
    def factures(self) -> dict[int, Facture]:
        return self.invoices.by_id

    def adopt(self, facture: Facture) -> None:
        """Index an invoice that comes as it is: from a file, or made by the control room."""
        supplier = self.structures[facture.idFournisseur]
        self.invoices.triples[supplier.siren, facture.dateFacture.year, facture.numero] = facture.id
        self.invoices.add(facture)
        self.touch()

    def received_by(self, structure_ids: Iterable[int]) -> list[Facture]:
        """Invoices of these recipients, newest first."""
        self.settle()
        return self._listed(self.invoices.of_recipient, structure_ids, lambda _: True)

    def issued_by(self, structure_ids: Iterable[int]) -> list[Facture]:
        self.settle()
        return self._listed(self.invoices.of_supplier, structure_ids, lambda _: True)

    def to_validate_by(self, structure_ids: Iterable[int]) -> list[Facture]:
        self.settle()
        return self._listed(
            self.invoices.of_validator, structure_ids, lambda f: f.statut in ("A_VALIDER_1", "A_VALIDER_2")
        )

    def _listed(
        self,
        index: dict[int, list[tuple[datetime, int]]],
        structure_ids: Iterable[int],
        keep: Callable[[Facture], bool],
    ) -> list[Facture]:
        entries = sorted((entry for number in structure_ids for entry in index.get(number, ())), reverse=True)
        return [facture for _, number in entries if keep(facture := self.invoices.by_id[number])]

    def targets(self, facture: Facture) -> tuple[str, ...]:
        """The statuses its recipient may give an invoice now."""
        return lifecycle.targets(self, facture.statut)

    def treat(self, facture: Facture, statut: str, by: str, *, motif: str = "", mandat: str = "") -> None:
        """As the recipient, by the rules. Raises `refusals.Refusal`."""
        lifecycle.treat(self, facture, statut, by, motif=motif, mandat=mandat)

    def set_status(self, facture: Facture, statut: str, by: str = "", motif: str = "") -> None:
        """As the platform or the bench, whatever the rules."""
        lifecycle.set_status(self, facture, statut, by, motif)

    # -- the rest

    def send_mail(self, to: str, subject: str, body: str, personnel: bool = False) -> Mail:
        mail = Mail(to, subject, body, self.now(), personnel)
        self.mails.append(mail)
        self.touch()
        return mail

    def add_sollicitation(self, auteur: str, objet: str, texte: str, categorie: str = "") -> Sollicitation:
        number = self.next_id("sollicitation")
        sollicitation = Sollicitation(number, auteur, objet, texte, "ENVOYEE", self.now(), categorie)
        self.sollicitations.append(sollicitation)
        self.touch()
        return sollicitation
