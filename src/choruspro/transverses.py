"""The Transverses API: 36 operations (specifications/api/transverses.md).

`recupererTypeStructure` is known by name only and has no path, hence no operation.
"""

from __future__ import annotations

from choruspro.base import Retour
from choruspro.models import transverses_codes as codes
from choruspro.models import transverses_flux as flux
from choruspro.models import transverses_sollicitations as sollicitations
from choruspro.models import transverses_structures as structures
from choruspro.models.commun import RechercheParams, SansCritere, SansCritereLangue
from choruspro.operation import AsyncFace, Face, Operation, Search
from choruspro.paging import Paging

__all__ = ["AsyncTransverses", "Transverses", "TransversesOperations"]


class TransversesOperations:
    """The operations, in the order of the specification."""

    famille = "transverses"

    consulter_cr_detaille = Operation(
        "consulterCRDetaille",
        flux.ConsulterCRDetailleParam,
        flux.RetourConsulterCRDetaille,
        doc="""Read the state of a flux, and why it or some of its invoices were refused (§1;
        specifications/flux.md §4-5).

        The operation to use for every format. `etatCourantDepotFlux` is an open list (`.final` tells the end);
        the error
        lists are empty when nothing was refused. An unknown number is Refused.
        """,
    )
    consulter_cr = Operation(
        "consulterCR",
        flux.ConsulterCRParam,
        flux.RetourConsulterCR,
        doc="""Read the state of a flux and its report as PDF, `fichierCR` (§1). It gives no reasons.""",
    )
    ajouter_fichier = Operation(
        "ajouter/fichier",
        flux.AjouterFichierParam,
        flux.RetourAjouterFichier,
        writes=True,
        too_large=(20003,),
        doc="""Add a file to the account and get its `pieceJointeId` (§2). TooLarge (20003) above 10 MB.

        The file hangs on the account until `soumettre` or `completer` names it.
        """,
    )
    telecharger_piece_jointe = Operation(
        "telecharger/pieceJointe",
        flux.TelechargerPieceJointeParam,
        flux.RetourTelechargerPieceJointe,
        doc="""Download the attachments of an object, as bytes (§2).""",
    )
    detacher_piece_jointe = Operation(
        "detacherPieceJointe",
        flux.DetacherPieceJointeParam,
        Retour,
        writes=True,
        doc="""Detach an attachment (§2). Deprecated.""",
    )
    rechercher_pj_structure = Search(
        "rechercher/pj/structure",
        flux.RechercherPJStructureParam,
        flux.RetourRechercherPJ,
        flux.PieceJointeTrouvee,
        no_result=(20000,),
        paging=Paging("parametresRecherche", RechercheParams, "listePiecesJointes"),
        doc="""Search the files attached to a structure (§2).""",
    )
    rechercher_pj_moncompte = Search(
        "rechercher/pj/moncompte",
        flux.RechercherPJMonCompteParam,
        flux.RetourRechercherPJ,
        flux.PieceJointeTrouvee,
        no_result=(20000,),
        paging=Paging("parametresRecherche", RechercheParams, "listePiecesJointes"),
        doc="""Search the files attached to the account (§2).""",
    )
    recuperer_typespj = Operation(
        "recuperer/typespj",
        codes.TypesPJParam,
        codes.RetourTypesPJ,
        doc="""List the types of attachment allowed for a kind of object (§2).""",
    )
    recuperer_structures_actives_fournisseur = Operation(
        "recuperer/structures/actives/fournisseur",
        SansCritere,
        structures.RetourStructuresActives,
        doc="""List the active structures whose issued invoices the account may reach (§3): the best proof of
        its reach.
        """,
    )
    recuperer_structures_actives_destinataire = Operation(
        "recuperer/structures/actives/destinataire",
        SansCritere,
        structures.RetourStructuresActives,
        doc="""List the active structures whose received invoices the account may reach (§3).""",
    )
    recuperer_structures_actives_facturetravaux = Operation(
        "recuperer/structures/actives/facturetravaux",
        SansCritere,
        structures.RetourStructuresActives,
        doc="""List the active structures whose works invoices the account may reach (§3).""",
    )
    recuperer_structures_pour_utilisateur = Operation(
        "recuperer/structuresPourUtilisateur",
        structures.StructuresPourUtilisateurParam,
        structures.RetourStructuresPourUtilisateur,
        doc="""List the structures of a space (§3). Deprecated.""",
    )
    rechercher_destinataire = Search(
        "rechercher/destinataire",
        structures.RechercherDestinataireParam,
        structures.RetourRechercherDestinataire,
        structures.DestinataireTrouve,
        no_result=(20000,),
        paging=Paging("parametresRecherche", RechercheParams, "listeDestinataires"),
        doc="""Search public structures (§3).""",
    )
    rechercher_serviceexecutant = Search(
        "rechercher/serviceexecutant",
        structures.RechercherServiceExecutantParam,
        structures.RetourRechercherServiceExecutant,
        structures.ServiceExecutant,
        no_result=(20000,),
        paging=Paging("parametresRecherche", RechercheParams, "listeServices"),
        doc="""Search the services of a recipient (§3). Deprecated.""",
    )
    recuperer_services_executantetat = Operation(
        "recuperer/services/executantetat",
        SansCritere,
        structures.RetourServicesExecutantEtat,
        doc="""List the services of the State (§3). Deprecated; its fields are not documented.""",
    )
    consulter_information_siret = Operation(
        "consulter/information/siret",
        structures.ConsulterInformationSiretParam,
        structures.RetourInformationSiret,
        doc="""Read the INSEE data of a SIRET (§3). Does not work in qualification.""",
    )
    recuperer_coordbanc_valides = Operation(
        "recuperer/coordbanc/valides",
        structures.CoordBancValidesParam,
        structures.RetourCoordBancValides,
        doc="""List the bank accounts of a structure of the account (§3).""",
    )
    telecharger_annuaire_destinataire = Operation(
        "telecharger/annuaire/destinataire",
        SansCritere,
        structures.RetourTelechargerAnnuaire,
        doc="""Download the directory of recipients, as the bytes of a ZIP (§3; specifications/directory.md §6).""",
    )
    recuperer_devises = Operation(
        "recuperer/devises",
        SansCritereLangue,
        codes.RetourDevises,
        doc="""List the currencies (§4).""",
    )
    recuperer_pays = Operation(
        "recuperer/pays",
        SansCritereLangue,
        codes.RetourPays,
        doc="""List the countries (§4).""",
    )
    recuperer_tauxtva = Operation(
        "recuperer/tauxtva",
        SansCritereLangue,
        codes.RetourTauxTva,
        doc="""List the VAT rates, in percent (§4). The usual test of a technical account: it reads, and needs
        no right.
        """,
    )
    recuperer_motifs_exonerationtva = Operation(
        "recuperer/motifs/exonerationtva",
        SansCritereLangue,
        codes.RetourMotifsExonerationTva,
        doc="""List the reasons for VAT exemption (§4).""",
    )
    recuperer_modereglements = Operation(
        "recuperer/modereglements",
        SansCritere,
        codes.RetourModeReglements,
        doc="""List the payment modes (§4).""",
    )
    recuperer_modedepot = Operation(
        "recuperer/modedepot",
        SansCritere,
        codes.RetourModeDepot,
        doc="""List the modes of deposit (§4).""",
    )
    recuperer_formatflux = Operation(
        "recuperer/formatflux",
        SansCritere,
        codes.RetourFormatFlux,
        doc="""List the formats of flux (§4), which are no values of `syntaxeFlux`.""",
    )
    recuperer_syntaxeflux = Operation(
        "recuperer/syntaxeflux",
        codes.SyntaxeFluxParam,
        codes.RetourSyntaxeFlux,
        doc="""List the syntaxes of flux (§4).""",
    )
    recuperer_cadrefacturation = Operation(
        "recuperer/cadrefacturation",
        codes.TypeDemandePaiementParam,
        codes.RetourCadreFacturation,
        doc="""List the cadres de facturation of a kind of payment request (§4).""",
    )
    recuperer_typedp = Operation(
        "recuperer/typedp",
        SansCritere,
        codes.RetourTypeDP,
        doc="""List the kinds of payment request (§4).""",
    )
    recuperer_typefacturetravaux = Operation(
        "recuperer/typefacturetravaux",
        SansCritere,
        codes.RetourTypeFactureTravaux,
        doc="""List the kinds of works document (§4).""",
    )
    recuperer_typeidentifiant_structure = Operation(
        "recuperer/typeidentifiant/structure",
        SansCritere,
        codes.RetourTypeIdentifiant,
        doc="""List the types of identifier (§4).""",
    )
    recuperer_motifs_refus_facture_avalider = Operation(
        "recuperer/motifs/refus/Facture/AValider",
        codes.MotifsRefusParam,
        codes.RetourMotifsRefus,
        doc="""List the reasons for refusal open to a validator (§4).""",
    )
    recuperer_etat_typedp = Operation(
        "recuperer/etat/typedp",
        codes.TypeDemandePaiementParam,
        codes.RetourEtatParTypeDP,
        doc="""List every status that a kind of payment request may take (§5).""",
    )
    recuperer_etats_traitement = Operation(
        "recuperer/etats/traitement",
        codes.EtatsTraitementParam,
        codes.RetourEtatsTraitement,
        doc="""List what a recipient may set from a status (§5).""",
    )
    rechercher_categorie_sollicitation = Search(
        "rechercher/categorieSollicitation",
        sollicitations.RechercherCategorieParam,
        sollicitations.RetourRechercherCategorie,
        sollicitations.CategorieSollicitation,
        no_result=(20000,),
        paging=Paging("pagination", RechercheParams, "listeCategories"),
        doc="""Search the categories of solicitations (§6).""",
    )
    rechercher_sous_categorie_sollicitation = Search(
        "rechercher/sousCategorieSollicitation",
        sollicitations.RechercherSousCategorieParam,
        sollicitations.RetourRechercherSousCategorie,
        sollicitations.CategorieEtSousCategories,
        no_result=(20000,),
        paging=Paging("pagination", RechercheParams, "listeSousCategories"),
        doc="""Search the sub-categories of solicitations (§6).""",
    )
    health_check = Operation(
        "health-check",
        SansCritere,
        flux.RetourHealthCheck,
        envelope=False,
        method="GET",
        doc="""Ask whether the API is alive (§7); the only GET. Whether it needs `cpro-account` is unknown: it
        is sent.
        """,
    )


class Transverses(TransversesOperations, Face):
    """The Transverses API, waited for."""


class AsyncTransverses(TransversesOperations, AsyncFace):
    """The Transverses API, awaited."""
