"""The whole content of one invoice, as `consulter/fournisseur`, `/recipiendaire` and `/valideur` give it."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from chorus_simulator import values
from chorus_simulator.documents import container
from chorus_simulator.documents.document import Inadmissible
from chorus_simulator.factures.answers import size_of
from chorus_simulator.model import Facture, LignePoste, PieceJointe
from chorus_simulator.operations import Answer, Body
from chorus_simulator.parties import Structure
from chorus_simulator.world import World
from chorus_simulator.writing import Paging, day, minute, page_of, paging, suffixed, without_none

CENT = Decimal("0.01")
VAT_SUFFIXES = ("ListeRecapitulatifTVA", "ListeListeRecapitulatifTVA")
PIECE_SUFFIXES = ("ListePieceJointe", "ListePiecesJointes")
LINE_SUFFIXES = ("LignesPoste", "ListeLignesPoste")


def content(world: World, facture: Facture, pages: tuple[Body, Body, Body], *, issued: bool) -> Answer:
    """`FactureCppEmise` when `issued`, else `FactureCpp`; `pages` are the paging objects of VAT, files and lines."""
    vat, pieces, lines = (
        paging(body, suffixes=suffixes)
        for body, suffixes in zip(pages, (VAT_SUFFIXES, PIECE_SUFFIXES, LINE_SUFFIXES), strict=True)
    )
    answer: Answer = {
        "identifiantFactureCPP": facture.id,
        "numeroFacture": facture.numero,
        "statutFacture": facture.statut,
        "modeDepot": facture.modeDepot,
        "destinataire": _recipient(world, facture, issued),
        "fournisseur": _supplier(world, facture, issued),
        "cadreDeFacturation": _cadre(world, facture),
        "references": _references(facture),
        "recapitulatifDeTva": _vat(facture, vat),
        "montantTotal": _totals(facture),
        "listeDesPiecesJointes": _pieces(facture, pieces),
        "lignesDePoste": _lines(world, facture, lines),
        "commentaire": facture.commentaire or None,
    }
    if issued:
        answer["rejetTraite"] = facture.rejetTraite
    main = next((piece for piece in facture.pieces if piece.type_pj == "01"), None)
    if main:
        answer["pieceJointePrincipale"] = {
            "idLiaisonPieceJointePrincipale": main.idLiaison,
            "idPieceJointePrincipale": main.id,
        }
    return answer


def _address(structure: Structure, role: str) -> Answer:
    where = structure.adresse
    return {
        f"adresse{role}Id": structure.idStructureCPP,
        f"adresse{role}Detail": where.adresse,
        f"adresse{role}Complement1": where.complementAdresse1 or None,
        f"adresse{role}Complement2": where.complementAdresse2 or None,
        f"adresse{role}CodePostal": where.codePostal,
        f"adresse{role}Ville": where.ville,
        f"adresse{role}CodePays": where.pays,
        f"adresse{role}LibellePays": "France" if where.pays == "FR" else where.pays,
    }


def _recipient(world: World, facture: Facture, issued: bool) -> Answer:
    recipient = world.structures[facture.idDestinataire]
    service = recipient.service(facture.codeService)
    answer = {
        "idDestinataire": recipient.idStructureCPP,
        "codeDestinataire": recipient.identifiant,
        "libelleDestinataire": recipient.designation,
        "idServiceExecutant": service.idService if service else None,
        "codeServiceExecutant": facture.codeService or None,
        "libelleServiceExecutant": service.nomService if service else None,
        **_address(recipient, "Destinataire"),
    }
    if issued:
        answer["designationDestinataire"] = recipient.designation
        answer["miseEnPaiementDestinataire"] = not recipient.statutMiseEnPaiementNestPasRemonte
    else:
        answer["destinataireEtat"] = "OUI" if recipient.identifiant == "11000201100044" else "NON"
    return answer


def _supplier(world: World, facture: Facture, issued: bool) -> Answer:
    supplier = world.structures[facture.idFournisseur]
    answer = {
        "idFournisseur": supplier.idStructureCPP,
        "typeIdentifiantFournisseur": supplier.typeIdentifiant,
        "codeFournisseur": supplier.identifiant,
        "designationFournisseur": supplier.designation,
        "numeroRcsFournisseur": supplier.numeroRcs or None,
        **_address(supplier, "Fournisseur"),
    }
    if issued:
        answer["raisonSocialeFournisseur"] = supplier.designation
    account = next((compte for compte in supplier.comptes if compte.iban == facture.iban), None)
    if facture.iban:
        answer["coordBancairesFournisseurType"] = "IBAN"
        answer["coordBancairesFournisseurCompteBancaire"] = facture.iban
        answer["coordBancairesFournisseurCodePays"] = facture.iban[:2]
    if account:
        answer["coordBancairesFournisseurId"] = account.idCoordonneeBancaire
        answer["coordBancairesFournisseurLibelle"] = account.nomCoordonneeBancaire
        answer["coordBancairesBicSwift"] = account.bic
    return answer


def _cadre(world: World, facture: Facture) -> Answer:
    answer: Answer = {"codeCadreFacturation": values.CADRES.get(facture.cadre, "SANS_CADRE_DE_FACTURATION")}
    for rank, number, when in (
        (1, facture.idValideur1, facture.dateValidation1),
        (2, facture.idValideur2, facture.dateValidation2),
    ):
        structure = world.structure(number)
        if structure:
            answer[f"idValideur{rank}"] = structure.idStructureCPP
            answer[f"typeIdentifiantValideur{rank}"] = structure.typeIdentifiant
            answer[f"codeValideur{rank}"] = structure.identifiant
            answer[f"raisonSocialeValideur{rank}"] = structure.designation
        if when:
            answer[f"dateValidation{rank}"] = when.isoformat()
    for role, number in (("Moe", facture.idMoe), ("Moa", facture.idMoa)):
        structure = world.structure(number)
        if structure:
            answer[f"id{role}"] = structure.idStructureCPP
            answer[f"typeIdentifiant{role}"] = structure.typeIdentifiant
            answer[f"identifiant{role}"] = structure.identifiant
            answer[f"raisonSociale{role}"] = structure.designation
    return answer


def _references(facture: Facture) -> Answer:
    answer = {
        "dateFacture": day(facture.dateFacture),
        "dateDepot": day(facture.dateDepot),
        "dateCreationFacture": minute(facture.dateDepot),
        "dateEcheancePaiement": day(facture.dateEcheance),
    }
    return {
        **without_none(answer),
        "codeDeviseFacture": facture.devise,
        "libelleDeviseFacture": "Euro européen" if facture.devise == "EUR" else facture.devise,
        "typeFacture": facture.typeFacture,
        "typeFactureTravaux": facture.typeFactureTravaux,
        "typeTva": facture.typeTva,
        "motifExonerationTva": facture.motifExoneration or None,
        "numeroMarche": facture.numeroMarche or None,
        "numeroBonCommande": facture.numeroBonCommande or None,
        "numeroFactureOrigine": facture.numeroFactureOrigine or None,
        "modePaiement": facture.modePaiement,
        "tailleTotalePiecesJointes": size_of(facture),
        "numeroDpMandat": facture.numeroDPMandat or None,
    }


def _vat(facture: Facture, asked: Paging) -> Answer:
    rows = [
        {
            "ligneTvaTauxRefCode": line.code or None,
            "ligneTvaTauxManuel": line.taux,
            "ligneTvaMontantBaseHtParTaux": line.base,
            "ligneTvaMontantTvaParTaux": line.montant,
        }
        for line in facture.tvas
    ]
    return {"ligneTva": page_of(rows, asked), **suffixed(asked, len(rows), "LignesRecapitulativesTVA")}


def _totals(facture: Facture) -> Answer:
    return {
        "montantHtTotal": facture.montantHT,
        "montantTVA": facture.montantTVA,
        "montantTtcAvantRemiseGlobalTTC": facture.montantTTC,
        "montantRemiseGlobaleTTC": Decimal(0),
        "motifRemiseGlobaleTTC": None,
        "montantTtcTotal": facture.montantTTC,
        "montantAPayer": facture.montantAPayer,
    }


def _pieces(facture: Facture, asked: Paging) -> Answer:
    rows = [_piece(piece) for piece in facture.pieces]
    return {"pieceJointe": page_of(rows, asked), **suffixed(asked, len(rows), "ListePiecesJointe")}


def _piece(piece: PieceJointe) -> Answer:
    return {
        "pieceJointeTypeCode": piece.code_type,
        "pieceJointeTypeLibelle": piece.code_type.replace("_", " ").capitalize(),
        "pieceJointeDesignation": piece.designation or piece.nom,
        "pieceJointeNumeroLigneFacture": piece.numeroLigne,
        "pieceJointeIdLiaison": piece.idLiaison,
        "pieceJointeId": piece.id,
        "pieceJointeExtension": piece.extension,
    }


def lines_of(world: World, facture: Facture) -> list[LignePoste]:
    """The lines typed in, or read again from the original of a deposited flux: they are not kept in memory."""
    if facture.lignes or not facture.numeroFluxDepot or not facture.pieces:
        return facture.lignes
    try:
        return container.read_any(world.spool.read(facture.pieces[0].blob)).lignes
    except Inadmissible:
        return []


def _lines(world: World, facture: Facture, asked: Paging) -> Answer:
    lines = lines_of(world, facture)
    rows = [_line(line) for line in page_of(lines, asked)]
    return {"lignePoste": rows, **suffixed(asked, len(lines), "LignesPoste")}


def _line(line: LignePoste) -> Answer:
    net = line.montantHT or (line.quantite * line.prixUnitaireHT - line.remiseHT)
    tax = (net * (line.taux or Decimal(0)) / 100).quantize(CENT, ROUND_HALF_UP)
    return {
        "lignePosteNumero": line.numero,
        "lignePosteReference": line.reference or None,
        "lignePosteDenomination": line.denomination,
        "lignePosteQuantite": line.quantite,
        "lignePosteUniteLibelle": line.unite or None,
        "lignePosteMontantUnitaireHT": line.prixUnitaireHT,
        "lignePosteMontantRemiseHT": line.remiseHT,
        "lignePosteTauxTva": line.codeTaux or None,
        "lignePosteTauxTvaManuel": line.taux,
        "lignePosteMontantHtApresRemise": net,
        "lignePosteMontantTva": tax,
        "lignePosteMontantTtcApresRemise": net + tax,
    }
