"""The jobs of the house: which name runs which room, and how often."""

from raccord.domain.clock import Clock
from raccord.engine.archiving.room import SEAL, SEAL_EVERY_S
from raccord.engine.connections import register as register_watch
from raccord.engine.deposits.departures import Departures
from raccord.engine.deposits.drain import Drain
from raccord.engine.deposits.replying import Replying, find_orphan_answers
from raccord.engine.deposits.submitting import Submitting, find_orphan_entries
from raccord.engine.foundation.dbos_engine import DbosEngine
from raccord.engine.foundation.doubt import Doubt, find_orphans
from raccord.engine.foundation.leasing import end_leases_of_the_dead
from raccord.engine.foundation.names import (
    ANSWER,
    ASK,
    DELTA,
    DIGEST,
    DOORS,
    DRAFT,
    DRAIN,
    FOLDER,
    LATE_DIGEST,
    POST,
    PURGE,
    REMIND,
    REPORT,
    SWEEP,
    SYNC,
    VALIDATE,
)
from raccord.engine.foundation.port import DurableEngine, Jobs
from raccord.engine.foundation.workers import Liveness
from raccord.engine.gateway import Gateway
from raccord.engine.receptions.posting import Posting, find_orphan_posts
from raccord.engine.receptions.validating import Validating, find_orphan_decisions
from raccord.engine.sweep import Sweep
from raccord.settings import Settings
from raccord.store.database import Store
from raccord.wiring.parts import build_folder

_DAY_S = 86_400.0
_HOUR_S = 3_600.0
_DIGEST_S = 600.0


def build_jobs(store: Store, clock: Clock, *, durable: bool, threads: int = 4) -> Jobs:
    """The port to the durable engine; without it (`durable=False`) jobs run when `jobs.run_due()` is called."""
    engine: DurableEngine | None = DbosEngine(store, threads=threads) if durable else None
    jobs = Jobs(store, clock, engine, Liveness(store, clock))
    jobs.prepare()
    return jobs


def register(gateway: Gateway, settings: Settings) -> None:
    """Tell the jobs of this process what to run."""
    _work_of_the_engine(gateway)
    _watch(gateway, settings)
    _look_outside(gateway, settings)


def _watch(gateway: Gateway, settings: Settings) -> None:
    register_watch(gateway.jobs, gateway.connections, settings.light_period_s)
    gateway.jobs.periodic(REMIND, _HOUR_S, lambda: _discard(gateway.expiry.remind()))
    if settings.digest:
        gateway.jobs.periodic(DIGEST, _HOUR_S, lambda: _discard(gateway.expiry.send_digest()))
    gateway.jobs.periodic(LATE_DIGEST, _DIGEST_S, lambda: _discard(gateway.digests.send_due()))
    gateway.jobs.periodic(DOORS, _DAY_S, lambda: _discard((gateway.users.purge_sessions(), gateway.repeats.forget())))


def _look_outside(gateway: Gateway, settings: Settings) -> None:
    """The watched folder, when the settings name one."""
    folder = build_folder(gateway, settings)
    if folder:
        gateway.jobs.periodic(FOLDER, settings.hotfolder_period_s, lambda: _discard(folder.look()))
    else:
        gateway.jobs.retire(FOLDER)


def _work_of_the_engine(gateway: Gateway) -> None:
    ground, jobs = gateway.ground, gateway.jobs
    jobs.job(DRAIN)(Departures(Drain(ground).run, Submitting(ground).run).run)
    jobs.job(DRAFT)(gateway.drafts.forget)
    jobs.job(ASK)(Doubt(ground).run)
    jobs.job(REPORT)(gateway.follow.report)
    jobs.job(DELTA)(gateway.follow.delta)
    jobs.job(SYNC)(gateway.inbox.sync)
    jobs.job(POST)(Posting(ground).run)
    jobs.job(ANSWER)(Replying(ground).run)
    jobs.job(VALIDATE)(Validating(ground).run)
    jobs.periodic(SWEEP, ground.options.sweep_period_s, Sweep(ground).run)
    jobs.periodic(PURGE, _DAY_S, lambda: _discard(jobs.purge(ground.options.keep_finished_jobs_days)))
    jobs.periodic(SEAL, SEAL_EVERY_S, lambda: _discard(gateway.archiving.seal()))
    gateway.directory.install()
    jobs.caretaker(lambda: _discard(end_leases_of_the_dead(ground)))
    jobs.caretaker(lambda: _discard(find_orphans(ground)))
    jobs.caretaker(lambda: _discard(find_orphan_posts(ground)))
    jobs.caretaker(lambda: _discard(find_orphan_decisions(ground)))
    jobs.caretaker(lambda: _discard(find_orphan_entries(ground)))
    jobs.caretaker(lambda: _discard(find_orphan_answers(ground)))


def _discard(_count: object) -> None:
    """A periodic job answers nothing."""
