"""The built-in world, and worlds of any size: every company, town and person in them is plainly invented.

`default(world)` peoples a world for stories and demonstrations; `many(world, n)` adds n structures. The SIRETs
of the qualification data set and their behaviour: specifications/gateway-and-authentication.md §7. The SIRETs
of the public sample invoices are there too, so that those samples find their supplier and their buyer.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from uuid import NAMESPACE_URL, uuid5

from chorus_simulator.casting import RECIPIENT_SPACES, account, person, public, service, supplier
from chorus_simulator.model import Actualite, Engagement
from chorus_simulator.parties import (
    GESTIONNAIRE_PRINCIPAL,
    UTILISATEUR,
    Adresse,
    PisteApplication,
    Structure,
)
from chorus_simulator.world import World

FIRM = "45251785100010"
SECOND_SUPPLIER = "53210987600015"
SUBCONTRACTOR = "81234567800012"
TOWN = "21970999400017"
HOSPITAL = "26970888200019"
WORKS_OWNER = "22970777300013"
WORKS_SUPERVISOR, WORKS_CONTRACT = "84210987600017", "MARCHE-TRAVAUX-2026-1"
STATE = "11000201100044"
OPEN, WITH_EJ, WITH_SERVICE, WITH_BOTH = "12345678200051", "12345678200036", "12345678200028", "12345678200044"
MANUAL_OF_2016 = "-shvun)en7jks0P"  # the sample of S2-70: it must survive everything


def default(world: World) -> World:
    """Two suppliers, a subcontractor, a town, a hospital, the qualification data set, their people and accounts."""
    _suppliers(world)
    _public_bodies(world)
    _sample_parties(world)
    _people(world)
    _accounts(world)
    _applications(world)
    _news(world)
    _works_contract(world)
    return world


def _suppliers(world: World) -> None:
    firm = supplier(world, FIRM, "BÂTI-RÉUNION DÉMO SARL", "SAINT-EXEMPLE")
    supplier(world, SECOND_SUPPLIER, "ÉLECTRICITÉ DU LAGON FICTIF", "SAINT-EXEMPLE")
    supplier(world, SUBCONTRACTOR, "PEINTURES IMAGINAIRES SASU", "SAINT-EXEMPLE", titulaires=[firm.idStructureCPP])


def _public_bodies(world: World) -> None:
    town_services = [
        service(world, "SERV-TECH", "Services techniques"),
        service(world, "ECOLES", "Écoles et cantine", numeroEngagement=True),
        service(world, "FACTURES_PUBLIQUES", "Titres entre entités publiques"),
        service(world, "ANCIEN", "Service fermé", estActif=False),
    ]
    public(world, TOWN, "COMMUNE DE VAL-FICTIF", town_services)
    hospital_services = [service(world, "PHARMACIE", "Pharmacie"), service(world, "TRAVAUX", "Travaux")]
    public(world, HOSPITAL, "HÔPITAL DE BELLE-INVENTION", hospital_services, gestionNumeroEJOuCodeService=True)
    works = [service(world, "BATIMENTS", "Bâtiments")]
    public(
        world,
        WORKS_OWNER,
        "DÉPARTEMENT DE L’EXEMPLE",
        works,
        getaMoa=True,
        statutMiseEnPaiementNestPasRemonte=True,
        recevoirDonneesViaEDI=True,
    )
    state_services = [
        service(world, "SFACETAT", "Services facturiers de l'État"),
        service(world, "SERVICE_DEFAUT", "Service par défaut"),
    ]
    public(
        world,
        STATE,
        "SERVICES DE L'ETAT",
        state_services,
        codeServiceDoitEtreRenseigne=True,
        numeroEJDoitEtreRenseigne=True,
    )
    _qualification(world)


def _qualification(world: World) -> None:
    public(world, OPEN, "DESTINATAIRE QUALIF SANS PARAMETRE", [])
    public(world, WITH_EJ, "DESTINATAIRE QUALIF EJ OBLIGATOIRE", [], numeroEJDoitEtreRenseigne=True)
    for siret, name, flags in (
        (WITH_SERVICE, "DESTINATAIRE QUALIF SERVICE OBLIGATOIRE", {}),
        (WITH_BOTH, "DESTINATAIRE QUALIF SERVICE ET EJ OBLIGATOIRES", {"numeroEJDoitEtreRenseigne": True}),
    ):
        needed = service(world, "SERVICE_DEST_SERV_OBL", "Service destinataire obligatoire")
        public(world, siret, name, [needed], codeServiceDoitEtreRenseigne=True, **flags)


def _sample_parties(world: World) -> None:
    """Sellers and buyers of the public sample invoices."""
    for siret, name in (
        ("73282932000074", "FOURNITURES EXEMPLE SAS"),
        ("99999999800010", "AU BON MOULIN"),
        ("99999999800019", "AU BON MOULIN SARL"),
        ("12345678200077", "LE FOURNISSEUR"),
    ):
        supplier(world, siret, name, "ORLÉANS-FICTIF")
    services = [service(world, "SERV-ACHATS", "Achats"), service(world, "SERV-TRAVAUX", "Travaux")]
    public(world, "21750001600019", "COMMUNE D’EXEMPLEVILLE", services)
    for siret in ("78787878400035", "78787878400018"):
        public(world, siret, "MA JOLIE BOUTIQUE (ÉTABLISSEMENT PUBLIC FICTIF)", [])


def _people(world: World) -> None:
    manager, user = GESTIONNAIRE_PRINCIPAL, UTILISATEUR
    person(world, "gestionnaire@bati-reunion.example", "Batisseur-974!", ("HOARAU", "Élise"), [(FIRM, manager)])
    person(world, "comptable@bati-reunion.example", "Comptable-974!", ("PAYET", "Marc"), [(FIRM, user)])
    person(world, "gestionnaire@lagon.example", "Lagon-974!", ("GRONDIN", "Inès"), [(SECOND_SUPPLIER, manager)])
    person(world, "gestionnaire@peintures.example", "Peinture-974!", ("RIVIÈRE", "Paul"), [(SUBCONTRACTOR, manager)])
    person(world, "gestionnaire@val-fictif.example", "Mairie-974!", ("FONTAINE", "Nadia"), [(TOWN, manager)])
    person(world, "agent@val-fictif.example", "Agent-974!", ("TÉCHER", "Luc"), [(TOWN, user)])
    person(world, "gestionnaire@hopital.example", "Hopital-974!", ("DIJOUX", "Anne"), [(HOSPITAL, manager)])
    person(world, "gestionnaire@exemple-dept.example", "Departement-974!", ("MOREL", "Yves"), [(WORKS_OWNER, manager)])
    qualification = [(siret, manager) for siret in (OPEN, WITH_EJ, WITH_SERVICE, WITH_BOTH, STATE, "21750001600019")]
    qualification += [(siret, manager) for siret in ("78787878400035", "78787878400018")]
    person(world, "qualif@destinataires.example", "Qualif-2026!", ("QUALIF", "Destinataires"), qualification)
    samples = [(s, manager) for s in ("73282932000074", "99999999800010", "99999999800019", "12345678200077")]
    person(world, "qualif@fournisseurs.example", "Qualif-2026!", ("QUALIF", "Fournisseurs"), samples)


def _accounts(world: World) -> None:
    for siret, login, password, contact in (
        (FIRM, f"TECH_1_{FIRM}@cpro.fr", MANUAL_OF_2016, "gestionnaire@bati-reunion.example"),
        (FIRM, f"TECH_{FIRM}@pp2017.fr", "vieux[compte:2022", ""),
        (SECOND_SUPPLIER, f"TECH_1_{SECOND_SUPPLIER}@cpro.fr", "Lagon)kV-82[qzP", "gestionnaire@lagon.example"),
        (SUBCONTRACTOR, f"TECH_1_{SUBCONTRACTOR}@cpro.fr", "Pein:ture)7-xQ[", "gestionnaire@peintures.example"),
        (TOWN, f"TECH_1_{TOWN}@cpro.fr", "[Val)Fictif:9-bK", "gestionnaire@val-fictif.example"),
        (HOSPITAL, f"TECH_1_{HOSPITAL}@cpro.fr", "Hop-ital)5[sW:m", "gestionnaire@hopital.example"),
        (WORKS_OWNER, f"TECH_1_{WORKS_OWNER}@cpro.fr", "Depart-ement)4[", "gestionnaire@exemple-dept.example"),
        (OPEN, "DEV_DEST_12345678200051@cpp2017.fr", "Qual[if)Dest-3:", "qualif@destinataires.example"),
        ("73282932000074", "TECH_1_73282932000074@cpro.fr", "Echant-illon)2[", "qualif@fournisseurs.example"),
    ):
        account(world, siret, login, password, contact)


def _applications(world: World) -> None:
    for name in ("APP_DEMO_CONCENTRATEUR", "APP_DEMO_BATI", "APP_DEMO_MAIRIE"):
        client_id = str(uuid5(NAMESPACE_URL, f"{name}/{world.environment}/id"))
        client_secret = str(uuid5(NAMESPACE_URL, f"{name}/{world.environment}/secret"))
        application = PisteApplication(client_id, client_secret, name, world.environment)
        application.raccordements = _linked(world, name)
        world.applications[client_id] = application


def _linked(world: World, name: str) -> set[int] | None:
    direct = {"APP_DEMO_BATI": FIRM, "APP_DEMO_MAIRIE": TOWN}.get(name)
    structure = world.structure_of(direct) if direct else None
    return {structure.idStructureCPP} if structure else None


def _news(world: World) -> None:
    now = world.now()
    world.actualites = [
        Actualite(
            "Mise en place d'un support téléphonique",
            "Un support téléphonique fictif répond aux utilisateurs de ce simulateur, du lundi au vendredi.",
            now - timedelta(days=12),
        ),
        Actualite("Bienvenue sur le simulateur", "Tout ce qui s’y trouve est inventé.", now - timedelta(days=40)),
    ]
    town, firm = world.structure_of(TOWN), world.structure_of(FIRM)
    assert town is not None
    assert firm is not None
    world.engagements["EJ-2026-0001"] = Engagement(
        world.next_id("engagement"),
        "EJ-2026-0001",
        town.idStructureCPP,
        firm.idStructureCPP,
        Decimal("120000.00"),
        date(2026, 1, 15),
        "SERV-TECH",
        "MARCHE-2026-7",
    )


def _works_contract(world: World) -> None:
    """A project supervisor (MOE), and the contract of the département that it supervises."""
    moe = supplier(world, WORKS_SUPERVISOR, "ATELIER DES PLANS FICTIFS", "SAINT-EXEMPLE")
    owner = world.structure_of(WORKS_OWNER)
    assert owner is not None
    owner.marches[WORKS_CONTRACT] = moe.idStructureCPP
    contact = "gestionnaire@plans-fictifs.example"
    person(world, contact, "Plans-974!", ("SAUTRON", "Rose"), [(WORKS_SUPERVISOR, GESTIONNAIRE_PRINCIPAL)])
    account(world, WORKS_SUPERVISOR, f"TECH_1_{WORKS_SUPERVISOR}@cpro.fr", "Plans-fic)tifs8[", contact)


def many(world: World, count: int) -> None:
    """Add `count` public structures: requirements cycle through the five values of directory.md §5, SIRENs start
    with 9 so that they meet no other; one in four has a service."""
    now = world.now()
    addresses = [Adresse("1 place de la Mairie", codePostal=f"{n:05d}", ville=f"VILLE-FICTIVE-{n}") for n in range(97)]
    first = world.next_id("structure")
    for n in range(count):
        rule = n % 5
        world.add_structure(
            Structure(
                first + n,
                f"9{n:08d}00010",
                f"COMMUNE FICTIVE N° {n}",
                "PUBLIQUE",
                codeServiceDoitEtreRenseigne=rule in (2, 4),
                numeroEJDoitEtreRenseigne=rule in (3, 4),
                gestionNumeroEJOuCodeService=rule == 1,
                adresse=addresses[n % 97],
                services=[service(world, f"SERV-{n}", "Service unique")] if rule in (2, 4) or n % 4 == 0 else [],
                espaces=RECIPIENT_SPACES,
                derniereMaj=now,
            )
        )
    world.sequences["structure"] = first + count
