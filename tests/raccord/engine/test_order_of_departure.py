"""A supplier's invoices reach Chorus Pro in the order in which they were accepted, whatever their syntax."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from raccord.domain.deposit import DepositState, NewDeposit
from raccord.engine.deposits.drain import Drain
from raccord.store import deposits

if TYPE_CHECKING:
    from raccord.domain.connection import Connection
    from raccord.engine.gateway import Gateway

SYNTAXES = ("cii", "ubl", "facturx", "cii", "cii", "ubl")


def _arrivals(bench: Any) -> list[str]:
    return list(bench.received())


def test_across_syntaxes(gateway: Gateway, online: Connection, bench: Any, invoicing: Any, diary: Any) -> None:
    for rank, syntax in enumerate(SYNTAXES):
        invoicing.accept(gateway, f"F-{rank}", syntax=syntax)
        diary.passes(seconds=1)
    gateway.jobs.run_due()
    diary.passes(seconds=10)
    assert _arrivals(bench) == [f"F-{rank}" for rank in range(6)]
    assert bench.calls()["factures/deposer/flux"] == 5  # the two that follow each other in one syntax travel together


def test_an_urgent_one_goes_before_and_a_dated_one_when_its_hour_comes(
    gateway: Gateway, online: Connection, bench: Any, invoicing: Any, diary: Any
) -> None:
    def accept(number: str, syntax: str, **more: Any) -> None:
        gateway.outbox.accept(NewDeposit("c1", invoicing.file(number, syntax), f"{number}.xml", author="a", **more))
        diary.passes(seconds=1)

    from datetime import timedelta

    accept("F-1", "cii", not_before=diary() + timedelta(hours=1))
    accept("F-2", "ubl")
    accept("F-3", "cii", urgent=True)
    gateway.jobs.run_due()
    diary.passes(seconds=10)
    assert _arrivals(bench) == ["F-3", "F-2"]
    diary.passes(hours=1)
    for _ in range(3):
        gateway.jobs.run_due()
        diary.passes(seconds=10)
    assert _arrivals(bench) == ["F-3", "F-2", "F-1"]


def test_with_two_workers_on_one_outbox(
    make_gateway: Callable[..., Gateway], bench: Any, invoicing: Any, online: Connection, diary: Any
) -> None:
    """A slow flux is not overtaken by the next one of the same supplier, which another worker would send."""
    workers = [make_gateway(options={"flux_max_invoices": 2}) for _ in range(2)]
    for rank in range(12):
        invoicing.accept(workers[0], f"F-{rank:02d}", syntax=SYNTAXES[rank % 6])
        diary.passes(seconds=1)
    bench.fails("slow", count=3, seconds=0.3)
    begun = threading.Barrier(2)

    def drain(gateway: Gateway) -> None:
        begun.wait()
        Drain(gateway.ground).run({"connection_id": "c1"})

    threads = [threading.Thread(target=drain, args=(gateway,)) for gateway in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    diary.passes(seconds=10)
    assert _arrivals(bench) == [f"F-{rank:02d}" for rank in range(12)]
    with workers[0].store.read() as conn:
        assert deposits.count(conn)[DepositState.SENT] == 12
