"""The archive keeps what it was given, says when it cannot, and destroys only what the rule and nobody's hold allow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from raccord.domain.errors import Invalid, NotFound
from raccord.domain.reception import Reception
from raccord.engine.gateway import Gateway
from raccord.store.archive import rows as archive_rows
from raccord.store.archive.files import FileShelf
from raccord.store.archive.room import Condition
from raccord.store.tables.core import documents

Fetch = Callable[..., tuple[Reception, ...]]


def _years(diary: Any, **span: float) -> None:
    """Time passes here alone: the simulator of the session keeps its hour."""
    diary.others.clear()
    diary.passes(**span)


def _files(gateway: Gateway) -> FileShelf:
    assert isinstance(gateway.archive.shelf, FileShelf)
    return gateway.archive.shelf


def _spoil(gateway: Gateway, sha256: str, data: bytes | None) -> None:
    path = _files(gateway).path(sha256)
    path.chmod(0o640)
    path.unlink() if data is None else path.write_bytes(data)


def test_a_verification_reads_everything_again(gateway: Gateway, fetched: Fetch) -> None:
    receptions = fetched(3)
    seen: list[tuple[int, int]] = []
    report = gateway.archiving.verify("alice", lambda done, total: seen.append((done, total)))
    names = {document.sha256 for reception in receptions for document in reception.documents}
    assert report.sound
    assert (report.checked, report.unexpected) == (len(names), 0)
    assert seen[-1] == (len(names), len(names))
    last = gateway.journal.latest(1)[0]
    assert (last.kind, last.data["sound"]) == ("archive.verified", True)


def test_what_is_missing_or_altered_is_named_with_its_owner(gateway: Gateway, fetched: Fetch) -> None:
    first, second = fetched(2)
    _spoil(gateway, first.documents[0].sha256, None)
    _spoil(gateway, second.documents[0].sha256, b"autre chose")
    report = gateway.archiving.verify("alice")
    assert not report.sound
    assert {(flaw.condition, flaw.subjects) for flaw in report.flaws} == {
        (Condition.MISSING, (f"reception/{first.id}",)),
        (Condition.CORRUPT, (f"reception/{second.id}",)),
    }


def test_bytes_that_an_interruption_left_are_counted_and_harmless(gateway: Gateway, fetched: Fetch) -> None:
    fetched(1)
    gateway.archive.put(b"un depot interrompu avant sa ligne")
    report = gateway.archiving.verify("alice")
    assert report.sound
    assert report.unexpected == 1


def test_nothing_goes_before_its_time_and_a_dry_run_destroys_nothing(
    gateway: Gateway, fetched: Fetch, diary: Any
) -> None:
    (reception,) = fetched(1)
    _years(diary, days=3600)
    assert gateway.archiving.purge("alice", dry_run=True).items == ()
    _years(diary, days=800)
    planned = gateway.archiving.purge("alice", dry_run=True)
    assert [one.subject for one in planned.items] == [f"reception/{reception.id}"]
    assert planned.items[0].size == sum(document.size for document in reception.documents)
    assert gateway.inbox.get(reception.id).documents == reception.documents
    assert gateway.archiving.verify("alice").sound


def test_a_destruction_takes_the_bytes_and_the_words_and_leaves_the_trace(
    gateway: Gateway, fetched: Fetch, diary: Any
) -> None:
    (reception,) = fetched(1)
    _years(diary, days=4400)
    done = gateway.archiving.purge("alice", dry_run=False)
    assert [one.number for one in done.items] == [reception.number]
    after = gateway.inbox.get(reception.id)
    assert (after.number, after.documents) == (reception.number, ())
    assert list(_files(gateway).names()) == []
    trace = gateway.archiving.purged(f"reception/{reception.id}")
    assert trace is not None
    assert trace.dropped_at is not None
    event = gateway.inbox.events(reception.id)[-1]
    assert (event.kind, event.actor, event.data["rule"]) == ("archive.purged", "alice", "10 ans")
    assert gateway.archiving.verify("alice").sound
    assert gateway.archiving.purge("alice", dry_run=False).items == ()


def test_what_is_held_stays_until_the_hold_is_lifted(gateway: Gateway, fetched: Fetch, diary: Any) -> None:
    (reception,) = fetched(1)
    subject = f"reception/{reception.id}"
    hold = gateway.archiving.hold(subject, " contentieux n° 2026-14 ", "alice")
    assert (hold.reason, gateway.archiving.holds(subject)) == ("contentieux n° 2026-14", (hold,))
    _years(diary, days=4400)
    assert gateway.archiving.purge("bob", dry_run=False).items == ()
    gateway.archiving.lift(hold.id, "alice")
    assert len(gateway.archiving.purge("bob", dry_run=False).items) == 1
    kinds = [event.kind for event in gateway.inbox.events(reception.id)]
    assert kinds[-3:] == ["archive.held", "archive.released", "archive.purged"]


def test_a_hold_says_why_and_on_what(gateway: Gateway, fetched: Fetch) -> None:
    (reception,) = fetched(1)
    with pytest.raises(Invalid, match="GEL_SANS_MOTIF"):
        gateway.archiving.hold(f"reception/{reception.id}", "  ", "alice")
    for subject in ("reception/inconnue", "user/1", ""):
        with pytest.raises(NotFound, match="DOSSIER_INCONNU"):
            gateway.archiving.hold(subject, "contentieux", "alice")
    with pytest.raises(NotFound, match="GEL_INCONNU"):
        gateway.archiving.lift("inconnu", "alice")


def test_bytes_shared_with_an_invoice_that_stays_are_not_destroyed(
    gateway: Gateway, fetched: Fetch, diary: Any
) -> None:
    old, new = fetched(2)
    gateway.archiving.hold(f"reception/{new.id}", "contentieux", "alice")
    shared = old.documents[1]
    with gateway.store.begin() as conn:
        conn.execute(documents.update().where(documents.c.reception_id == new.id, documents.c.kind == "original")
                     .values(sha256=shared.sha256, size=shared.size))  # fmt: skip
    _years(diary, days=4400)
    assert [one.subject for one in gateway.archiving.purge("bob", dry_run=False).items] == [f"reception/{old.id}"]
    assert gateway.archive.examine(shared.sha256) is Condition.SOUND
    assert gateway.archiving.verify("bob").sound


def test_an_interruption_after_the_decision_is_finished_by_the_next_passage(
    gateway: Gateway, fetched: Fetch, diary: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched(1)
    _years(diary, days=4400)

    def cut(*_: object) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(gateway.archive, "drop", cut)
        with pytest.raises(KeyboardInterrupt):
            gateway.archiving.purge("alice", dry_run=False)
    assert list(_files(gateway).names())
    with gateway.store.read() as conn:
        assert len(archive_rows.undropped(conn)) == 1
    gateway.archiving.purge("alice", dry_run=False)
    assert list(_files(gateway).names()) == []
    with gateway.store.read() as conn:
        assert archive_rows.undropped(conn) == ()


def test_a_deposit_under_way_is_never_destroyed(gateway: Gateway, online: Any, invoicing: Any, diary: Any) -> None:
    deposit = invoicing.accept(gateway, "F-2026-1").deposit
    _years(diary, days=4400)
    assert gateway.archiving.purge("alice", dry_run=True).items == ()
    gateway.outbox.cancel(deposit.id, "alice")
    assert [one.subject for one in gateway.archiving.purge("alice", dry_run=False).items] == [f"deposit/{deposit.id}"]
    with pytest.raises(NotFound, match="ARCHIVE_ABSENTE"):
        gateway.outbox.original(deposit.id)
    assert gateway.archiving.verify("alice").sound
