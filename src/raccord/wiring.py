"""The joiner: one short function per thing built. Every other room receives what it needs as arguments."""

import errno
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from raccord import checks
from raccord.checks import CheckReport, Facts
from raccord.checks.facts import KnownSuppliers
from raccord.checks.inspect import Official
from raccord.checks.lanes import Lanes
from raccord.checks.platform_errors import translate
from raccord.doctor import Machine, Tools, both_environments, local_checks, open_client, reach_host
from raccord.domain.clock import PARIS, Clock, NewId, Sleep, system_clock
from raccord.domain.errors import Misconfigured
from raccord.domain.machine import why
from raccord.domain.roles import Role
from raccord.engine.archiving import ArchiveRules, Archiving
from raccord.engine.archiving.room import SEAL, SEAL_EVERY_S
from raccord.engine.archiving.sealing import Authority
from raccord.engine.boards import Boards
from raccord.engine.connections import Connections, Visits
from raccord.engine.connections import register as register_watch
from raccord.engine.connections.light import Lights
from raccord.engine.deposits.answering import Answering
from raccord.engine.deposits.checking import Checker
from raccord.engine.deposits.departures import Departures
from raccord.engine.deposits.drafts import Drafts
from raccord.engine.deposits.drain import Drain
from raccord.engine.deposits.follow import Follow
from raccord.engine.deposits.outbox import Outbox
from raccord.engine.deposits.replying import Replying, find_orphan_answers
from raccord.engine.deposits.submitting import Submitting, find_orphan_entries
from raccord.engine.deposits.suppliers import ReachedSuppliers
from raccord.engine.directory.commitments import Commitments
from raccord.engine.directory.facts import CheckedDirectory
from raccord.engine.directory.room import Directory
from raccord.engine.exporting import Exports
from raccord.engine.foundation.breaker import Breaker
from raccord.engine.foundation.dbos_engine import DbosEngine
from raccord.engine.foundation.doubt import Doubt, find_orphans
from raccord.engine.foundation.ground import Ground
from raccord.engine.foundation.leasing import end_leases_of_the_dead
from raccord.engine.foundation.limiter import Limiter
from raccord.engine.foundation.names import (
    ANSWER,
    ASK,
    DELTA,
    DIGEST,
    DOORS,
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
    WEBHOOK,
    WEBHOOK_LOOK,
    WEBHOOK_TIDY,
)
from raccord.engine.foundation.options import EngineOptions
from raccord.engine.foundation.platform import OnCall, Platform
from raccord.engine.foundation.port import DurableEngine, Jobs
from raccord.engine.foundation.tokens import SharedTokens
from raccord.engine.foundation.workers import Liveness
from raccord.engine.gateway import Gateway, Journal
from raccord.engine.letters.digests import Digests
from raccord.engine.letters.expiry import Expiry
from raccord.engine.letters.mail import Mailer, MailServer
from raccord.engine.letters.notices import Notices
from raccord.engine.receptions.desk import Desk
from raccord.engine.receptions.handover import Handovers
from raccord.engine.receptions.inbox import Inbox
from raccord.engine.receptions.posting import Posting, find_orphan_posts
from raccord.engine.receptions.readable import Reading
from raccord.engine.receptions.statuses import Statuses
from raccord.engine.receptions.validating import Validating, find_orphan_decisions
from raccord.engine.receptions.validators import Validators
from raccord.engine.repeats import Repeats
from raccord.engine.search import Finder
from raccord.engine.sweep import Sweep
from raccord.engine.users import Letters, SignInRules, Users
from raccord.engine.webhooks import AddressGuard, Delivering, Sender, Webhooks
from raccord.hotfolder import WatchedFolder, naming_of
from raccord.settings import Settings
from raccord.store import database
from raccord.store.archive.files import FileShelf
from raccord.store.archive.room import Archive
from raccord.store.database import Store
from raccord.store.secrets import SecretShelf
from raccord.store.users import of_role
from raccord.vault import Vault
from raccord.vault import open_vault as open_vault_on_shelf
from raccord.vault.master import exposure

if TYPE_CHECKING:
    import sqlalchemy as sa
    from litestar import Litestar, Request

_DAY_S = 86_400.0
_HOUR_S = 3_600.0
_DIGEST_S = 600.0


def new_id() -> str:
    """An identifier never given before."""
    return str(uuid.uuid4())


def open_store(settings: Settings) -> Store:
    """The database of these settings, its tables up to date."""
    return database.open_store(settings.database_url)


def open_archive(settings: Settings) -> Archive:
    """The originals: a bucket when `RACCORD_ARCHIVE_URL` names one, a folder otherwise."""
    if not settings.archive_url:
        return Archive(_ready(FileShelf(settings.archive_dir)))
    from raccord.store.archive.s3 import Bucket, S3Shelf

    address = (settings.archive_url, settings.archive_endpoint, settings.archive_region)
    return Archive(S3Shelf(Bucket(*address, settings.archive_access_key, settings.archive_secret_key)))


def _ready(shelf: FileShelf) -> FileShelf:
    """A folder that can never be written in is told at the start, not at the first invoice."""
    try:
        shelf.prepare()
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return shelf
        raise Misconfigured(
            "ARCHIVE_DOSSIER",
            f"Raccord ne peut pas écrire dans le dossier des originaux « {shelf.root} » : {why(error)}.",
            "Donnez à Raccord le droit d’y écrire, ou choisissez un autre dossier dans RACCORD_ARCHIVE_DIR.",
        ) from error
    return shelf


def archive_rules(settings: Settings) -> ArchiveRules:
    """How long invoices are kept, and who stamps the journal."""
    url = settings.timestamp_url
    return ArchiveRules(settings.retention_years, Authority(url, settings.timestamp_ca_file) if url else None)


def open_vault(settings: Settings, store: Store, clock: Clock = system_clock, new_id: NewId = new_id) -> Vault:
    """The vault, its key proved. Raises `Misconfigured`."""
    return open_vault_on_shelf(settings, SecretShelf(store), clock, new_id)


def engine_options(settings: Settings) -> EngineOptions:
    """The part of the settings that bears on the engine."""
    return EngineOptions(
        flux_max_bytes=settings.flux_max_bytes,
        flux_max_invoices=settings.flux_max_invoices,
        group_delay_s=settings.group_delay_s,
        call_deadline_s=settings.call_deadline_s,
        takeover_delay_s=settings.takeover_delay_s,
        asks=settings.doubt_asks,
        report_first_s=settings.report_first_s,
        report_longest_s=settings.report_longest_s,
        follow_longest_s=settings.follow_longest_s,
        retry_first_s=settings.retry_first_s,
        rate_per_second=settings.rate_per_second,
        rate_burst=settings.rate_burst,
        account_rate_per_second=settings.account_rate_per_second,
        follow_period_s=settings.follow_period_s,
        inbox_period_s=settings.inbox_period_s,
        reception_group=settings.reception_group,
        posts_at_once=settings.posts_at_once,
        sweep_period_s=settings.sweep_period_s,
        keep_finished_jobs_days=settings.keep_finished_jobs_days,
    )


def build_jobs(store: Store, clock: Clock, *, durable: bool, threads: int = 4) -> Jobs:
    """The port to the durable engine; without it (`durable=False`) jobs run when `jobs.run_due()` is called."""
    engine: DurableEngine | None = DbosEngine(store, threads=threads) if durable else None
    jobs = Jobs(store, clock, engine, Liveness(store, clock))
    jobs.prepare()
    return jobs


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
    gateway = _furnish(ground, vault, settings, directory, checker)
    if official:
        gateway = replace(gateway, closing=(official.close,))
    _register(gateway)
    _watch(gateway, settings)
    _look_outside(gateway, settings)
    return gateway


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

    def check(data: bytes, filename: str, connection_id: str = "") -> CheckReport:
        facts = Facts(
            directory=CheckedDirectory(directory, connection_id) if directory else None,
            suppliers=suppliers(connection_id) if suppliers and connection_id else None,
        )
        return checks.check(data, filename, today=clock().astimezone(PARIS).date(), facts=facts, official=official)

    return check


def _furnish(ground: Ground, vault: Vault, settings: Settings, directory: Directory, checker: Checker) -> Gateway:
    outbox = Outbox(ground, checker)
    lights = Lights(ground.store, ground.clock, outbox.release)
    users = build_users(settings, ground.store, vault, ground.clock, ground.new_id)
    notices = build_notices(settings, ground)
    lights.tell(notices.light_changed)
    boards = Boards(ground, settings.ecb_rate)
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
        inbox=Inbox(ground),
        statuses=Statuses(ground),
        desk=Desk(ground),
        journal=Journal(ground),
        directory=directory,
        commitments=Commitments(ground),
        archiving=Archiving(ground, archive_rules(settings)),
        reading=Reading(ground),
        finder=Finder(ground),
        validators=Validators(ground),
        connections=build_connections(ground, vault, lights, settings),
        light=lights,
        users=users,
        expiry=Expiry(ground.store, ground.clock, notices, settings.reminder_days),
        digests=Digests(ground, boards, notices, settings.public_url),
        webhooks=build_webhooks(settings, ground, vault, notices),
        boards=boards,
        handovers=Handovers(ground),
        exports=Exports(ground, boards),
        repeats=Repeats(ground, vault),
        ground=ground,
    )


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
    tools = Tools(
        ground.clock,
        open_client,
        reach_host,
        time.perf_counter,
        twin=both_environments,
        local_checks=local_checks(machine),
    )
    visits = Visits(ground.store, vault, lights, tools)
    return Connections(
        ground.store, vault, ground.clock, ground.new_id, visits=visits, lights=lights, way=ground.platform
    )


def build_users(settings: Settings, store: Store, vault: Vault, clock: Clock, new_id: NewId) -> Users:
    """The persons and the programs, with the rules of the door."""
    rules = SignInRules(
        idle_s=settings.session_idle_s,
        life_s=settings.session_life_s,
        failures=settings.sign_in_failures,
        lock_s=settings.sign_in_lock_s,
        require_totp=settings.require_totp,
    )
    letters = Letters(build_mailer(settings), settings.public_url)
    return Users(store, vault, clock, new_id, rules=rules, letters=letters)


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


def _look_outside(gateway: Gateway, settings: Settings) -> None:
    """The watched folder, when the settings name one."""
    folder = build_folder(gateway, settings)
    if folder:
        gateway.jobs.periodic(FOLDER, settings.hotfolder_period_s, lambda: _discard(folder.look()))
    else:
        gateway.jobs.retire(FOLDER)


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


def _watch(gateway: Gateway, settings: Settings) -> None:
    register_watch(gateway.jobs, gateway.connections, settings.light_period_s)
    gateway.jobs.periodic(REMIND, _HOUR_S, lambda: _discard(gateway.expiry.remind()))
    if settings.digest:
        gateway.jobs.periodic(DIGEST, _HOUR_S, lambda: _discard(gateway.expiry.send_digest()))
    gateway.jobs.periodic(LATE_DIGEST, _DIGEST_S, lambda: _discard(gateway.digests.send_due()))
    gateway.jobs.periodic(DOORS, _DAY_S, lambda: _discard((gateway.users.purge_sessions(), gateway.repeats.forget())))


def _register(gateway: Gateway) -> None:
    ground, jobs = gateway.ground, gateway.jobs
    jobs.job(DRAIN)(Departures(Drain(ground).run, Submitting(ground).run).run)
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
    jobs.caretaker(lambda: _discard(find_orphan_decisions(ground)))


def _discard(_count: object) -> None:
    """A periodic job answers nothing."""


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


def _by_place(page: Callable[..., Any], problem: Callable[..., Any]) -> Callable[..., Any]:
    """Under /api a program is told by a problem, elsewhere a person by a page."""
    return lambda request, error: (problem if request.url.path.startswith("/api/") else page)(request, error)


def _within_reach(gateway: Gateway) -> "Callable[[Request[Any, Any, Any]], Gateway]":
    """The gateway given to a page or to a route: as far as whoever asks may see, and no further."""
    from litestar import Request

    seen = lru_cache(maxsize=256)(gateway.within)

    def given(request: Request[Any, Any, Any]) -> Gateway:
        who = request.scope.get("user")
        return gateway if who is None else seen(who.reach)

    return given


def build_web(gateway: Gateway, settings: Settings) -> "Litestar":
    """The screens and the API in one application, in front of that gateway."""
    from litestar import Litestar
    from litestar.config.compression import CompressionConfig
    from litestar.config.csrf import CSRFConfig
    from litestar.datastructures import State
    from litestar.di import Provide
    from litestar.template import TemplateConfig

    from raccord.api.app import API_FAULTS, api_router, description, open_routes
    from raccord.web.app import HEADERS, PAGE_FAULTS, web_router
    from raccord.web.render import template_engine

    secure = settings.public_url.startswith("https://")
    return Litestar(
        route_handlers=[web_router(), api_router(), open_routes()],
        dependencies={
            "gateway": Provide(_within_reach(gateway), sync_to_thread=False),
            "settings": Provide(lambda: settings, sync_to_thread=False),
        },
        state=State({"gateway": gateway}, deep_copy=False),
        template_config=TemplateConfig(instance=template_engine()),
        csrf_config=CSRFConfig(
            secret=gateway.vault.fingerprint("web/csrf", "v1"), cookie_name="raccord_csrf", cookie_secure=secure,
            cookie_httponly=True, exclude=["^/api/v1"],
        ),
        compression_config=CompressionConfig(backend="gzip", exclude=["/original", "/documents/", "/pdf"]),
        exception_handlers={kind: _by_place(PAGE_FAULTS[kind], API_FAULTS[kind]) for kind in PAGE_FAULTS},
        openapi_config=description(),
        response_headers=HEADERS,
        request_max_body_size=max(200_000_000, 2 * settings.flux_max_bytes),
        logging_config=None,
    )  # fmt: skip
