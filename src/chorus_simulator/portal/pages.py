"""All the pages of the portal: `routes(world)` is what the application mounts at `/portail`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import BaseRoute

from chorus_simulator.portal import (
    account,
    answers,
    bench,
    home,
    invoices,
    menu,
    sign_in,
    technical_2016,
    technical_2022,
)
from chorus_simulator.portal.desk import Desk, route

if TYPE_CHECKING:
    from chorus_simulator.world import World

ROOMS = (sign_in, home, account, technical_2016, technical_2022, invoices, bench, answers)


def routes(world: World) -> list[BaseRoute]:
    """The routes of the portal of one environment, to be mounted under any prefix."""
    desk = Desk(world, menu.entries)
    pages = [page for room in ROOMS for page in room.PAGES]
    return [route(desk, page) for page in (*pages, *sign_in.ELSEWHERE)]
