"""`consulterCRDetaille` and `consulterCR`: what became of a flux (specifications/flux.md §4, §5)."""

from __future__ import annotations

import base64

from chorus_simulator import deposits, fields
from chorus_simulator.model import Flux
from chorus_simulator.operations import OK, Answer, Call
from chorus_simulator.pdf import text_pdf
from chorus_simulator.transverses.errors import unknown_flux
from chorus_simulator.writing import instant


def _flux(call: Call) -> Flux:
    """A flux deposited by the account, or for one of its structures."""
    world = call.world
    flux = world.flux.get(fields.required(call.body, "numeroFluxDepot"))
    if flux is None:
        raise unknown_flux(call)
    author = world.technical_accounts.get(flux.par)
    same_house = author is not None and author.idStructureCPP in call.reach
    theirs = any(world.factures[number].idFournisseur in call.reach for number in flux.factures)
    if flux.par != call.login and not same_house and not theirs:
        raise unknown_flux(call)
    return flux


def consulter_cr_detaille(call: Call) -> Answer:
    """`consulterCRDetaille` (api/transverses.md §1): the state now; errors only once final, their lists absent when
    empty. Refuses a flux that is neither the account's nor for one of its structures."""
    flux = _flux(call)
    state, since = deposits.state_of(call.world, flux)
    answer = {
        **OK,
        "codeInterfaceDepotFlux": flux.interface,
        "dateDepotFlux": instant(call.world, flux.dateDepot),
        "dateHeureEtatCourantFlux": instant(call.world, since),
        "etatCourantDepotFlux": state,
        "nomFichier": platform_name(flux),
    }
    if state == flux.final and flux.erreurs:
        answer["listeErreurDP"] = [
            {
                "identifiantFournisseur": error.identifiantFournisseur,
                "identifiantDestinataire": error.identifiantDestinataire,
                "numeroDP": error.numeroDP,
                "libelleErreurDP": error.libelle,
            }
            for error in flux.erreurs
        ]
    if state == flux.final and flux.techniques:
        answer["listeErreurTechnique"] = [
            {"codeErreur": error.code, "libelleErreur": error.libelle, "natureErreur": error.nature}
            for error in flux.techniques
        ]
    return answer


def platform_name(flux: Flux) -> str:
    """The name the platform gives a flux: `<interface>_CPP001_<number>` (api/transverses.md §1)."""
    return f"{flux.interface}_CPP001_{flux.numero}"


def consulter_cr(call: Call) -> Answer:
    """`consulterCR` (api/transverses.md §1): the state and a PDF in base64; the same refusal."""
    flux = _flux(call)
    world = call.world
    state, since = deposits.state_of(world, flux)
    author = world.technical_accounts.get(flux.par)
    partner = world.structures[author.idStructureCPP] if author else None
    return {
        **OK,
        "codeAppliPartenaire": "API",
        "codeInterfaceFlux": flux.interface,
        "dateDepotFlux": instant(world, flux.dateDepot),
        "dateHeureEtatCourantFlux": instant(world, since),
        "designationPartenaire": partner.designation if partner else "",
        "etatCourantFlux": state,
        "fichierCR": base64.b64encode(_report(call, flux, state)).decode("ascii"),
        "nomFichierFlux": platform_name(flux),
        "numeroFluxDepot": flux.numero,
    }


def _report(call: Call, flux: Flux, state: str) -> bytes:
    final = state == flux.final
    invoices = [call.world.factures[number] for number in flux.factures] if final else []
    return text_pdf(
        [
            "Simulateur de Chorus Pro : compte rendu d'intégration",
            "",
            f"Numéro de flux : {flux.numero}",
            f"Fichier : {flux.nomFichier}",
            f"Syntaxe : {flux.syntaxe}",
            f"État : {state}",
            "",
            *[f"Intégrée : {facture.numero}" for facture in invoices],
            *[f"Rejetée : {error.numeroDP} : {error.libelle}" for error in flux.erreurs if final],
            *[f"Erreur technique {error.code} : {error.libelle}" for error in flux.techniques if final],
        ]
    )
