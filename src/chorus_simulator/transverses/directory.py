"""Structures and recipients as the Transverses API gives them (specifications/api/transverses.md §3)."""

from __future__ import annotations

import base64
import csv
import io

from chorus_simulator import fields
from chorus_simulator.factures.pivot import zipped
from chorus_simulator.operations import OK, OK_GCU, Answer, Call
from chorus_simulator.parties import ESPACE_EMISES, ESPACE_RECUES, Structure
from chorus_simulator.transverses.errors import unknown_object, unknown_siret
from chorus_simulator.writing import counters, page_of, paging

COLUMNS = (
    "TypeIdentifiant",
    "Identifiant",
    "RaisonSociale",
    "EmetteurEdi",
    "RecepteurEdi",
    "GestionStatutMiseEnPaiement",
    "GestionEngagement",
    "GestionService",
    "GestionServiceEngagement",
    "EstMOA",
    "EstMOAUniquement",
    "StructureActive",
    "Adresse",
    "ComplementAdresse1",
    "ComplementAdresse2",
    "CodePostal",
    "Ville",
    "NumTelephone",
    "Courriel",
    "CodePays",
    "LibellePays",
)


def _active(call: Call, space: str) -> list[Structure]:
    found = (call.world.structures[number] for number in sorted(call.reach) if number in call.world.structures)
    return [structure for structure in found if structure.active and space in structure.espaces]


def _listed(structures: list[Structure]) -> Answer:
    rows = [
        {
            "idStructureCPP": structure.idStructureCPP,
            "identifiant": structure.identifiant,
            "designationStructure": structure.designation,
        }
        for structure in structures
    ]
    return {**OK, "listeStructures": rows}


def actives_fournisseur(call: Call) -> Answer:
    """`recuperer/structures/actives/fournisseur` (§3): what the account may send invoices for."""
    return _listed(_active(call, ESPACE_EMISES))


def actives_destinataire(call: Call) -> Answer:
    """`recuperer/structures/actives/destinataire` (§3): what the account may receive invoices for."""
    return _listed(_active(call, ESPACE_RECUES))


def actives_facturetravaux(call: Call) -> Answer:
    """`recuperer/structures/actives/facturetravaux` (§3): suppliers, and public bodies with a MOA."""
    return _listed([s for s in _active(call, ESPACE_EMISES) if not s.publique or s.getaMoa or s.estMoaUniquement])


def structures_utilisateur(call: Call) -> Answer:
    """`recuperer/structuresPourUtilisateur` (§3, deprecated): `espaceFo` is not looked at, its codes being unknown."""
    rows = [
        {
            "idStructure": structure.idStructureCPP,
            "identifiantStructure": structure.identifiant,
            "designationStructure": structure.designation,
            "typeIdentifiantStructure": structure.typeIdentifiant,
        }
        for structure in _active(call, ESPACE_EMISES)
    ]
    return {**OK, "listeStructures": rows}


def rechercher_destinataire(call: Call) -> Answer:
    """`rechercher/destinataire` (§3): active public structures by start of SIRET and part of name, town or postcode."""
    body = call.body
    asked = paging(fields.record(body, "parametresRecherche"))
    identifiant, where = fields.text(body, "identifiant"), fields.text(body, "nomVilleCodePostal").casefold()
    found = [
        structure
        for structure in call.world.structures.values()
        if structure.publique
        and structure.active
        and structure.identifiant.startswith(identifiant)
        and (where in f"{structure.designation} {structure.adresse.ville} {structure.adresse.codePostal}".casefold())
    ]
    rows = [
        {
            "idStructureCPP": structure.idStructureCPP,
            "siret": structure.identifiant,
            "nomDestinataire": structure.designation,
            "adresseCodePostal": structure.adresse.codePostal,
            "adresseVille": structure.adresse.ville,
        }
        for structure in page_of(found, asked)
    ]
    return {**OK, "listeDestinataires": rows, "parametresRetour": counters(asked, len(found))}


def rechercher_service(call: Call) -> Answer:
    """`rechercher/serviceexecutant` (§3, deprecated): services of any recipient; 20000 for an unknown structure."""
    body = call.body
    asked = paging(fields.record(body, "parametresRecherche"))
    structure = call.world.structures.get(fields.needed_number(body, "idDestinataireCPP"))
    if structure is None:
        raise unknown_object("La structure")
    code, name = fields.text(body, "codeServiceExecutant"), fields.text(body, "nomServiceExecutant").casefold()
    active = fields.boolean(body, "actif")
    rows = [
        {
            "idServicesCPP": service.idService,
            "codeServiceExecutant": service.codeService,
            "nomServiceExecutant": service.nomService,
        }
        for service in structure.services
        if service.codeService.startswith(code)
        and name in service.nomService.casefold()
        and active in (None, service.estActif)
    ]
    return {**OK, "listeServices": page_of(rows, asked), "parametresRetour": counters(asked, len(rows))}


def services_etat(call: Call) -> Answer:
    """Only the name and the path of this deprecated operation are known: the shape is that of the search (G)."""
    state = call.world.structure_of("11000201100044")
    rows = [
        {
            "idServicesCPP": service.idService,
            "codeServiceExecutant": service.codeService,
            "nomServiceExecutant": service.nomService,
        }
        for service in (state.services if state else [])
    ]
    return {**OK, "listeServices": rows}


def information_siret(call: Call) -> Answer:
    """`consulter/information/siret` (§3): closed in qualification unless `services_qualification` is on; 20000 then."""
    siret = fields.required(call.body, "siretStructure")
    structure = call.world.structure_of(siret.replace(" ", ""))
    closed = call.world.environment == "sandbox" and not call.world.switches.on("services_qualification")
    if structure is None or closed:
        raise unknown_siret()
    where = structure.adresse
    return {
        **OK,
        "siren": structure.siren,
        "siret": structure.identifiant,
        "siege": structure.identifiant,
        "raisonSociale": structure.designation,
        "adresse": f"{where.adresse} {where.codePostal} {where.ville}".strip(),
        "categorieEntreprise": "PME",
        "categorieJuridique": "7210" if structure.publique else "5499",
        "estActif": structure.active,
        "nonDiffusibleInsee": structure.nonDiffusibleInsee,
    }


def coordonnees_bancaires(call: Call) -> Answer:
    """`recuperer/coordbanc/valides` (§3): ids and names of the accounts of one's own structure, never an IBAN."""
    number = fields.needed_number(call.body, "idStructure")
    if number not in call.reach:
        raise unknown_object("La structure")
    rows = [
        {"idCoordonneeBancaire": c.idCoordonneeBancaire, "nomCoordonneeBancaire": c.nomCoordonneeBancaire}
        for c in call.world.structures[number].comptes
    ]
    return {**OK, "listeCoordonneeBancaire": rows}


def telecharger_annuaire(call: Call) -> Answer:
    """A ZIP with two CSV files; its true inner format is unknown (directory.md §6)."""
    public = [s for s in call.world.structures.values() if s.publique]
    structures = _csv([COLUMNS, *(_row(structure) for structure in public)])
    services = _csv(
        [
            ("Identifiant", "CodeService", "NomService", "GestionEngagement", "ServiceActif"),
            *(
                (
                    s.identifiant,
                    service.codeService,
                    service.nomService,
                    _yes(service.numeroEngagement),
                    _yes(service.estActif),
                )
                for s in public
                for service in s.services
            ),
        ]
    )
    archive = zipped([("annuaire_structures.csv", structures), ("annuaire_services.csv", services)])
    return {**OK_GCU, "fichierResultat": base64.b64encode(archive).decode("ascii")}


def _row(structure: Structure) -> tuple[str, ...]:
    where = structure.adresse
    return (
        structure.typeIdentifiant,
        structure.identifiant,
        structure.designation,
        _yes(structure.connexionEDI),
        _yes(structure.recevoirDonneesViaEDI),
        _yes(not structure.statutMiseEnPaiementNestPasRemonte),
        _yes(structure.numeroEJDoitEtreRenseigne),
        _yes(structure.codeServiceDoitEtreRenseigne),
        _yes(structure.gestionNumeroEJOuCodeService),
        _yes(structure.getaMoa),
        _yes(structure.estMoaUniquement),
        _yes(structure.active),
        where.adresse,
        where.complementAdresse1,
        where.complementAdresse2,
        where.codePostal,
        where.ville,
        where.telephone,
        structure.email,
        where.pays,
        "France" if where.pays == "FR" else where.pays,
    )


def _yes(value: bool) -> str:
    return "OUI" if value else "NON"


def _csv(rows: list[tuple[str, ...]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows(rows)
    return out.getvalue().encode("utf-8")
