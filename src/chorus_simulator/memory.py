"""What one environment of the simulated Chorus Pro remembers, and how its records are found.

The ground floor: `lifecycle`, `integration`, `accounts` and the other rules act on a `Memory`; `world.World` stands
on them and gives their verbs to the API, the portal and the control room. A memory is deterministic: give it a
seed and a clock, and ids, passwords and tokens come out the same.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from datetime import datetime
from random import Random

from chorus_simulator.clock import Clock
from chorus_simulator.indexes import Invoices
from chorus_simulator.ledger import Ledger
from chorus_simulator.model import Actualite, Engagement, Facture, Flux, HistoStatut, Mail, PieceJointe, Sollicitation
from chorus_simulator.parties import GESTIONNAIRE_PRINCIPAL, Person, PisteApplication, Structure, TechnicalAccount
from chorus_simulator.spool import Spool
from chorus_simulator.switches import Switches

# Where each series of ids starts, each far from the others, so that one mistaken for another is found out.
FIRST = {
    "utilisateur": 331,
    "engagement": 3_001,
    "compte": 5_001,
    "rattachement": 7_001,
    "service": 9_001,
    "piece": 28_001,
    "flux": 44_750,
    "liaison": 60_001,
    "facture": 4_800_001,
    "structure": 26_300_001,
}


@dataclass(frozen=True, slots=True)
class Author:
    """Who signs a status in the history."""

    nom: str = ""
    prenom: str = ""
    email: str = ""
    telephone: str = ""


class Memory:
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
        """The bench's present, aware, in UTC."""
        return self.clock.now()

    def next_id(self, kind: str) -> int:
        """The next number of a series, increasing from its `FIRST`, else from 1."""
        number = self._next.get(kind, FIRST.get(kind, 1))
        self._next[kind] = number + 1
        return number

    @property
    def sequences(self) -> dict[str, int]:
        """The next number of each series, by kind; written as it is in a snapshot."""
        return self._next

    def touch(self) -> None:
        """Say that something changed: what was computed from memberships is stale, the file must be saved."""
        self.changes += 1

    def schedule(self, when: datetime, kind: str, key: str) -> None:
        """Have `happenings` deal with `key` once `when` has passed."""
        heapq.heappush(self.agenda, (when, self.next_id("agenda"), kind, key))

    # -- structures

    def add_structure(self, structure: Structure) -> Structure:
        """Keep a structure and find it by id, identifier and SIREN; one of the same id is replaced."""
        self.structures[structure.idStructureCPP] = structure
        self._by_identifier[structure.identifiant] = structure.idStructureCPP
        self._by_siren.setdefault(structure.siren, []).append(structure.idStructureCPP)
        return structure

    def structure(self, number: int | None) -> Structure | None:
        """By `idStructureCPP`; None for None, and for a number that nobody bears."""
        return self.structures.get(number) if number is not None else None

    def structure_of(self, identifiant: str) -> Structure | None:
        """By SIRET, or by another kind of identifier."""
        return self.structures.get(self._by_identifier.get(identifiant, -1))

    def structures_of_siren(self, siren: str) -> list[Structure]:
        """The establishments of a company, in the order they were added."""
        return [self.structures[number] for number in self._by_siren.get(siren, ())]

    # -- people and rights

    def add_person(self, person: Person) -> Person:
        """Keep a person; what technical accounts may reach is worked out anew."""
        self.persons[person.login] = person
        self._reach.clear()
        return person

    def main_manager(self, structure_id: int) -> Person | None:
        """The gestionnaire principal of a structure, if it has one."""
        return next((p for p in self.persons.values() if self.is_main_manager(p, structure_id)), None)

    @staticmethod
    def is_main_manager(person: Person, structure_id: int) -> bool:
        """Whether the person is the validated gestionnaire principal of this structure."""
        return any(
            m.idStructureCPP == structure_id and m.role == GESTIONNAIRE_PRINCIPAL and m.statut == "VALIDEE"
            for m in person.memberships
        )

    def members(self, structure_id: int) -> list[Person]:
        """Who is attached to a structure, by login."""
        return sorted(
            (p for p in self.persons.values() if any(m.idStructureCPP == structure_id for m in p.memberships)),
            key=lambda person: person.login,
        )

    def structures_of(self, person: Person) -> list[Structure]:
        """The structures to which the person's attachment is validated, in the order of the attachments."""
        return [
            self.structures[m.idStructureCPP]
            for m in person.memberships
            if m.statut == "VALIDEE" and m.idStructureCPP in self.structures
        ]

    def memberships_changed(self) -> None:
        """Say that somebody's role changed: what technical accounts may reach is worked out anew."""
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

    def signed(self, statut: str, when: datetime, login: str, motif: str = "") -> HistoStatut:
        """A line of the history of an invoice, in the name of that login."""
        who = self.author(login)
        return HistoStatut(statut, when, motif, who.nom, who.prenom, who.email, who.telephone)

    def accounts_of(self, structure_id: int) -> list[TechnicalAccount]:
        """The technical accounts of a structure, in the order they were made."""
        return [a for a in self.technical_accounts.values() if a.idStructureCPP == structure_id]

    # -- invoices

    @property
    def factures(self) -> dict[int, Facture]:
        """Every invoice by id, in the order they came, drafts and rejected ones included."""
        return self.invoices.by_id

    def adopt(self, facture: Facture) -> None:
        """Index an invoice that comes as it is: from a file, or made by the control room."""
        supplier = self.structures[facture.idFournisseur]
        self.invoices.triples[supplier.siren, facture.dateFacture.year, facture.numero] = facture.id
        self.invoices.add(facture)
        self.touch()

    # -- the rest

    def send_mail(self, to: str, subject: str, body: str, personnel: bool = False) -> Mail:
        """Keep a mail that would have left now; `personnel` when it holds a password."""
        mail = Mail(to, subject, body, self.now(), personnel)
        self.mails.append(mail)
        self.touch()
        return mail

    def add_sollicitation(self, auteur: str, objet: str, texte: str, categorie: str = "") -> Sollicitation:
        """Keep a request to support, `ENVOYEE` and never answered."""
        number = self.next_id("sollicitation")
        sollicitation = Sollicitation(number, auteur, objet, texte, "ENVOYEE", self.now(), categorie)
        self.sollicitations.append(sollicitation)
        self.touch()
        return sollicitation
