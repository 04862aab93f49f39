"""What the doctor writes while climbing: a rung per question, suspicions with weights, facts for the sentences."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from raccord.doctor.catalogue import CATALOGUE
from raccord.domain.clock import PARIS
from raccord.domain.connection import Light
from raccord.domain.verdict import WRONG_CLOCK, Rung, RungState, Suspicion, Verdict

_WORST = (Light.GREEN, Light.AMBER, Light.RED)


class Notebook:
    """Rungs in order and suspicions by weight; `verdict` closes it."""

    def __init__(self, timer: Callable[[], float]) -> None:
        self._timer = timer
        self._started = timer()
        self.rungs: list[Rung] = []
        self.facts: dict[str, str] = {}
        self._weights: dict[str, int] = {}
        self.forbidden: list[str] = []
        """API families that answered 403."""
        self.expires_at: datetime | None = None
        self.retry_at: datetime | None = None
        self.ahead = timedelta()
        """How far our clock runs ahead of the platform's, when it is wrong."""

    def begin(self) -> None:
        """Start the stopwatch of the next rung."""
        self._started = self._timer()

    def note(self, name: str, title: str, state: RungState, sentence: str, evidence: str = "") -> None:
        """Write the answer of a rung."""
        duration = round((self._timer() - self._started) * 1000, 1)
        self.rungs.append(Rung(name, title, state, sentence, evidence[:2000], duration))
        self.begin()

    def skip(self, name: str, title: str) -> None:
        """Write that a rung was not tried."""
        self.note(name, title, RungState.SKIPPED, "Non vérifié : une étape précédente a échoué.")
        self.rungs[-1] = replace(self.rungs[-1], duration_ms=0.0)

    def suspect(self, code: str, weight: int = 100, **facts: str) -> None:
        """Hold a cause for possible, with a weight."""
        self._weights[code] = weight
        self.facts.update(facts)

    def verdict(self, connection_id: str, at: datetime) -> Verdict:
        """Close the notebook: the light is that of the worst cause suspected."""
        suspicions = self._suspicions()
        light = max((one.cause.light for one in suspicions), key=_WORST.index, default=Light.GREEN)
        return Verdict(connection_id, at, light, tuple(self.rungs), suspicions, self.retry_at, self.expires_at)

    def _suspicions(self) -> tuple[Suspicion, ...]:
        ordered = sorted(self._weights.items(), key=_first_named)
        shares = _shares([weight for _, weight in ordered])
        return tuple(
            Suspicion(
                CATALOGUE[code],
                share,
                fill(CATALOGUE[code].sentence, self.facts),
            )
            for (code, _), share in zip(ordered, shares, strict=True)
        )


def _first_named(pair: tuple[str, int]) -> tuple[bool, int, int]:
    """A wrong clock, then the worst light, then the heaviest."""
    code, weight = pair
    return (code != WRONG_CLOCK, -_WORST.index(CATALOGUE[code].light), -weight)


def fill(sentence: str, facts: Mapping[str, str]) -> str:
    """A sentence with its facts; one that is unknown leaves an ellipsis, never a brace."""
    return sentence.format_map(_Known(facts)).strip()


def day(instant: datetime) -> str:
    """A date as people read it, in Paris: JJ/MM/AAAA."""
    return instant.astimezone(PARIS).strftime("%d/%m/%Y")


def hour(instant: datetime) -> str:
    """An hour as people read it, in Paris: HH:MM."""
    return instant.astimezone(PARIS).strftime("%H:%M")


class _Known(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "" if key == "remarks" else "…"


def _shares(weights: list[int]) -> list[int]:
    """Percentages that sum to 100, whatever the weights."""
    total = sum(weights)
    shares = [weight * 100 // total for weight in weights]
    if shares:
        shares[0] += 100 - sum(shares)
    return shares
