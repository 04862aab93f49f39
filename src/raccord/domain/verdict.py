"""The doctor's words: rungs of the ladder, causes of failure, the verdict."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from raccord.domain.connection import Light

WRONG_CLOCK = "CFG-03"
"""The cause that makes doubtful whatever else depends on our hour: named before all the others."""


class RungState(StrEnum):
    """How a rung of the ladder answered; later rungs are not tried once one has failed."""

    PASSED = "passed"
    ATTENTION = "attention"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Rung:
    """One question to the chain, its answer, its duration in milliseconds, its evidence (secrets masked)."""

    name: str
    title: str
    state: RungState
    sentence: str
    evidence: str
    duration_ms: float


@dataclass(frozen=True)
class Cause:
    """One entry of the catalogue of causes (specifications/diagnosis.md): a code for life, words, steps of the cure."""

    code: str
    family: str
    title: str
    sentence: str
    """French sentence, may hold `{placeholders}` filled from the evidence."""
    steps: tuple[str, ...]
    light: Light
    source: str
    sentence_en: str = ""
    steps_en: tuple[str, ...] = ()
    detection: str = "certain"
    """certain, probable, or explained only."""


@dataclass(frozen=True)
class Suspicion:
    """A cause that the evidence allows, with its odds in percent (all suspicions of a verdict sum to 100)."""

    cause: Cause
    percent: int
    sentence: str


@dataclass(frozen=True)
class Verdict:
    """The doctor's answer for one connection."""

    connection_id: str
    at: datetime
    light: Light
    rungs: tuple[Rung, ...]
    suspicions: tuple[Suspicion, ...]
    """Most likely first; empty when all is well."""
    retry_at: datetime | None = None
    """When a new test will be made by itself, if one is planned."""
    expires_at: datetime | None = None
    """Expiry of the technical password when the platform gave it."""

    @property
    def cause(self) -> Cause | None:
        """The likeliest cause, or None."""
        return self.suspicions[0].cause if self.suspicions else None
