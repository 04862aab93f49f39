"""A world as JSON: to keep it between two runs, to carry it elsewhere, to prepare one by hand.

The records are written as they are; `octets` holds the bytes of the files in base64, or the file keeps them
beside itself (`<name>.octets`) when it is the world's own file, so that saving stays cheap.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Annotated, TypeVar

import msgspec

from chorus_simulator.ledger import Change, Deposit
from chorus_simulator.model import Actualite, Engagement, Facture, Flux, Mail, PieceJointe, Sollicitation
from chorus_simulator.parties import Person, PisteApplication, Structure, TechnicalAccount
from chorus_simulator.spool import Spool
from chorus_simulator.world import World

Kind = TypeVar("Kind")
HttpStatus = Annotated[str, msgspec.Meta(pattern="^[1-5][0-9]{2}$")]
# Sets are written in order, so that the same world gives the same file.
_encoder = msgspec.json.Encoder(order="deterministic")


@dataclass
class Counters:
    """The ledger's figures; `statuses` by HTTP status, written as a text."""

    calls: dict[str, int] = field(default_factory=dict)
    statuses: dict[HttpStatus, int] = field(default_factory=dict)
    tokens: int = 0
    refused_accounts: int = 0


@dataclass
class Snapshot:
    """The state of one environment; `octets` is the content of the spool, empty when it lies beside the file."""

    environment: str
    structures: list[Structure]
    seed: int = 1
    sequences: dict[str, int] = field(default_factory=dict)
    persons: list[Person] = field(default_factory=list)
    technical_accounts: list[TechnicalAccount] = field(default_factory=list)
    applications: list[PisteApplication] = field(default_factory=list)
    factures: list[Facture] = field(default_factory=list)
    flux: list[Flux] = field(default_factory=list)
    pieces: list[PieceJointe] = field(default_factory=list)
    mails: list[Mail] = field(default_factory=list)
    sollicitations: list[Sollicitation] = field(default_factory=list)
    actualites: list[Actualite] = field(default_factory=list)
    engagements: list[Engagement] = field(default_factory=list)
    agenda: list[tuple[datetime, int, str, str]] = field(default_factory=list)
    deposits: list[Deposit] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    counters: Counters = field(default_factory=Counters)
    octets: bytes = b""


def take(world: World, *, with_octets: bool = True) -> Snapshot:
    """The present state of a world; records are shared with it, so write it down before the world goes on."""
    return Snapshot(
        environment=world.environment,
        seed=world.seed,
        sequences=dict(world.sequences),
        persons=list(world.persons.values()),
        technical_accounts=list(world.technical_accounts.values()),
        applications=list(world.applications.values()),
        structures=list(world.structures.values()),
        factures=list(world.factures.values()),
        flux=list(world.flux.values()),
        pieces=list(world.pieces.values()),
        mails=world.mails,
        sollicitations=world.sollicitations,
        actualites=world.actualites,
        engagements=list(world.engagements.values()),
        agenda=sorted(world.agenda),
        deposits=list(world.ledger.deposits.values()),
        changes=world.ledger.changes,
        counters=_counters(world),
        octets=world.spool.everything() if with_octets else b"",
    )


def _counters(world: World) -> Counters:
    book = world.ledger
    statuses = {str(status): count for status, count in book.statuses.items()}
    return Counters(dict(book.calls), statuses, book.tokens, book.refused_accounts)


def restore(world: World, snapshot: Snapshot) -> None:
    """Put a world back into the state of the snapshot. The spool is replaced only when the snapshot brings bytes."""
    world.seed = snapshot.seed
    world.clear()
    if snapshot.octets:
        world.spool.clear()
        world.spool.add(snapshot.octets)
    for structure in snapshot.structures:
        world.add_structure(structure)
    for person in snapshot.persons:
        world.add_person(person)
    world.technical_accounts.update({account.login: account for account in snapshot.technical_accounts})
    world.applications.update({application.client_id: application for application in snapshot.applications})
    world.flux.update({flux.numero: flux for flux in snapshot.flux})
    world.pieces.update({piece.id: piece for piece in snapshot.pieces})
    world.engagements.update({engagement.numero: engagement for engagement in snapshot.engagements})
    world.mails, world.sollicitations = snapshot.mails, snapshot.sollicitations
    world.actualites, world.agenda = snapshot.actualites, snapshot.agenda
    for facture in snapshot.factures:
        world.adopt(facture)
    world.ledger.deposits.update({deposit.reference: deposit for deposit in snapshot.deposits})
    world.ledger.changes = snapshot.changes
    _recount(world, snapshot.counters)
    world.sequences.update(snapshot.sequences)
    world.touch()


def _recount(world: World, counters: Counters) -> None:
    book = world.ledger
    book.calls.update(counters.calls)
    book.statuses.update({int(status): count for status, count in counters.statuses.items()})
    book.tokens, book.refused_accounts = counters.tokens, counters.refused_accounts


def decode(data: bytes) -> Snapshot:
    """One environment. Raises `ValueError` (French) on what is not a world."""
    return _decode(data, Snapshot)


def _decode(data: bytes, kind: type[Kind]) -> Kind:
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise ValueError(f"Ce fichier n’est pas un monde du simulateur : {error}.") from None


def encode_any(value: object) -> bytes:
    """JSON of records, dates and amounts: what `decode` reads."""
    return _encoder.encode(value)


@dataclass
class Kept:
    """What the world file holds: a snapshot per environment."""

    environments: dict[str, Snapshot]


class WorldFile:
    """The file of `--world`: both environments of a bench, read at the start, written when something changed. The
    bytes lie beside it, one file per environment."""

    def __init__(self, path: Path, worlds: Mapping[str, World]) -> None:
        self._path, self._worlds = path, worlds
        self._saved: tuple[int, ...] = ()
        for name, world in worlds.items():
            world.spool.close()
            world.spool = Spool(path.with_name(f"{path.name}.{name}.octets"))

    def load(self) -> bool:
        """Read the file if it exists. Raises `ValueError` when it cannot be one of ours. A file that holds one
        environment, as `GET /_control/world` gives it, is read too; the other stays as it is."""
        if not self._path.exists():
            for world in self._worlds.values():
                world.spool.clear()
            return False
        for name, snapshot in self._read(self._path.read_bytes()).items():
            if name not in self._worlds:
                raise ValueError(f"Ce fichier parle d’un environnement inconnu : {name}.")
            restore(self._worlds[name], snapshot)
        self._saved = self._marks()
        return True

    @staticmethod
    def _read(data: bytes) -> dict[str, Snapshot]:
        if "environments" in _decode(data, dict[str, msgspec.Raw]):
            return _decode(data, Kept).environments
        alone = decode(data)
        return {alone.environment: alone}

    def _marks(self) -> tuple[int, ...]:
        """What differs as soon as there is something to save."""
        return tuple(mark for world in self._worlds.values() for mark in (world.changes, world.ledger.statuses.total()))

    def save(self) -> None:
        """Write beside, then rename: a crash leaves the former file whole."""
        marks = self._marks()
        if self._saved == marks:
            return
        kept = Kept({name: take(world, with_octets=False) for name, world in self._worlds.items()})
        draft = self._path.with_name(f"{self._path.name}.ecriture")
        with draft.open("wb") as file:
            file.write(encode_any(kept))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._path)
        self._saved = marks
