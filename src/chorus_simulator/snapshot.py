"""A world as JSON: to keep it between two runs, to carry it elsewhere, to prepare one by hand.

The records are written as they are; `octets` holds the bytes of the files in base64, or the file keeps them
beside itself (`<name>.octets`) when it is the world's own file, so that saving stays cheap.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import msgspec

from chorus_simulator.ledger import Change, Deposit
from chorus_simulator.model import (
    Actualite,
    Engagement,
    Facture,
    Flux,
    Mail,
    Person,
    PieceJointe,
    PisteApplication,
    Sollicitation,
    Structure,
    TechnicalAccount,
)
from chorus_simulator.world import World


@dataclass
class Snapshot:
    """The state of one environment; `octets` is the content of the spool, empty when it lies beside the file."""

    environment: str = "sandbox"
    seed: int = 1
    sequences: dict[str, int] = field(default_factory=dict)
    persons: list[Person] = field(default_factory=list)
    technical_accounts: list[TechnicalAccount] = field(default_factory=list)
    applications: list[PisteApplication] = field(default_factory=list)
    structures: list[Structure] = field(default_factory=list)
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
    octets: bytes = b""


def take(world: World, *, with_octets: bool = True) -> Snapshot:
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
        octets=world.spool.everything() if with_octets else b"",
    )


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
    world.sequences.update(snapshot.sequences)
    world.touch()


def encode(snapshot: Snapshot) -> bytes:
    return msgspec.json.encode(snapshot)


def decode(data: bytes) -> Snapshot:
    """Raises `ValueError` (French) on a file that is not a world."""
    try:
        return msgspec.json.decode(data, type=Snapshot)
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise ValueError(f"Ce fichier n’est pas un monde du simulateur : {error}.") from None


def encode_any(value: object) -> bytes:
    return msgspec.json.encode(value)


class WorldFile:
    """The file of `--world`: the sandbox of a bench, read at the start, written when something changed."""

    def __init__(self, path: Path, world: World) -> None:
        self._path, self._world = path, world
        self._saved = -1

    def load(self) -> bool:
        """Read the file if it exists. Raises `ValueError` when it cannot be one of ours."""
        if not self._path.exists():
            return False
        restore(self._world, decode(self._path.read_bytes()))
        self._saved = self._world.changes
        return True

    def save(self) -> None:
        """Write beside, then rename: a crash leaves the former file whole."""
        if self._saved == self._world.changes:
            return
        changes, draft = self._world.changes, self._path.with_name(f"{self._path.name}.ecriture")
        with draft.open("wb") as file:
            file.write(encode(take(self._world, with_octets=False)))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._path)
        self._saved = changes
