"""A directory of plainly invented structures, for the bench and for those who try Raccord without the real file.

Names are made of syllables, so that the sample holds as many different words as the real directory; SIRETs begin with
999, a range that no one holds.
"""

import csv
import random
from collections.abc import Iterator
from pathlib import Path

from raccord.domain.directory import RESERVED_SERVICE, PublicService, PublicStructure
from raccord.domain.identifiers import luhn
from raccord.store.directory.columns import Entry


def _listed(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_HEADS = _listed(
    "Val Mont Roche Saint-Fictif Bourg Font Cler Puy Château Ville Pont Sainte-Fable Aigue Beau Croix Noir Ver"
)
_SYLLABLES = _listed("la bre ti cour nan gue ro mé sel vi tour pa di gny lon fré ma ze ber ly cha van dou rié sac tel")
_TAILS = _listed("ac ay eux ville court ière oux an euil igny en-Rêve les-Bains sur-Songe le-Vieux mont is")
_BODIES = (
    ("COMMUNE DE {}", 60),
    ("CCAS DE {}", 25),
    ("COLLEGE {}", 8),
    ("LYCÉE {}", 5),
    ("SYNDICAT DES EAUX DE {}", 9),
    ("COMMUNAUTE DE COMMUNES {}", 4),
    ("CENTRE HOSPITALIER DE {}", 3),
    ("DEPARTEMENT DE {}", 1),
    ("OFFICE DE TOURISME DE {}", 3),
    ("EHPAD {}", 6),
)
_SERVICES = ("FINANCES", "TECHNIQUE", "ACHATS", "SCOLAIRE", "VOIRIE", "ESPACES VERTS", "CULTURE", "BUDGET ANNEXE EAU")
_FLAGS = ((False, False, False),) * 12 + (
    (True, False, False),
    (True, False, False),
    (False, True, False),
    (True, True, False),
    (False, False, True),
)
"""Service, engagement, either: most structures demand nothing, each of the five kinds is there."""


def generate(count: int, seed: int = 0, services_per_ten: int = 4) -> Iterator[Entry]:
    """`count` structures and, for ten of them, about `services_per_ten` services; the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - a sample, not a secret
    bodies, weights = zip(*_BODIES, strict=True)
    for number in range(count):
        town = _town(chance)
        service, commitment, either = chance.choice(_FLAGS)
        siret = invented_siret(number)
        yield PublicStructure(
            siret=siret,
            name=chance.choices(bodies, weights)[0].format(town.upper()),
            active=chance.random() > 0.02,
            service_required=service,
            commitment_required=commitment,
            service_or_commitment=either,
            address=f"{chance.randint(1, 99)} place de la Mairie",
            postcode=f"{chance.randint(1, 95):02d}{chance.randint(0, 99):02d}0",
            town=town.upper(),
        )
        yield from _services(chance, siret, demanded=service or either, mean=services_per_ten / 10)


def invented_siret(number: int) -> str:
    """A SIRET of the range 999 whose two keys are right."""
    siren = _with_key(f"999{number // 100:05d}"[:8])
    return _with_key(f"{siren}{number % 100:02d}{number // 10_000_000:02d}")


def _with_key(digits: str) -> str:
    return next(digits + key for key in "0123456789" if luhn(digits + key))


def _town(chance: random.Random) -> str:
    middle = "".join(chance.choice(_SYLLABLES) for _ in range(chance.randint(1, 2)))
    return f"{chance.choice(_HEADS)}{middle}{chance.choice(_TAILS)}"


def _services(chance: random.Random, siret: str, *, demanded: bool, mean: float) -> Iterator[PublicService]:
    count = int(mean * 2 * chance.random() + 0.5) + demanded
    for place in range(count):
        name = chance.choice(_SERVICES)
        yield PublicService(siret, f"{name[:4]}-{place:02d}", f"SERVICE {name}", chance.random() > 0.05, place % 5 == 4)
    if demanded and chance.random() < 0.1:
        yield PublicService(siret, RESERVED_SERVICE, "Factures publiques")


_STRUCTURE_HEADER = _listed(
    "TypeIdentifiant Identifiant RaisonSociale EmetteurEdi RecepteurEdi GestionStatutMiseEnPaiement GestionEngagement "
    "GestionService GestionServiceEngagement EstMOA EstMOAUniquement StructureActive Adresse ComplementAdresse1 "
    "ComplementAdresse2 CodePostal Ville NumTelephone Courriel CodePays LibellePays"
)
_SERVICE_HEADER = ("Identifiant", "CodeService", "NomService", "GestionEngagement", "ServiceActif")


def write_csv(entries: Iterator[Entry], structures_file: Path, services_file: Path) -> None:
    """Write a sample as the two lists of the public directory, in UTF-8 (specifications/directory.md §6)."""
    with (
        structures_file.open("w", encoding="utf-8", newline="") as one,
        services_file.open("w", encoding="utf-8", newline="") as other,
    ):
        of_structures, of_services = csv.writer(one, delimiter=";"), csv.writer(other, delimiter=";")
        of_structures.writerow(_STRUCTURE_HEADER)
        of_services.writerow(_SERVICE_HEADER)
        for entry in entries:
            if isinstance(entry, PublicStructure):
                of_structures.writerow(_structure_line(entry))
            else:
                of_services.writerow(_service_line(entry))


def _structure_line(one: PublicStructure) -> list[str]:
    flags = (False, False, False, one.commitment_required, one.service_required, one.service_or_commitment)
    told = [str(flag).lower() for flag in (*flags, one.works_owner, one.works_only, one.active)]
    where = [one.address, "", "", one.postcode, one.town, "", "", one.country, "FRANCE"]
    return [one.kind, one.siret, one.name, *told, *where]


def _service_line(one: PublicService) -> list[str]:
    return [one.siret, one.code, one.name, str(one.commitment_required).lower(), str(one.active).lower()]
