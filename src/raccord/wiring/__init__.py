"""The joiner: one short function per thing built. Every other room receives what it needs as arguments."""

from raccord.wiring.faces import build_web
from raccord.wiring.gateway import build_gateway, build_worker
from raccord.wiring.opening import archive_rules, engine_options, new_id, open_archive, open_store, open_vault
from raccord.wiring.parts import (
    build_connections,
    build_folder,
    build_mailer,
    build_notices,
    build_platform,
    build_users,
    build_webhooks,
    deposit_checker,
    official_rules,
)
from raccord.wiring.work import build_jobs

__all__ = [
    "archive_rules",
    "build_connections",
    "build_folder",
    "build_gateway",
    "build_jobs",
    "build_mailer",
    "build_notices",
    "build_platform",
    "build_users",
    "build_web",
    "build_webhooks",
    "build_worker",
    "deposit_checker",
    "engine_options",
    "new_id",
    "official_rules",
    "open_archive",
    "open_store",
    "open_vault",
]
