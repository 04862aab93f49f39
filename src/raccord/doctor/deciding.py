"""Which cause stands behind a refused technical account: the answer alone cannot tell, the history can.

The table is that of specifications/diagnosis.md §3. The weights are our own estimate (no statistics are public): they
order the causes and say honestly that several remain possible.
"""

from datetime import datetime, timedelta

from raccord.doctor.patient import History

OLD_PASSWORD = timedelta(days=365)
YOUNG_ACCOUNT = timedelta(minutes=60)
LOCKING_REFUSALS = 5

Weights = dict[str, int]


def after_a_refused_account(login: str, history: History, now: datetime, *, production: bool) -> Weights:
    """The causes that a 401 allows, with their weights in percent."""
    if production and login.upper().startswith("DEV_"):
        return {"TEC-09": 90, "TEC-03": 10}
    if history.refusals >= LOCKING_REFUSALS:
        return _shared_with("TEC-06", 55, _by_history(login, history, now))
    return _by_history(login, history, now)


def _by_history(login: str, history: History, now: datetime) -> Weights:
    technical = login.upper().startswith(("TECH_", "DEV_"))
    if not technical and not history.worked_at:
        return {"TEC-07": 75, "TEC-03": 20, "TEC-08": 5}
    if history.just_typed or (not history.worked_at and _young(history, now)):
        return _just_typed(history)
    if history.worked_at:
        return _worked_before(history, now)
    return {"TEC-03": 55, "TEC-04": 25, "TEC-08": 20}


def _just_typed(history: History) -> Weights:
    if history.remarks:
        return {"TEC-03": 60, "TEC-04": 25, "TEC-05": 15}
    if history.ever_worked:
        return {"TEC-04": 45, "TEC-03": 35, "TEC-05": 20}
    return {"TEC-05": 45, "TEC-03": 40, "TEC-04": 15}


def _worked_before(history: History, now: datetime) -> Weights:
    if history.expires_at is not None:
        passed = history.expires_at <= now
        return {"TEC-01": 93, "TEC-02": 5, "TEC-08": 2} if passed else {"TEC-02": 82, "TEC-08": 12, "TEC-01": 6}
    old = history.changed_at is not None and now - history.changed_at >= OLD_PASSWORD
    return {"TEC-01": 80, "TEC-02": 15, "TEC-08": 5} if old else {"TEC-02": 60, "TEC-01": 28, "TEC-08": 12}


def _young(history: History, now: datetime) -> bool:
    return history.changed_at is not None and now - history.changed_at < YOUNG_ACCOUNT


def _shared_with(code: str, weight: int, others: Weights) -> Weights:
    rest = 100 - weight
    return {code: weight, **{other: max(1, share * rest // 100) for other, share in others.items()}}
