"""The archive over the years: verified, held, destroyed when the rule allows, sealed day by day, given out whole."""

from raccord.engine.archiving.dossier import Dossier
from raccord.engine.archiving.room import ArchiveRules, Archiving
from raccord.engine.archiving.verifying import Flaw, VerifyReport

__all__ = ["ArchiveRules", "Archiving", "Dossier", "Flaw", "VerifyReport"]
