"""Connections to Chorus Pro: created, tested, their passwords changed safely, imported by the hundred, watched.

Every change is signed in the journal: who and when, never what was secret.
"""

from raccord.domain.requests import ConnectionChange, ImportReport, NewConnection
from raccord.engine.connections.candidates import CandidateView
from raccord.engine.connections.discovery import Discovery
from raccord.engine.connections.importing import Importing
from raccord.engine.connections.registry import Registry, addresses_at, addresses_of
from raccord.engine.connections.room import Way
from raccord.engine.connections.rotation import CandidateResult, Rotation
from raccord.engine.connections.visits import Visits
from raccord.engine.connections.watching import WATCH, Watching, register


class Connections(Importing, Watching, Discovery, Rotation, Registry):
    """Everything that a face, or the engine, asks about connections."""


__all__ = [
    "WATCH",
    "CandidateResult",
    "CandidateView",
    "ConnectionChange",
    "Connections",
    "ImportReport",
    "NewConnection",
    "Visits",
    "Way",
    "addresses_at",
    "addresses_of",
    "register",
]
