"""What faces ask of the archive."""

from dataclasses import dataclass

from raccord.domain.errors import Invalid
from raccord.engine.archiving import dossier, retention, sealing, verifying
from raccord.engine.archiving.dossier import Dossier
from raccord.engine.archiving.retention import PurgeReport
from raccord.engine.archiving.sealing import Authority
from raccord.engine.archiving.verifying import Progress, VerifyReport
from raccord.engine.foundation.ground import Ground
from raccord.store import journal
from raccord.store.archive import rows as archive_rows
from raccord.store.archive.rows import Hold, Purge, Seal

SEAL = "archive.seal"
"""The name of the job that seals the day."""
SEAL_EVERY_S = 3600.0
"""An authority that did not answer is asked again after so many seconds; a day is sealed once."""


@dataclass(frozen=True)
class ArchiveRules:
    """The settings of the archive."""

    retention_years: int = 10
    authority: Authority | None = None


def _silent(_done: int, _total: int) -> None:
    """Progress that nobody watches."""


class Archiving:
    """Verifies, holds, destroys, seals, gives out."""

    def __init__(self, ground: Ground, rules: ArchiveRules) -> None:
        self._ground = ground
        self.rules = rules

    def verify(self, actor: str, progress: Progress = _silent) -> VerifyReport:
        """Read every byte again and say what is missing or altered. Raises `Unavailable`."""
        report, ground = verifying.verify(self._ground, progress), self._ground
        facts = {"checked": report.checked, "flaws": len(report.flaws), "sound": report.sound}
        with ground.store.begin() as conn:
            journal.append(conn, ground.event("archive", "archive.verified", actor, **facts))
        return report

    def dossier(self, subject: str, actor: str) -> Dossier:
        """Everything about `reception/<id>` or `deposit/<id>` in one ZIP. Raises `NotFound`, `Unavailable`."""
        ground, made = self._ground, dossier.dossier(self._ground, subject)
        with ground.store.begin() as conn:
            journal.append(conn, ground.event(subject, "archive.exported", actor))
        return made

    def hold(self, subject: str, reason: str, actor: str) -> Hold:
        """Keep a subject from destruction until the hold is lifted. Raises `Invalid` (`GEL_SANS_MOTIF`), `NotFound`."""
        ground, reason = self._ground, reason.strip()
        if not reason:
            raise Invalid(
                "GEL_SANS_MOTIF",
                "La conservation forcée d’une facture demande un motif : il dira plus tard pourquoi elle est gardée.",
                "Écrivez le motif en quelques mots, par exemple « contentieux n° 2026-14 ».",
            )
        new = Hold(ground.new_id(), subject, reason[:500], actor[:120], ground.clock())
        with ground.store.begin() as conn:
            archive_rows.place(conn, new)
            journal.append(conn, ground.event(subject, "archive.held", actor, hold=new.id, reason=new.reason))
        return new

    def lift(self, hold_id: str, actor: str) -> Hold:
        """End a hold. Raises `NotFound` (`GEL_INCONNU`)."""
        ground = self._ground
        with ground.store.begin() as conn:
            lifted = archive_rows.lift(conn, hold_id, actor[:120], ground.clock())
            journal.append(conn, ground.event(lifted.subject, "archive.released", actor, hold=hold_id))
        return lifted

    def holds(self, subject: str = "") -> tuple[Hold, ...]:
        """The holds not lifted, of one subject or of all, oldest first."""
        with self._ground.store.read() as conn:
            return archive_rows.open_holds(conn, subject)

    def purge(self, actor: str, *, dry_run: bool, most: int = 1000) -> PurgeReport:
        """Destroy what has been kept longer than the rule; `dry_run` only says what would be. Raises `Unavailable`."""
        return retention.purge(self._ground, self.rules.retention_years, actor, dry_run=dry_run, most=most)

    def purged(self, subject: str) -> Purge | None:
        """The destruction of a subject, or None while it is kept."""
        with self._ground.store.read() as conn:
            return archive_rows.purged(conn, subject)

    def seal(self) -> Seal | None:
        """Job: seal the day, and have stamped what is not yet; gives today's seal, None while nothing happened."""
        return sealing.seal_today(self._ground, self.rules.authority)

    def seals(self, limit: int = 100) -> tuple[Seal, ...]:
        """The last seals, newest first."""
        with self._ground.store.read() as conn:
            return archive_rows.all_seals(conn, limit)
