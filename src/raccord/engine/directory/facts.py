"""The directory as the checks ask it. What cannot be known is not held against an invoice.

Without a copy nothing is asked and nothing is judged. The copy may be a week old: before a structure or a service is
said to be absent or closed, Chorus Pro is asked; when it cannot be, the invoice passes: Chorus Pro itself will judge.
"""

from functools import cached_property

from raccord.checks.facts import RecipientFacts, ServiceFacts
from raccord.domain.connection import Connection
from raccord.domain.directory import Edition, PublicService, PublicStructure, Requirement, requirement
from raccord.domain.errors import RaccordError
from raccord.domain.identifiers import Siret
from raccord.engine.directory.room import Directory


class CheckedDirectory:
    """Answers `raccord.checks.facts.DirectoryFacts` for a deposit of one connection ("" when there is none yet).

    Made for each check: the connection and the copy in use are read once, the copy when the structure is not in it.
    """

    def __init__(self, directory: Directory, through: Connection | str = "") -> None:
        self._directory, self._meant = directory, through

    def recipient(self, siret: Siret) -> RecipientFacts | None:
        """The structure of this SIRET; an open one that demands nothing when nobody can tell."""
        try:
            found = self._directory.listed(siret, self._through)
            if found is None and self._copy is None:
                return _benefit_of_the_doubt(siret)
            if found is None or not found.active:
                found = self._directory.find(siret, self._through, fresh=True) or found
        except RaccordError:
            return _benefit_of_the_doubt(siret)
        return None if found is None else _as_facts(found)

    def service(self, siret: Siret, code: str) -> ServiceFacts | None:
        """One of its services; an open one when nobody can tell."""
        try:
            found = self._directory.listed_service(siret, code, self._through)
            if found is None and self._tells_no_service:
                return ServiceFacts(code, code, active=True)
            if found is None or not found.active:
                found = self._directory.service(siret, code, self._through, fresh=True)
        except RaccordError:
            return ServiceFacts(code, code, active=True)
        return None if found is None else _service_as_facts(found)

    @cached_property
    def _through(self) -> Connection | None:
        return self._directory.connection(self._meant)

    @cached_property
    def _copy(self) -> Edition | None:
        return self._directory.copy(self._through)

    @property
    def _tells_no_service(self) -> bool:
        """Without a copy; with one of the structures alone, when Chorus Pro cannot be asked either."""
        return self._copy is None or (self._through is None and self._copy.services == 0)


def _benefit_of_the_doubt(siret: Siret) -> RecipientFacts:
    return RecipientFacts(siret, siret, active=True, requirement=Requirement.NONE)


def _as_facts(found: PublicStructure) -> RecipientFacts:
    return RecipientFacts(found.siret, found.name, found.active, requirement(found))


def _service_as_facts(found: PublicService) -> ServiceFacts:
    return ServiceFacts(found.code, found.name, found.active, bool(found.commitment_required))
