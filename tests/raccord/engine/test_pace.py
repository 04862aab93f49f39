"""The limiter is exact between processes, patient for a second, and obeys the platform."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from choruspro import Busy, CredentialsRefused, Refused, Surprising, TooLarge, Unreachable
from raccord.engine.foundation import retry
from raccord.engine.foundation.limiter import Lane, Limiter
from raccord.engine.foundation.port import Later
from raccord.engine.foundation.retry import Reaction
from raccord.store.database import Store


class Metronome:
    """Seconds that a test sets, and a sleep that lets them pass."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def beat() -> Metronome:
    return Metronome()


def test_a_burst_passes_then_the_pace_is_kept(store: Store, beat: Metronome) -> None:
    limiter = Limiter(store, beat, beat.sleep)
    waits = [limiter.take([Lane("account/a", rate=10, burst=5)])[0] - beat.now for _ in range(8)]
    waits = [max(0, wait) for wait in waits]
    assert [round(wait, 3) for wait in waits] == [0, 0, 0, 0, 0, 0.1, 0.2, 0.3]


def test_over_ten_seconds_no_more_calls_than_the_rate_allows(store: Store, beat: Metronome) -> None:
    limiter = Limiter(store, beat, beat.sleep)
    start, calls = beat.now, 0
    while beat.now < start + 10:
        limiter.wait([Lane("account/a", rate=20, burst=1)])
        calls += 1
    assert 199 <= calls <= 202


def test_a_turn_too_far_away_gives_the_place_back_and_takes_nothing(store: Store, beat: Metronome) -> None:
    limiter = Limiter(store, beat, beat.sleep)
    limiter.hold("account/a", 30)
    with pytest.raises(Later) as later:
        limiter.wait([Lane("account/a", rate=10, burst=1)])
    assert later.value.delay == pytest.approx(30, abs=0.2)
    with pytest.raises(Later) as again:
        limiter.wait([Lane("account/a", rate=10, burst=1)])
    assert again.value.delay == pytest.approx(30, abs=0.2)
    beat.sleep(30.2)
    limiter.wait([Lane("account/a", rate=10, burst=1)])


def test_accounts_do_not_slow_one_another(store: Store, beat: Metronome) -> None:
    limiter = Limiter(store, beat, beat.sleep)
    limiter.hold("account/a", 60)
    assert limiter.take([Lane("account/b", rate=10, burst=1)]) == [beat.now]


def test_two_processes_share_one_pace(store: Store, beat: Metronome) -> None:
    taken: list[float] = []

    def call() -> None:
        limiter = Limiter(store, beat, beat.sleep)
        taken.extend([limiter.take([Lane("account/a", rate=1000, burst=1)])[0] - beat.now for _ in range(5)])

    threads = [threading.Thread(target=call) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(round(wait, 3) for wait in taken) == [rank / 1000 for rank in range(20)]


A_LANE, ANOTHER = Lane("application/a", rate=10, burst=3), Lane("account/a", rate=5, burst=1)


def test_calls_that_leave_together_take_the_turns_that_they_would_take_alone(store: Store, beat: Metronome) -> None:
    limiter = Limiter(store, beat, beat.sleep)
    together = [round(turn - beat.now, 3) for turn in limiter.take([A_LANE, ANOTHER], 4)]
    assert together == [0, 0.2, 0.4, 0.6]  # the slower lane gives the pace
    beat.sleep(10)
    assert [round(limiter.take([A_LANE])[0] - beat.now, 3) for _ in range(4)] == [0, 0, 0, 0.1]


def test_one_leaves_when_all_of_them_would_wait_too_long(store: Store, beat: Metronome) -> None:
    limiter = Limiter(store, beat, beat.sleep)
    assert limiter.take([Lane("account/a", rate=1, burst=1)], 8) == [beat.now]
    assert len(limiter.take([Lane("account/a", rate=1, burst=1)], 8)) == 1


def test_a_turn_refused_on_one_lane_is_taken_on_none(store: Store, beat: Metronome) -> None:
    limiter = Limiter(store, beat, beat.sleep)
    limiter.hold("account/a", 60)
    for _ in range(5):
        with pytest.raises(Later):
            limiter.wait([A_LANE, ANOTHER])
    assert [round(limiter.take([A_LANE])[0] - beat.now, 3) <= 0 for _ in range(4)] == [True, True, True, False]


@pytest.mark.parametrize(
    ("error", "reaction"),
    [
        (CredentialsRefused("non", which="technical-account"), Reaction.STOP),
        (CredentialsRefused("non", which="piste"), Reaction.STOP),
        (CredentialsRefused("non", which="access"), Reaction.WAIT),
        (Busy("plus tard", retry_after=7.0), Reaction.WAIT),
        (Busy("502", effect_unknown=True), Reaction.ASK),
        (Unreachable("pas parti", sent=False), Reaction.WAIT),
        (Unreachable("parti", sent=True, effect_unknown=True), Reaction.ASK),
        (TooLarge("trop gros"), Reaction.SPLIT),
        (Refused("non"), Reaction.REFUSE),
        (Surprising("?"), Reaction.WAIT),
        (Surprising("?", effect_unknown=True), Reaction.ASK),
    ],
)
def test_each_error_has_its_course(error: Exception, reaction: Reaction) -> None:
    assert retry.after(error).reaction is reaction  # type: ignore[arg-type]  # all are ChorusProError


def test_retry_after_is_obeyed() -> None:
    assert retry.after(Busy("plus tard", retry_after=7.0), failures=5).delay == 7.0


@given(st.integers(min_value=0, max_value=50))
def test_patience_grows_and_never_passes_ten_minutes(failures: int) -> None:
    grow: Callable[[int], float] = retry.growing
    assert 0 < grow(failures) <= grow(failures + 1) <= 600
