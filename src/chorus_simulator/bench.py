"""The whole bench: two environments, sandbox and production, under one clock, one set of switches and of faults."""

from __future__ import annotations

from collections.abc import Callable

from chorus_simulator import seeds
from chorus_simulator.clock import Clock
from chorus_simulator.faults import Faults
from chorus_simulator.switches import Switches
from chorus_simulator.world import World

ENVIRONMENTS = ("sandbox", "production")
Peopling = Callable[[World], object]


class Bench:
    """`peopling` fills a world that was just cleared; `reset` uses it again. `refuse` is given by a server that can
    close its port for some seconds."""

    def __init__(self, clock: Clock | None = None, seed: int = 1, peopling: Peopling = seeds.default) -> None:
        self.clock = clock or Clock()
        self.switches = Switches()
        self.faults = Faults()
        self.seed = seed
        self.peopling = peopling
        self.refuse: Callable[[float], None] | None = None
        self.worlds = {name: World(name, self.clock, self.switches, seed) for name in ENVIRONMENTS}
        for world in self.worlds.values():
            peopling(world)

    @property
    def sandbox(self) -> World:
        """The world of the qualification environment, the one `/cpro` and `/portail` serve without a prefix."""
        return self.worlds["sandbox"]

    def reset(self, seed: int | None = None) -> None:
        """Back to the first morning: data, switches, faults; the clock is left as it is."""
        self.seed = self.seed if seed is None else seed
        self.switches.reset()
        self.faults.clear()
        for world in self.worlds.values():
            world.seed = self.seed
            world.clear()
            world.spool.clear()
            self.peopling(world)
