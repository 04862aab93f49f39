"""Logs: one line per event, JSON for machines or coloured for a person, secrets erased whatever their road."""

import logging
import re
import sys
from collections.abc import Mapping
from typing import Any

import structlog

from raccord.domain.secrets import Secret
from raccord.settings import Settings

ERASED = "•••"
_NO_NEWS = frozenset({"color_message"})
"""Fields that say again, in colours, what the event says."""
_CHATTY = ("alembic", "httpx2", "httpcore2", "dbos", "hpack")
"""Libraries whose ordinary progress is no news to an operator: only their warnings are kept."""
_NAMES = re.compile(
    r"(?i)(pass(word|wd)?|mot_de_passe|secret|token|authorization|cpro.?account|cookie|api_?key|totp|candidate)"
)
_SHAPES = re.compile(
    r"(?i)(?P<kept>\b(?:bearer|basic)\s+|cpro-account['\":= ]+|client_secret=|password=|\brac_[0-9a-z]+_"
    r"|/(?:premier-acces|invitation|nouveau-mot-de-passe|calendrier)/)[^\s'\"&,;?/]+"
)


def erase(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """A structlog processor: fields named like a secret, `Secret` values, and texts that hold a header or a key."""
    return {name: _quiet(name, value) for name, value in event.items() if name not in _NO_NEWS}


def _quiet(name: str, value: Any) -> Any:
    if isinstance(value, Secret) or (_NAMES.search(name) and value not in (None, "", True, False)):
        return ERASED
    if isinstance(value, str):
        return _SHAPES.sub(lambda found: found["kept"] + ERASED, value)
    if isinstance(value, Mapping):
        return {key: _quiet(str(key), one) for key, one in value.items()}
    return [_quiet(name, one) for one in value] if isinstance(value, list | tuple) else value


def configure_logs(settings: Settings) -> None:
    """Send every log, ours and the libraries', through the same door, to the error stream."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    ending = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_written(settings.log_format)]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=ending))
    logging.basicConfig(handlers=[handler], level=settings.log_level.upper(), force=True)
    for library in _CHATTY:
        logging.getLogger(library).setLevel(max(logging.WARNING, logging.getLogger().level))
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def _written(form: str) -> list[Any]:
    """Traces become text first, so that a secret inside one is erased too."""
    text = structlog.processors.format_exc_info
    if form == "json":
        return [text, erase, structlog.processors.JSONRenderer(ensure_ascii=False)]
    return [text, erase, structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]
