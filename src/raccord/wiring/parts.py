"""The parts that need more than the ground: who checks, who is let in, who is written to, how Chorus Pro is reached."""

import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from raccord import checks
from raccord.checks import CheckReport, Facts
from raccord.checks.facts import KnownSuppliers
from raccord.checks.inspect import Official
from raccord.checks.lanes import Lanes
from raccord.doctor import (
    Machine,
    Tools,
    both_environments,
    hour_without_trust,
    local_checks,
    open_client,
    proxy_of,
    reach_host,
)
from raccord.domain.clock import PARIS, Clock, NewId, Sleep
from raccord.domain.connection import Connection
from raccord.domain.roles import Role
from raccord.engine.connections import Connections, Visits
from raccord.engine.connections.light import Lights
from raccord.engine.deposits.checking import Checker
from raccord.engine.directory.facts import CheckedDirectory
from raccord.engine.directory.room import Directory
from raccord.engine.foundation.ground import Ground
from raccord.engine.foundation.limiter import Limiter
from raccord.engine.foundation.names import (
    WEBHOOK,
    WEBHOOK_LOOK,
    WEBHOOK_TIDY,
)
from raccord.engine.foundation.options import EngineOptions
from raccord.engine.foundation.platform import OnCall, Platform
from raccord.engine.foundation.tokens import SharedTokens
from raccord.engine.gateway import Gateway
from raccord.engine.letters.mail import Mailer, MailServer
from raccord.engine.letters.notices import Notices
from raccord.engine.users import Letters, PasswordKeeper, SignInRules, Users
from raccord.engine.webhooks import AddressGuard, Delivering, Sender, Webhooks
from raccord.hotfolder import WatchedFolder, naming_of
from raccord.settings import Settings
from raccord.store.database import Store
from raccord.store.users import of_role
from raccord.vault import Vault
from raccord.vault.master import exposure

if TYPE_CHECKING:
    import sqlalchemy as sa

_DAY_S = 86_400.0


def build_platform(
    store: Store, vault: Vault, options: EngineOptions, clock: Clock, sleep: Sleep, *, on_call: OnCall | None = None
) -> Platform:
    """The way to Chorus Pro, with its pace and its shared token."""
    limiter = Limiter(store, lambda: clock().timestamp(), sleep)
    return Platform(vault, limiter, SharedTokens(store, vault, clock), options, clock, on_call=on_call)


def official_rules(settings: Settings) -> Lanes | None:
    """The official rule sheets, run apart, started when first needed; None when the settings leave them out."""
    workers = settings.schematron_workers
    return Lanes(workers, rules_folder=settings.rules_dir) if workers else None


def deposit_checker(
    clock: Clock,
    directory: Directory | None = None,
    official: Official | None = None,
    suppliers: Callable[[str], KnownSuppliers] | None = None,
) -> Checker:
    """The checks made before a deposit is accepted.

    With the directory, what the recipient demands is one of them; with `official`, the rule sheets speak too; with
    `suppliers` (of a connection), the supplier must be one of those that the account reaches.
    """

    def check(data: bytes, filename: str, through: Connection | str = "") -> CheckReport:
        connection_id = through if isinstance(through, str) else through.id
        facts = Facts(
            directory=CheckedDirectory(directory, through) if directory else None,
            suppliers=suppliers(connection_id) if suppliers and connection_id else None,
        )
        return checks.check(data, filename, today=clock().astimezone(PARIS).date(), facts=facts, official=official)

    return check


def build_connections(ground: Ground, vault: Vault, lights: Lights, settings: Settings) -> Connections:
    """The connections, with a doctor who works on the real network."""
    facts = ground.store.facts
    machine = Machine(
        dialect=facts.dialect,
        version=facts.version,
        journal_mode=facts.journal_mode,
        wal_reset_bug=facts.wal_reset_bug,
        data_dir=settings.archive_dir,
        key_exposure=exposure(settings),
    )
    house = ground.options.house
    tools = Tools(
        ground.clock,
        partial(open_client, house=house),
        partial(reach_host, house=house),
        time.perf_counter,
        proxy=lambda url, connection: proxy_of(connection, url, house),
        twin=both_environments,
        hour_without_trust=partial(hour_without_trust, house=house),
        local_checks=local_checks(machine),
    )
    visits = Visits(ground.store, vault, lights, tools)
    return Connections(
        ground.store, vault, ground.clock, ground.new_id, visits=visits, lights=lights, way=ground.platform
    )


def build_users(
    settings: Settings,
    store: Store,
    vault: Vault,
    clock: Clock,
    new_id: NewId,
    *,
    keeper: PasswordKeeper | None = None,
) -> Users:
    """The persons and the programs, with the rules of the door."""
    rules = SignInRules(
        idle_s=settings.session_idle_s,
        life_s=settings.session_life_s,
        failures=settings.sign_in_failures,
        lock_s=settings.sign_in_lock_s,
        require_totp=settings.require_totp,
    )
    letters = Letters(build_mailer(settings), settings.public_url)
    return Users(store, vault, clock, new_id, rules=rules, keeper=keeper, letters=letters)


def build_mailer(settings: Settings) -> Mailer | None:
    """The way to the mail server of these settings, None without one."""
    if not settings.smtp_host:
        return None
    server = MailServer(
        host=settings.smtp_host,
        port=settings.smtp_port,
        security=settings.smtp_security,
        user=settings.smtp_user,
        password=settings.smtp_password,
        sender=settings.smtp_sender,
        ca_file=settings.ca_file,
    )
    return Mailer(server)


def build_notices(settings: Settings, ground: Ground) -> Notices:
    """What is told by mail, to the recipients of the settings or else to the Superviseurs."""

    def recipients(conn: "sa.Connection") -> list[str]:
        return list(settings.notice_recipients) or [user.email for user in of_role(conn, Role.SUPERVISEUR)]

    mailer = build_mailer(settings)
    notices = Notices(ground.store, ground.jobs, ground.new_id, recipients=recipients, mailer=mailer)
    notices.install()
    return notices


def build_webhooks(settings: Settings, ground: Ground, vault: Vault, notices: Notices) -> Webhooks:
    """The webhooks, their way out, and the jobs that tell them what happens."""
    guard = AddressGuard(allow_private=settings.webhook_private)
    sender = Sender(guard, ground.clock, time.perf_counter, settings.proxy_url)
    delivering = Delivering(ground, vault, sender, notices.ask, settings.webhook_failures)
    ground.jobs.job(WEBHOOK)(delivering.run)
    ground.jobs.periodic(WEBHOOK_LOOK, settings.webhook_period_s, delivering.look)
    ground.jobs.periodic(WEBHOOK_TIDY, _DAY_S, delivering.tidy)
    return Webhooks(ground, vault, sender)


def build_folder(gateway: Gateway, settings: Settings, root: Path | None = None) -> WatchedFolder | None:
    """The watched folder of the settings, or `root`; None without either."""
    place = root or settings.hotfolder_dir
    if place is None:
        return None
    naming = naming_of(
        settings.hotfolder_profile,
        settings.hotfolder_layout,
        settings.hotfolder_naming,
        own_template=settings.sources.get("hotfolder_naming", "défaut") != "défaut",
        taking=settings.hotfolder_taken,
    )
    return WatchedFolder(gateway, place, naming, patience=timedelta(seconds=settings.hotfolder_pair_wait_s))
