"""Judging what was deposited: see `integrate`. (Filled by the deposit room.)"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chorus_simulator.world import World


def integrate(world: World, key: str, when: datetime) -> None:
    raise NotImplementedError
