"""Causes in what the recipient demands (diagnosis.md §8): said before a deposit by the checks, explained here."""

from raccord.doctor.causes.writing import EXPLAINED, entry
from raccord.domain.connection import Light

_ON_INVOICE = Light.GREEN
"""A cause of an invoice, not of the connection: the light stays as it is."""

CAUSES = (
    entry(
        "DST-01",
        "Destinataire inconnu ou inactif",
        say="Aucun client public actif avec le SIRET {siret}.",
        do=(
            "Vérifiez le SIRET demandé au client : établissement, budget annexe, CCAS.",
            "Cherchez-le dans l’annuaire de Chorus Pro.",
            "Ne devinez pas : demandez au client le SIRET de facturation.",
        ),
        en="No active public customer has the SIRET {siret}.",
        do_en=(
            "Check the SIRET asked of the customer: site, annexed budget, welfare centre.",
            "Look it up in the directory of Chorus Pro.",
            "Do not guess: ask the customer.",
        ),
        light=_ON_INVOICE,
        seen=EXPLAINED,
    ),
    entry(
        "DST-02",
        "Code service manquant",
        say="Ce client exige un code service : la facture n’en porte pas.",
        do=("Choisissez le service dans la liste de ce client.", "À défaut, demandez-le au client."),
        en="This customer demands a service code: the invoice has none.",
        do_en=("Choose the service in the list of this customer.", "Failing that, ask the customer."),
        light=_ON_INVOICE,
        seen=EXPLAINED,
    ),
    entry(
        "DST-03",
        "Code service inconnu ou inactif",
        say="Le service {service} n’existe plus chez ce client.",
        do=("Rafraîchissez l’annuaire.", "Choisissez de nouveau le service."),
        en="The service {service} no longer exists at this customer.",
        do_en=("Refresh the directory.", "Choose the service again."),
        light=_ON_INVOICE,
        seen=EXPLAINED,
    ),
    entry(
        "DST-04",
        "Numéro d’engagement manquant",
        say="Ce client exige un numéro d’engagement (bon de commande) : la facture n’en porte pas.",
        do=(
            "Saisissez le numéro d’engagement avant l’envoi.",
            "Le message de Chorus Pro parle d’« engagement juridique » aussi quand c’est le code service qui manque : "
            "seul le chemin XML les distingue.",
        ),
        en="This customer demands a commitment number (purchase order): the invoice has none.",
        do_en=(
            "Type the commitment number before sending.",
            "Chorus Pro says “engagement juridique” for a missing service code as well: only the XML path differs.",
        ),
        light=_ON_INVOICE,
        seen=EXPLAINED,
    ),
    entry(
        "DST-05",
        "Numéro d’engagement introuvable",
        say="Le numéro d’engagement {commitment} est inconnu de Chorus Pro.",
        do=(
            "Vérifiez les zéros, les lettres O et les espaces ; 50 caractères au plus.",
            "Contactez le client.",
            "L’envoi reste possible si le client ne publie pas ses engagements.",
        ),
        en="The commitment number {commitment} is unknown to Chorus Pro.",
        do_en=(
            "Check zeros, letters O and blanks; 50 characters at most.",
            "Contact the customer.",
            "Sending remains possible when the customer does not publish commitments.",
        ),
        light=_ON_INVOICE,
        seen=EXPLAINED,
    ),
    entry(
        "DST-06",
        "Code service ou numéro d’engagement",
        say="Ce client exige au moins l’un des deux : code service ou numéro d’engagement.",
        do=("Saisissez l’un des deux.",),
        en="This customer demands at least one of the two: service code or commitment number.",
        do_en=("Type one of the two.",),
        light=_ON_INVOICE,
        seen=EXPLAINED,
    ),
    entry(
        "DST-07",
        "Service FACTURES_PUBLIQUES choisi par un émetteur privé",
        say="Le service FACTURES_PUBLIQUES est réservé aux factures entre organismes publics.",
        do=("Choisissez un autre service de ce client.",),
        en="The service FACTURES_PUBLIQUES is for invoices between public bodies.",
        do_en=("Choose another service of this customer.",),
        light=_ON_INVOICE,
        seen=EXPLAINED,
    ),
    entry(
        "DST-08",
        "SIRET d’outre-mer",
        say="Un SIRET d’outre-mer est un SIRET français : l’envoi doit porter le SIRET, pas le numéro de TVA.",
        do=("Traitez ce client ou ce fournisseur comme un SIRET français.",),
        en="An overseas SIRET is a French SIRET: the invoice must carry the SIRET, not the VAT number.",
        do_en=("Treat this party as a French SIRET.",),
        light=_ON_INVOICE,
        seen=EXPLAINED,
    ),
)
