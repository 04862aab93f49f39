"""What a house stands on, opened from its settings: database, archive, vault, the engine's options."""

import errno
import uuid

from raccord.doctor import House
from raccord.domain.clock import Clock, NewId, system_clock
from raccord.domain.errors import Misconfigured
from raccord.domain.machine import why
from raccord.engine.archiving import ArchiveRules
from raccord.engine.archiving.sealing import Authority
from raccord.engine.foundation.options import EngineOptions
from raccord.settings import Settings
from raccord.store import database
from raccord.store.archive.files import FileShelf
from raccord.store.archive.room import Archive
from raccord.store.database import Store
from raccord.store.secrets import SecretShelf
from raccord.vault import Vault
from raccord.vault import open_vault as open_vault_on_shelf


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
        house=House(settings.proxy_url, settings.ca_file, settings.connect_timeout_s, settings.read_timeout_s),
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
