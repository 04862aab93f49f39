"""The Factures API: 22 operations (specifications/api/factures.md).

Besides the errors of `choruspro.errors`, `Refused` carries the codes named by each operation. Amounts are
Decimal in the
invoice's currency; days are `date`, instants aware `datetime`; identifiers are int64.
"""

from __future__ import annotations

from choruspro.models import factures_demandes as demandes
from choruspro.models import factures_depot as depot
from choruspro.models import factures_emises as emises
from choruspro.models import factures_historique as historique
from choruspro.models import factures_recues as recues
from choruspro.models import factures_suites as suites
from choruspro.models import factures_valideur as valideur
from choruspro.operation import AsyncFace, Face, Operation, Search
from choruspro.paging import Paging

__all__ = ["AsyncFactures", "Factures", "FacturesOperations"]


class FacturesOperations:
    """The operations, in the order of the specification."""

    famille = "factures"

    deposer_flux = Operation(
        "deposer/flux",
        depot.DeposerFluxFactureParam,
        depot.WsRetourDeposerFluxFacture,
        writes=True,
        too_large=(20001,),
        doc="""Deposit one file: an XML, a Factur-X, or a `.tar.gz` of several of one syntax (§1;
        specifications/flux.md).

        Fields: `fichierFlux` bytes (30 MB at most), `nomFichier` (≤ 200, no path), `syntaxeFlux` (SyntaxeFlux).
        Answers at once with `numeroFluxDepot` (25 characters, opaque) and `dateDepot`; no invoice id, no state: read
        them later with `transverses.consulter_cr_detaille`. Raises TooLarge (413, 20001 `GDP_MSG_11.022`). There is no
        idempotency key: after an error whose `effect_unknown` is True, search before sending again.
        """,
    )
    deposer_pdf = Operation(
        "deposer/pdf",
        depot.DeposerPdfFactureParam,
        depot.WsRetourDeposerPdfFacture,
        writes=True,
        envelope=False,
        doc="""Store a PDF and start character recognition (§2; specifications/saisie.md §2).

        Fields: `fichierFacture` bytes (10 MB at most, else TooLarge), `nomFichier` (≤ 200), `formatDepot`
        (FormatDepotPdf). Answers with `pieceJointeId` and what was read, each None when it was not; these are
        suggestions. The invoice is `INTERPRETEE_OCR`: deposited is not sent, `soumettre` sends it.
        """,
    )
    soumettre = Operation(
        "soumettre",
        depot.SoumettreFactureParam,
        depot.WsRetourSoumettreFacture,
        writes=True,
        doc="""Submit an invoice by fields, in one of three modes (§3; specifications/saisie.md §4).

        `modeDepot` SAISIE_API (lines needed; no `dateFacture`, no number: the platform gives them), DEPOT_PDF_API or
        DEPOT_PDF_SIGNE_API (number, date and `pieceJointePrincipale` needed). Answers with `identifiantFactureCPP`,
        `numeroFacture`, `statutFacture`. Refused: `GDP_MSG_11.001` (state), 20013, 20303 to 20305 (amounts).
        """,
    )
    rechercher_fournisseur = Search(
        "rechercher/fournisseur",
        emises.RechercherFactureParFournisseurParam,
        emises.WsRetourRechercherFactureParFournisseur,
        emises.RetourRechercherFactureParFournisseur,
        no_result=(20000,),
        paging=Paging(
            "rechercheFactureParFournisseur",
            emises.ParametresRechercherFactureParFournisseur,
            "listeFactures",
            maximum="nbResultatsMaximum",
        ),
        doc="""Search issued invoices; every criterion is optional (§4).

        `numeroFluxDepot` alone tells the `identifiantFactureCPP` and `statut` of each invoice of a flux. The platform
        gives 10 rows a page when nothing is asked: `iter_rows` goes through all pages.
        """,
    )
    rechercher_atraiter_fournisseur = Search(
        "rechercher/atraiter/fournisseur",
        emises.RechercherFactureATraiterParFournisseurParam,
        emises.WsRetourRechercherFactureATraiterParFournisseur,
        emises.FactureRechercherATraiterFournisseur,
        no_result=(20000,),
        paging=Paging(
            "rechercheFactureATraiterParFournisseur",
            emises.ParamRechercheFactureATraiterParFournisseur,
            "listeFactures",
            maximum="nbResultatsMaximum",
        ),
        doc="""Search the invoices that the supplier may complete, recycle, delete or give another validator (§5).

        `idStructure` None means every structure of the account. One client marks it deprecated.
        """,
    )
    consulter_fournisseur = Operation(
        "consulter/fournisseur",
        emises.ConsulterFactureParFournisseurParam,
        emises.WsRetourFacturesEmises,
        doc="""Read one issued invoice, by `identifiantFactureCPP` (§6).

        Its lines, VAT and attachments come 10 a page: ask more with `getpLignesPoste`, `getpLigneRecapTva` and
        `getpListePiecesJointes`.
        """,
    )
    completer = Operation(
        "completer",
        suites.CompleterFactureParam,
        suites.WsRetourCompleterFacture,
        writes=True,
        doc="""Add attachments or a comment (≤ 2000) to a `SUSPENDUE` invoice, which becomes `COMPLETEE` (§7).

        Attachments are uploaded before with `transverses.ajouter_fichier`. Refused: 20000 `GDP_MSG_11.008` (unknown),
        20001 `GDP_MSG_11.005` (rights), 20002 `GDP_MSG_11.033` (not suspended).
        """,
    )
    recycler = Operation(
        "recycler",
        suites.RecyclerFactureParam,
        suites.WsRetourRecyclerFacture,
        writes=True,
        doc="""Change the routing data of an `A_RECYCLER` invoice, keeping its number (§8).

        Being withdrawn with the reform (specifications/life-cycle.md §6). Refused: 20004 to 20014.
        """,
    )
    traiter_rejet = Operation(
        "traiterRejet",
        suites.TraiterFacturesRejeteesParam,
        suites.WsRetour,
        writes=True,
        doc="""Declare that rejections have been dealt with, which sets `rejetTraite` (§9).""",
    )
    corriger_valideur_facture = Operation(
        "corriger/valideur/facture",
        suites.CorrigerValideurFactureParam,
        suites.WsRetourCorrigerValideurFacture,
        writes=True,
        doc="""Give another validator to an invoice refused because the validator was wrong (§10).""",
    )
    consulter_historique = Operation(
        "consulter/historique",
        historique.ConsulterHistoriqueFactureParam,
        historique.WsRetourConsulterHistoriqueFacture,
        doc="""Read the history and the present status of an invoice, by `idFacture` (§11).

        `statutCourantCode` is what pollers read; entries come newest first, 10 a page unless asked otherwise.
        """,
    )
    rechercher_recipiendaire = Search(
        "rechercher/recipiendaire",
        recues.RechercherFactureRecipiendaireParam,
        recues.WsRetourRechercheFactureRecipiendaireRest,
        recues.FactureRechercheRecipiendaire,
        no_result=(20000,),
        paging=Paging(
            "paramRecherche",
            recues.ParamRechercheDemandeRecipiendaire,
            "listeFactures",
            compteurs="",
            maximum="nbResultatsMaximum",
        ),
        doc="""Search received invoices (§12; specifications/recipient.md §2).

        Nothing found is no error (20000 `TRA_MSG_00.015`): the list is empty. `factureTelechargeeParDestinataire` False
        keeps what was not downloaded yet, a flag that no client should take for its own memory.
        """,
    )
    rechercher_atraiter_recipiendaire = Search(
        "rechercher/atraiter/recipiendaire",
        recues.RechercherFactureATraiterParRecipiendaireParam,
        recues.WsRetourRechercheFactureRecipiendaire,
        recues.FactureRechercheRecipiendaire,
        no_result=(20000,),
        paging=Paging(
            "parametreRechercheFactureATraiterParRecipiendaire",
            recues.ParametreRechercheFactureATraiterParRecipiendaire,
            "listeFactures",
            maximum="getnbResultatsMaximum",
        ),
        doc="""Search the invoices in a status that the recipient may treat (§13). One client marks it deprecated.""",
    )
    consulter_recipiendaire = Operation(
        "consulter/recipiendaire",
        recues.ConsulterFactureParRecipiendaireParam,
        recues.WsRetourFacturesRecues,
        doc="""Read one received invoice, by `identifiantFactureCPP` (§14).""",
    )
    traiter_recue = Operation(
        "traiter/recue",
        recues.TraiterUneFactureRecueParam,
        recues.WsRetourTraiterFacture,
        writes=True,
        doc="""Give a received invoice its new status (§15; specifications/recipient.md §4).

        `motif` (≤ 255) is compulsory for REJETEE and SUSPENDUE; `numeroDPMandat` goes only with MANDATEE.
        Refused: 20002
        (incoherent origin or target), `GDP_MSG_11.008` (unknown invoice).
        """,
    )
    telecharger_groupe = Operation(
        "telecharger/groupe",
        recues.TelechargerGroupeFactureParam,
        recues.WsRetourTelechargerGroupeFacture,
        writes=True,
        doc="""Download invoices as PDF, ZIP or pivot XML (§16; specifications/recipient.md §3).

        `fichierResultat` bytes: raw XML for PIVOT, a PDF or a ZIP for PDF. Advice: 10 invoices a call; TooLarge (413)
        above 120 MB. It sets `factureTelechargeeParDestinataire`, hence counts as a call that changes something, yet
        asking again does no harm.
        """,
    )
    rechercher_valideur = Search(
        "rechercher/valideur",
        valideur.RechercherFactureParValideurParam,
        valideur.WsRetourRechercherFactureParValideur,
        valideur.FactureRechercheValideur,
        no_result=(20000,),
        paging=Paging("pagination", valideur.ParametresRechercherFactureParValideur, "listeFactures"),
        doc="""Search invoices and works invoices as a validator (§17).""",
    )
    rechercher_a_traiter_valideur = Search(
        "rechercher/aTraiter/valideur",
        valideur.RechercherFactureATraiterParValideurParam,
        valideur.WsRetourRechercherFactureATraiterParValideur,
        valideur.FactureRechercheValideur,
        no_result=(20000,),
        paging=Paging("pagination", valideur.ParametresRechercherFactureATraiterParValideur, "listeFactures"),
        doc="""Search the invoices that wait for a validator's decision (§18); the path has a capital T.""",
    )
    consulter_valideur = Operation(
        "consulter/valideur",
        valideur.ConsulterFactureParValideurParam,
        emises.WsRetourFacturesEmises,
        doc="""Read one invoice as a validator, by `identifiantFactureCPP` (§19).""",
    )
    traiter_facture_a_valider = Operation(
        "traiter/factureAValider",
        valideur.TraiterFactureAValiderParam,
        valideur.WsRetourTraiterFactureAValider,
        writes=True,
        doc="""Accept or refuse an invoice as its validator (§20); `action` VALIDATION or REFUS in the contract of 2023.

        Only for the historic circuit: invoices of accredited platforms are validated on the portal.
        """,
    )
    recuperer_statuts_facture_visibles_valideur = Operation(
        "recuperer/statutsFactureVisibles/valideur",
        valideur.RecupererStatutsFactureVisiblesParValideurParam,
        valideur.WsRetourRecupererStatutsFactureVisiblesParValideur,
        doc="""List the statuses under which a validator may fetch an invoice (§21).""",
    )
    rechercher_demande_paiement = Operation(
        "rechercher/demandePaiement",
        demandes.RechercherDemandePaiementParam,
        demandes.WsRetourRechercherDemandePaiement,
        no_result=(20000,),
        doc="""Search payment requests, live and archived, for one role (§22). Not paged; does not work in
        qualification.
        """,
    )


class Factures(FacturesOperations, Face):
    """The Factures API, waited for."""


class AsyncFactures(FacturesOperations, AsyncFace):
    """The Factures API, awaited."""
