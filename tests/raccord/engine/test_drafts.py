"""A PDF laid on the desk to be typed: an invoice keeps it, an abandoned draft does not."""

from __future__ import annotations

import os
from typing import Any

import pytest

from raccord.domain.connection import Connection
from raccord.domain.deposit import NewDeposit
from raccord.domain.errors import Invalid, NotFound
from raccord.engine.gateway import Gateway
from raccord.formats.sample import make_invoice, write_sample
from raccord.store.archive.files import FileShelf


def _given_at(gateway: Gateway, sha256: str, seconds: float) -> None:
    """The folder dates what it is given by the machine's clock, which a test does not set."""
    assert isinstance(gateway.archive.shelf, FileShelf)
    os.utime(gateway.archive.shelf.path(sha256), (seconds, seconds))


def test_an_abandoned_draft_leaves_nothing_in_the_archive(gateway: Gateway, offline: Connection, diary: Any) -> None:
    abandoned, deposited = (write_sample(make_invoice(lines), "facturx") for lines in (1, 2))
    drafts = [gateway.drafts.keep("alice", "facture.pdf", data) for data in (abandoned, deposited)]
    taken = gateway.outbox.accept(NewDeposit(offline.id, deposited, "facture.pdf")).deposit

    diary.passes(hours=13)
    with pytest.raises(Invalid, match="BROUILLON_PERDU"):
        gateway.drafts.open("alice", drafts[0].token)
    again = gateway.drafts.keep("bob", "facture.pdf", abandoned)
    _given_at(gateway, again.sha256, diary().timestamp())

    diary.passes(hours=11.5)  # the day of the first draft is over, not that of the second
    gateway.jobs.run_due()
    assert gateway.drafts.open("bob", again.token)[1] == abandoned

    diary.passes(hours=24)
    gateway.jobs.run_due()
    with pytest.raises(NotFound, match="ARCHIVE_ABSENTE"):
        gateway.archive.get(drafts[0].sha256)
    assert gateway.outbox.original(taken.id) == deposited
