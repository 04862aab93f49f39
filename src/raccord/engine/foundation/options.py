"""What may be tuned in the engine; `wiring` fills it from the settings."""

from dataclasses import dataclass

from raccord.doctor import HOUSELESS, House


@dataclass(frozen=True)
class EngineOptions:
    """Delays in seconds, sizes in bytes. The defaults suit the limits of specifications/flux.md §6."""

    flux_max_bytes: int = 30_000_000
    flux_max_invoices: int = 500
    group_delay_s: float = 2.0
    """How long the first ready deposit waits for others to travel with it."""
    group_stretch: float = 150.0
    """How many times longer it waits at most, when flux follow one another: five minutes."""
    call_deadline_s: float = 90.0
    takeover_delay_s: float = 300.0
    """After a call without answer, how long before asking Chorus Pro; more than the deadline of a call."""
    asks: int = 4
    """How many times Chorus Pro is asked, each wait twice the one before, before "not there" is believed."""
    retry_first_s: float = 10.0
    """After a first failure of the network or of Chorus Pro; the wait then grows, up to sixty times as long."""
    rate_per_second: float = 20.0
    rate_burst: int = 20
    account_rate_per_second: float = 10.0
    report_first_s: float = 5.0
    report_longest_s: float = 1800.0
    follow_period_s: float = 300.0
    follow_longest_s: float = 4 * 3600.0
    inbox_period_s: float = 900.0
    inbox_longest_s: float = 3600.0
    overlap_s: float = 3600.0
    """How far before the last news seen a delta search begins again: clocks differ, and dates may be truncated."""
    reception_group: int = 10
    posts_at_once: int = 4
    """Statuses that leave side by side on one connection, each of another invoice."""
    sweep_period_s: float = 60.0
    keep_finished_jobs_days: float = 7.0
    house: House = HOUSELESS
    """The proxy and the authorities of connections that name none; how long an answer is waited for."""
