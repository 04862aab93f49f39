"""The gateway itself: every room on one ground, ready to answer and to work."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace

from raccord.checks.platform_errors import translate
from raccord.domain.clock import Clock, NewId, Sleep, system_clock
from raccord.engine.archiving import Archiving
from raccord.engine.boards import Boards
from raccord.engine.connections.light import Lights
from raccord.engine.deposits.answering import Answering
from raccord.engine.deposits.checking import Checker
from raccord.engine.deposits.drafts import Drafts
from raccord.engine.deposits.follow import Follow
from raccord.engine.deposits.outbox import Outbox
from raccord.engine.deposits.outlook import Outlooks
from raccord.engine.deposits.suppliers import ReachedSuppliers
from raccord.engine.deposits.to_do import ToDos
from raccord.engine.directory.commitments import Commitments
from raccord.engine.directory.room import Directory
from raccord.engine.exporting import Exports
from raccord.engine.foundation.breaker import Breaker
from raccord.engine.foundation.ground import Ground
from raccord.engine.foundation.options import EngineOptions
from raccord.engine.foundation.platform import OnCall
from raccord.engine.gateway import Gateway, Journal
from raccord.engine.letters.digests import Digests
from raccord.engine.letters.expiry import Expiry
from raccord.engine.receptions.desk import Desk
from raccord.engine.receptions.handover import Handovers
from raccord.engine.receptions.inbox import Inbox
from raccord.engine.receptions.readable import Reading
from raccord.engine.receptions.statuses import Statuses
from raccord.engine.receptions.validators import Validators
from raccord.engine.reconciliation.service import Reconciliation
from raccord.engine.repeats import Repeats
from raccord.engine.search import Finder
from raccord.engine.users import PasswordKeeper
from raccord.settings import Settings
from raccord.store.database import Store
from raccord.vault import Vault
from raccord.wiring.opening import archive_rules, engine_options, new_id, open_archive, open_store, open_vault
from raccord.wiring.parts import (
    build_connections,
    build_notices,
    build_platform,
    build_users,
    build_webhooks,
    deposit_checker,
    official_rules,
)
from raccord.wiring.work import build_jobs, register


def build_gateway(
    settings: Settings,
    *,
    store: Store | None = None,
    vault: Vault | None = None,
    clock: Clock = system_clock,
    sleep: Sleep | None = None,
    new_id: NewId = new_id,
    durable: bool = True,
    checker: Checker | None = None,
    options: EngineOptions | None = None,
    on_call: OnCall | None = None,
    keeper: PasswordKeeper | None = None,
) -> Gateway:
    """Everything that faces may ask, ready to answer; `gateway.start()` makes this process work too."""
    store = store or open_store(settings)
    vault = vault or open_vault(settings, store, clock, new_id)
    options = options or engine_options(settings)
    jobs = build_jobs(store, clock, durable=durable, threads=settings.workers)
    platform = build_platform(store, vault, options, clock, sleep or time.sleep, on_call=on_call)
    archive = open_archive(settings)
    ground = Ground(store, archive, clock, new_id, jobs, platform, Breaker(store, clock, jobs), options)
    directory = Directory(ground)
    official = official_rules(settings) if checker is None else None
    checker = checker or deposit_checker(clock, directory, official, lambda key: ReachedSuppliers(ground, key))
    gateway = _furnish(ground, vault, settings, directory=directory, checker=checker, keeper=keeper)
    if official:
        gateway = replace(gateway, closing=(official.close,))
    register(gateway, settings)
    return gateway


def _furnish(
    ground: Ground,
    vault: Vault,
    settings: Settings,
    *,
    directory: Directory,
    checker: Checker,
    keeper: PasswordKeeper | None,
) -> Gateway:
    outbox = Outbox(ground, checker)
    lights = Lights(ground.store, ground.clock, ground.breaker, outbox.release)
    users = build_users(settings, ground.store, vault, ground.clock, ground.new_id, keeper=keeper)
    notices = build_notices(settings, ground)
    inbox = Inbox(ground)
    lights.tell(notices.light_changed)
    boards = Boards(ground, settings.ecb_rate)
    connections = build_connections(ground, vault, lights, settings)
    return Gateway(
        store=ground.store,
        archive=ground.archive,
        clock=ground.clock,
        vault=vault,
        jobs=ground.jobs,
        outbox=outbox,
        drafts=Drafts(ground, vault),
        follow=Follow(ground, translate),
        answering=Answering(ground),
        inbox=inbox,
        statuses=Statuses(ground),
        desk=Desk(ground),
        journal=Journal(ground),
        directory=directory,
        commitments=Commitments(ground),
        archiving=Archiving(ground, archive_rules(settings)),
        reading=Reading(ground),
        finder=Finder(ground),
        validators=Validators(ground),
        connections=connections,
        light=lights,
        users=users,
        expiry=Expiry(ground.store, ground.clock, notices, settings.reminder_days, connections.clock_agrees),
        digests=Digests(ground, boards, notices, settings.public_url),
        webhooks=build_webhooks(settings, ground, vault, notices),
        boards=boards,
        handovers=Handovers(ground),
        exports=Exports(ground, boards),
        repeats=Repeats(ground, vault),
        reconciliation=Reconciliation(ground, inbox),
        outlooks=Outlooks(ground, lights),
        to_dos=ToDos(ground),
        ground=ground,
    )


def build_worker(settings: Settings) -> Callable[[threading.Event], None]:
    """A process that only works: give it the event that stops it."""
    gateway = build_gateway(settings)

    def work(stopping: threading.Event) -> None:
        gateway.start()
        try:
            stopping.wait()
        finally:
            gateway.stop()
            gateway.close()

    return work
