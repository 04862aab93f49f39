"""No secret leaves by the logs, whatever its road: a field, a header, a key, a trace, a line of a library."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from raccord.domain.secrets import Secret
from raccord.logs import ERASED, configure_logs, erase
from raccord.settings import load_settings

PASSWORD = "-shvun)en7jks0P"


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Everything that the logs write, as JSON lines."""
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    before, level = logging.root.handlers[:], logging.root.level
    configure_logs(load_settings({"RACCORD_LOG_FORMAT": "json", "RACCORD_LOG_LEVEL": "debug"}, None))
    yield stream
    logging.root.handlers[:] = before
    logging.root.setLevel(level)
    structlog.reset_defaults()


@pytest.mark.parametrize(
    "fields",
    [
        {"password": PASSWORD},
        {"headers": {"Authorization": f"Bearer {PASSWORD}", "cpro-account": PASSWORD}},
        {"account": Secret(PASSWORD)},
        {"sentence": f"Authorization: Bearer {PASSWORD}"},
        {"sentence": f"client_secret={PASSWORD}&scope=openid"},
        {"candidates": [PASSWORD]},
    ],
)
def test_a_secret_is_erased_from_every_field(fields: dict[str, Any]) -> None:
    left = json.dumps(erase(None, "info", {"event": "essai", **fields}), default=str, ensure_ascii=False)
    assert PASSWORD not in left
    assert ERASED in left
    assert "essai" in left


def test_a_library_and_a_trace_go_through_the_same_door(written: io.StringIO) -> None:
    logging.getLogger("bibliotheque").warning("envoi avec Authorization: Bearer %s", PASSWORD)
    try:
        raise ValueError(f"client_secret={PASSWORD}")
    except ValueError:
        structlog.get_logger("raccord.essai").exception("page.broken", path="/depots")
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    assert PASSWORD not in written.getvalue()
    assert [line["event"].split()[0] for line in lines] == ["envoi", "page.broken"]
    assert lines[1]["path"] == "/depots"
    assert "ValueError" in lines[1]["exception"]
