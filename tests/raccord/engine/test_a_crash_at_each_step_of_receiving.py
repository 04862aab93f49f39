"""Raccord dies at a step of the download, any step: its successor finds everything, once, whole."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from raccord.domain.connection import Structure
from raccord.domain.reception import ReceptionState
from raccord.engine.foundation.names import SWEEP

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from raccord.engine.gateway import Gateway

TOWN, COUNT = "21970999400017", 7


class Killed(BaseException):
    """The process dies: nothing that it had not committed remains, and nobody catches this."""


class Scythe:
    """Kills the process at the n-th statement that holds these words, or the n-th file put in the archive."""

    def __init__(self, gateway: Gateway, words: str, nth: int = 1) -> None:
        self._words, self._left, self._engine = words, nth, gateway.store.engine
        self._archive, self._shelf = gateway.archive, gateway.archive.shelf
        self.struck = False

    def __enter__(self) -> Scythe:
        sa.event.listen(self._engine, "before_cursor_execute", self._statement)
        self._archive.shelf = self
        return self

    def __exit__(self, *_error: object) -> None:
        sa.event.remove(self._engine, "before_cursor_execute", self._statement)
        self._archive.shelf = self._shelf

    def _statement(self, _conn: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        self._pass(f"{statement} {parameters}")

    def _pass(self, what: str) -> None:
        self._left -= self._words in what
        if self._left == 0:
            self._left, self.struck = -1, True
            raise Killed(what)

    # The archive's shelf, dying around the writing of a file

    def keep(self, files: Mapping[str, bytes]) -> None:
        """Put the files, unless the process dies just before or just after one of them."""
        for sha256, data in files.items():
            self._pass("before a file")
            self._shelf.keep({sha256: data})
            self._pass("after a file")

    def read(self, sha256: str) -> bytes:
        """As the true shelf."""
        return self._shelf.read(sha256)

    def drop(self, sha256: str, before: Any) -> bool:
        """As the true shelf."""
        return self._shelf.drop(sha256, before)

    def names(self) -> Iterator[str]:
        """As the true shelf."""
        return self._shelf.names()


@pytest.fixture
def town(commune: Structure, gateway: Gateway, bench: Any, diary: Any) -> Structure:
    """A public body that has received seven invoices, and whose download is about to begin."""
    bench.control("POST", "/factures", destinataire=TOWN, count=COUNT)
    gateway.inbox.begin("s1", diary() - timedelta(days=1), "bob@val-fictif.fr")
    return commune


def _succeeded(make_gateway: Callable[..., Gateway], diary: Any) -> Gateway:
    """Another process takes over: it sweeps, then works."""
    successor = make_gateway()
    for _ in range(3):
        successor.jobs.run(SWEEP, "*", {})
        with successor.store.begin() as conn:
            successor.jobs.schedule(conn, SWEEP, "*", {})
        successor.jobs.run_due()
        diary.passes(minutes=16)
    return successor


def _assert_everything_once(gateway: Gateway) -> None:
    assert gateway.inbox.count() == {ReceptionState.SEEN: 0, ReceptionState.STORED: COUNT}
    told = gateway.inbox.since(0)
    assert [place for place, _ in told] == list(range(1, COUNT + 1))
    assert len({reception.id_facture for _, reception in told}) == COUNT
    for _, reception in told:
        assert Counter(document.kind for document in reception.documents)["pivot"] == 1
        for document in reception.documents:
            assert len(gateway.inbox.document(reception.id, document.sha256)[1]) == document.size
        kinds = Counter(event.kind for event in gateway.inbox.events(reception.id))
        assert (kinds["reception.seen"], kinds["reception.stored"]) == (1, 1)
        assert gateway.finder.search(reception.number).items
    assert gateway.journal.verify().intact


@pytest.mark.parametrize(
    ("words", "nth"),
    [
        pytest.param("INSERT INTO receptions", 1, id="the first page is being written"),
        pytest.param("recipient_cursor", 2, id="the search is over, its place is not kept"),
        pytest.param("before a file", 1, id="the download has come, nothing is kept"),
        pytest.param("after a file", 1, id="one file is in the archive"),
        pytest.param("before a file", 4, id="some files are in the archive"),
        pytest.param("UPDATE receptions", 1, id="all its files are in the archive, its row says nothing"),
        pytest.param("INSERT INTO documents", 1, id="its row says fetched, its files are not listed"),
        pytest.param("reception.stored", 1, id="its files are listed, its event is not written"),
        pytest.param("after a file", 9, id="other invoices are fetched already"),
        pytest.param("last_success_at", 1, id="everything is fetched, the visit is not noted"),
    ],
)
def test_nothing_is_lost_and_nothing_comes_twice(
    gateway: Gateway, town: Structure, make_gateway: Callable[..., Gateway], diary: Any, words: str, nth: int
) -> None:
    with Scythe(gateway, words, nth) as scythe, pytest.raises(Killed):
        gateway.jobs.run_due()
    assert scythe.struck
    _assert_everything_once(_succeeded(make_gateway, diary))


@pytest.mark.parametrize("words", ["INSERT", "UPDATE", "a file"])
def test_a_house_that_dies_again_and_again_gets_there(
    gateway: Gateway, town: Structure, make_gateway: Callable[..., Gateway], diary: Any, words: str
) -> None:
    deaths = 0
    for nth in range(1, 40):
        worker = make_gateway()
        with worker.store.begin() as conn:
            worker.jobs.schedule(conn, "inbox.sync", "s1", {"structure_id": "s1"})
        with Scythe(worker, words, nth) as scythe:
            try:
                worker.jobs.run_due()
            except Killed:
                deaths += 1
        if not scythe.struck:
            break
        diary.passes(minutes=6)  # the dead man's lease ends
    assert deaths > 3
    _assert_everything_once(_succeeded(make_gateway, diary))


def test_the_platform_s_flag_is_no_memory_of_ours(
    gateway: Gateway, town: Structure, make_gateway: Callable[..., Gateway], bench: Any, diary: Any
) -> None:
    with Scythe(gateway, "before a file"), pytest.raises(Killed):
        gateway.jobs.run_due()
    assert all(facture["telechargee"] for facture in bench.control("GET", "/factures")["factures"])
    _assert_everything_once(_succeeded(make_gateway, diary))
