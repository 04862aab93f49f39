"""The pivot: one `CPPFacturePivot` document for many invoices (specifications/recipient.md §3).

Element names and cardinalities are those of the schema V2_02 as described there; the namespace is not public
in the material at hand, so none is written (G). The original travels byte for byte as the `PJ` of type 01.
"""

from __future__ import annotations

import base64
import io
import zipfile

from lxml import etree

from chorus_simulator.clock import PARIS
from chorus_simulator.factures.content import lines_of
from chorus_simulator.factures.readable import original_of
from chorus_simulator.model import Facture, PieceJointe
from chorus_simulator.parties import Structure
from chorus_simulator.world import World

TYPES = {
    "SIRET": "1",
    "UE_HORS_FRANCE": "2",
    "HORS_UE": "3",
    "RIDET": "4",
    "TAHITI": "5",
    "AUTRE": "6",
    "PARTICULIER": "7",
}
PAYMENTS = {
    "VIREMENT": ("30", "Virement"),
    "PRELEVEMENT": ("49", "Prélèvement"),
    "CHEQUE": ("20", "Chèque"),
    "ESPECE": ("10", "Espèces"),
    "REPORT": ("97", "Report"),
    "AUTRE": ("31", "Autre"),
}
CODES = {
    "DEPOSEE": "01",
    "EN_COURS_ACHEMINEMENT": "02",
    "MISE_A_DISPOSITION": "03",
    "A_RECYCLER": "04",
    "REJETEE": "05",
    "SUSPENDUE": "06",
    "SERVICE_FAIT": "07",
    "MANDATEE": "08",
    "MISE_A_DISPOSITION_COMPTABLE": "09",
    "COMPTABILISEE": "10",
    "MISE_EN_PAIEMENT": "11",
    "VALIDEE_1": "13",
    "REFUSEE_1": "14",
    "REFUSEE_2": "17",
    "VALIDEE_2": "18",
    "COMPLETEE": "32",
}
NAME_MAXIMUM = 50


def pivot(world: World, factures: list[Facture]) -> bytes:
    """The XML document of these invoices, attachments inside."""
    root = etree.Element("CPPFacturePivot")
    envelope = _sub(_sub(root, "Enveloppe"), "EnveloppeUnitaire")
    parameters = _sub(envelope, "Parametres")
    for code, value in (("DATCR", world.now().astimezone(PARIS).strftime("%Y-%m-%d")), ("NBFAC", str(len(factures)))):
        _fields(_sub(parameters, "ParametreIndiv"), {"Code": code, "Valeurparametre": value})
    partners = _sub(envelope, "Partenaires")
    _fields(_sub(partners, "Recepteur"), {"Id": "DEST"})
    _fields(_sub(partners, "Emetteur"), {"Id": "CPP"})
    group = _sub(root, "CPPFactures")
    group.set("Compteur", str(len(factures)))
    for rank, facture in enumerate(factures, 1):
        unit = _sub(group, "CPPFacturePivotUnitaire")
        unit.set("NumOrdre", str(rank))
        _invoice(world, unit, facture)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _invoice(world: World, unit: etree._Element, facture: Facture) -> None:
    supplier, recipient = world.structures[facture.idFournisseur], world.structures[facture.idDestinataire]
    _supplier(unit, facture, supplier)
    service = recipient.service(facture.codeService)
    _fields(
        _sub(unit, "Debiteur"),
        {
            "TypeIdentifiant": "1",
            "Identifiant": recipient.identifiant,
            "Nom": recipient.designation,
            "CodeService": facture.codeService,
            "NomService": service.nomService if service else "",
        },
    )
    _data(world, unit, facture)
    for piece, content in _pieces(world, facture):
        _piece(world, unit, piece, content)
    _cycle(world, unit, facture, recipient)


def _supplier(unit: etree._Element, facture: Facture, supplier: Structure) -> None:
    node = _sub(unit, "Fournisseur")
    _fields(
        node,
        {
            "TypeIdentifiant": TYPES[supplier.typeIdentifiant],
            "Identifiant": supplier.identifiant,
            "RaisonSociale": supplier.designation,
            "CodePays": supplier.adresse.pays,
        },
    )
    if facture.iban:
        bank = _sub(node, "ReferenceBancaire")
        bank.set("Type", "IBAN")
        _fields(
            bank,
            {"Compte": facture.iban, "Etablissement": "", "RaisonSocialeEncaisseur": supplier.designation},
            keep=True,
        )
    mode = next((word for part, word in (("SAISIE", "saisie"), ("PDF", "PDF")) if part in facture.modeDepot), "flux")
    _fields(node, {"ModeEmission": mode})


def _data(world: World, unit: etree._Element, facture: Facture) -> None:
    node = _sub(unit, "DonneesFacture")
    _identity(node, facture)
    code, label = PAYMENTS.get(facture.modePaiement, PAYMENTS["AUTRE"])
    _fields(_sub(node, "ModePaiement"), {"Code": code, "Libelle": label})
    received = facture.dateDepot.astimezone(PARIS).date().isoformat()
    _fields(node, {"DateReception": received, "Devise": facture.devise})
    _amounts(node, facture)
    engagement = {"NumeroMarche": facture.numeroMarche, "NumeroEngagement": facture.numeroBonCommande}
    _fields(_sub(node, "Engagement"), engagement)
    _lines(world, node, facture)


def _identity(node: etree._Element, facture: Facture) -> None:
    completed = any(step.statut == "COMPLETEE" for step in facture.historique)
    _fields(
        node,
        {
            "Id": facture.numero,
            "IdCPRO": str(facture.id),
            "Renvoi": "Complétée" if completed else "Non",
            "IdFactureOrigine": facture.numeroFactureOrigine,
            "Type": "381" if facture.typeFacture == "AVOIR" else "380",
            "Cadre": facture.cadre,
            "DateEmissionFacture": facture.dateFacture.isoformat(),
            "DateLivraison": facture.dateLivraison.isoformat() if facture.dateLivraison else "",
        },
    )


def _amounts(node: etree._Element, facture: Facture) -> None:
    _fields(
        _sub(node, "Montants"),
        {
            "MontantHT": str(facture.montantHT),
            "MontantTTC": str(facture.montantTTC),
            "MontantNetAPayer": str(facture.montantAPayer),
        },
    )
    taxes = _sub(node, "TVAs")
    for tax in facture.tvas:
        _fields(_sub(taxes, "TVA"), {"Taux": str(tax.taux), "BaseHt": str(tax.base), "MontantTVA": str(tax.montant)})


def _lines(world: World, node: etree._Element, facture: Facture) -> None:
    lines = _sub(node, "Lignes")
    for line in lines_of(world, facture):
        _fields(
            _sub(lines, "Ligne"),
            {
                "ReferenceProduit": line.reference or line.denomination[:50],
                "PrixUnitaire": str(line.prixUnitaireHT),
                "Quantite": str(line.quantite),
                "MontantHT": str(line.montantHT),
                "TauxTVA": str(line.taux) if line.taux is not None else "",
            },
        )


def _pieces(world: World, facture: Facture) -> list[tuple[PieceJointe, bytes]]:
    main, content = original_of(world, facture)
    others = [(piece, world.spool.read(piece.blob)) for piece in facture.pieces if piece.type_pj != "01"]
    return [(main, content), *others]


def _piece(world: World, unit: etree._Element, piece: PieceJointe, content: bytes) -> None:
    if world.switches.on("pivot_en_zip"):
        content = zipped([(f"origine_{piece.nom}", content)])
    _fields(
        _sub(unit, "PJ"),
        {
            "IdUnique": str(piece.id),
            "IdOriginal": str(piece.id),
            "Contenu": base64.b64encode(content).decode("ascii"),
            "NomPJ": shortened(piece.nom),
            "NomPJOrigine": shortened(piece.nom),
            "CategoriePJ": piece.categorie,
            "TypePJ": piece.type_pj,
            "MimeTypePJ": piece.mime or "application/octet-stream",
        },
    )


def _cycle(world: World, unit: etree._Element, facture: Facture, recipient: Structure) -> None:
    cycle = _sub(unit, "CycleDeValidation")
    for step in facture.historique:
        node = _sub(cycle, "ValidationUnitaire")
        _fields(
            node,
            {
                "DateStatut": step.quand.astimezone(PARIS).date().isoformat(),
                "CodeStatut": CODES.get(step.statut, "01"),
                "ComplementStatut": step.statut,
                "Commentaire": step.commentaire,
            },
        )
        supplier = world.structures[facture.idFournisseur]
        author = supplier if step.statut in ("DEPOSEE", "COMPLETEE") else recipient
        _fields(
            _sub(node, "ProducteurStatut"),
            {
                "TypeIdentifiant": TYPES[author.typeIdentifiant],
                "Id": author.identifiant,
                "RaisonSociale": author.designation,
                "CodePays": author.adresse.pays,
            },
        )


def shortened(name: str) -> str:
    """At most 50 characters, the extension kept."""
    if len(name) <= NAME_MAXIMUM:
        return name
    stem, dot, extension = name.rpartition(".")
    return stem[: NAME_MAXIMUM - len(dot) - len(extension)] + dot + extension


def zipped(files: list[tuple[str, bytes]]) -> bytes:
    """A ZIP of these files; a name met twice gets a rank."""
    buffer, seen = io.BytesIO(), dict[str, int]()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            seen[name] = seen.get(name, 0) + 1
            unique = name if seen[name] == 1 else f"{seen[name]}_{name}"
            archive.writestr(zipfile.ZipInfo(unique, (2026, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED, 1)
    return buffer.getvalue()


def _sub(parent: etree._Element, name: str) -> etree._Element:
    return etree.SubElement(parent, name)


def _fields(parent: etree._Element, texts: dict[str, str], *, keep: bool = False) -> None:
    """Children with these texts, the empty ones left out unless `keep`."""
    for name, text in texts.items():
        if text or keep:
            _sub(parent, name).text = text
