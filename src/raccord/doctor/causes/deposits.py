"""Causes in a deposit (diagnosis.md §9): found by the checks before sending, or told by Chorus Pro's refusal."""

from raccord.doctor.causes.writing import EXPLAINED, Steps, entry
from raccord.domain.connection import Light
from raccord.domain.verdict import Cause


def _deposit(code: str, title: str, *, say: str, do: Steps, en: str, do_en: Steps) -> Cause:
    """A cause of one deposit: the light of the connection stays as it is."""
    return entry(code, title, say=say, do=do, en=en, do_en=do_en, light=Light.GREEN, seen=EXPLAINED)


CAUSES = (
    _deposit(
        "DEP-01",
        "Numéro de facture déjà utilisé",
        say="Cette facture est déjà dans Chorus Pro (statut {status}).",
        do=(
            "Ne la renvoyez pas.",
            "Rattachez votre facture à celle qui a été trouvée.",
            "Si elle est rejetée : faites une nouvelle facture, avec un nouveau numéro.",
        ),
        en="This invoice is already in Chorus Pro (status {status}).",
        do_en=("Do not send it again.", "Tie your invoice to the one found.", "If REJETEE: a new number is needed."),
    ),
    _deposit(
        "DEP-02",
        "Envoi sans réponse",
        say="Envoi non confirmé : vérification en cours.",
        do=("Rien à faire : Raccord recherche la facture dans Chorus Pro avant tout renvoi.",),
        en="Deposit not confirmed: being verified.",
        do_en=("Nothing to do: Raccord searches the invoice in Chorus Pro before sending anything again.",),
    ),
    _deposit(
        "DEP-03",
        "Fichier trop volumineux",
        say="Le fichier « {file} » dépasse la taille admise : 10 Mo par pièce, 30 Mo par flux.",
        do=(
            "Compressez le PDF.",
            "Mettez les annexes à part, en pièces jointes.",
            "Le total d’une facture ne peut dépasser 120 Mo.",
        ),
        en="The file “{file}” is too large: 10 MB for a document, 30 MB for a flux.",
        do_en=("Compress the PDF.", "Put annexes apart, as attachments.", "120 MB at most for one invoice."),
    ),
    _deposit(
        "DEP-04",
        "Pièce jointe refusée",
        say="La pièce « {file} » est refusée : nom trop long, extension absente ou non admise, ou fichier vide.",
        do=(
            "Renommez-la : 50 caractères au plus avec l’extension ; Raccord propose un nom.",
            "Ou convertissez-la dans un format admis.",
        ),
        en="The attachment “{file}” is refused: name too long, extension missing or not admitted, or empty file.",
        do_en=("Rename it: 50 characters at most with the extension.", "Or convert it to an admitted format."),
    ),
    _deposit(
        "DEP-05",
        "XML invalide, champ obligatoire absent",
        say="Il manque : {field}.",
        do=("Ouvrez la facture à l’endroit indiqué et complétez ce champ.", "Déposez-la de nouveau."),
        en="Missing: {field}.",
        do_en=("Open the invoice at the place shown and fill this field.", "Deposit it again."),
    ),
    _deposit(
        "DEP-06",
        "Syntaxe annoncée différente du contenu",
        say="Le fichier est un Factur-X : il doit partir comme flux structuré, pas comme simple PDF.",
        do=("Choisissez la syntaxe IN_DP_E2_CII_FACTURX.", "Ou déposez un PDF simple, sans XML à l’intérieur."),
        en="The file is a Factur-X: it must leave as a structured flux, not as a plain PDF.",
        do_en=("Choose the syntax IN_DP_E2_CII_FACTURX.", "Or deposit a plain PDF."),
    ),
    _deposit(
        "DEP-07",
        "Totaux ou arrondis",
        say="Les montants ne s’additionnent pas : écart de {gap} €.",
        do=("Recalculez la TVA par taux, puis les totaux.", "Déposez la facture corrigée."),
        en="The amounts do not add up: a gap of {gap} €.",
        do_en=("Compute the VAT again by rate, then the totals.", "Deposit the corrected invoice."),
    ),
    _deposit(
        "DEP-08",
        "IBAN absent ou non déclaré",
        say="Les coordonnées bancaires manquent dans Chorus Pro ou sur la facture.",
        do=("Déclarez l’IBAN sur le portail.", "Indiquez le même sur la facture ; l’IBAN seul suffit."),
        en="The bank details are missing in Chorus Pro or on the invoice.",
        do_en=("Declare the IBAN on the portal.", "Put the same one on the invoice; the IBAN alone is enough."),
    ),
    _deposit(
        "DEP-09",
        "Mode de paiement",
        say="Le mode de paiement est obligatoire sur une facture et interdit sur un avoir.",
        do=("Corrigez le mode de paiement.",),
        en="The payment means is compulsory on an invoice and forbidden on a credit note.",
        do_en=("Correct the payment means.",),
    ),
    _deposit(
        "DEP-10",
        "Pièce jointe introuvable, type inconnu",
        say="La pièce jointe n’a pas été trouvée par Chorus Pro, ou son type est inconnu.",
        do=("Ajoutez la pièce de nouveau.", "Choisissez un type de la liste."),
        en="Chorus Pro did not find the attachment, or its type is unknown.",
        do_en=("Add the attachment again.", "Choose a type of the list."),
    ),
    _deposit(
        "DEP-11",
        "PDF illisible",
        say="Chorus Pro n’a pas pu lire ce PDF : image seule, ou document protégé.",
        do=("Fournissez un PDF texte, produit par un logiciel, sans mot de passe, noir sur blanc.",),
        en="Chorus Pro could not read this PDF: an image, or a protected document.",
        do_en=("Give a text PDF made by a program, without password, black on white.",),
    ),
    _deposit(
        "DEP-12",
        "Cadre de facturation erroné",
        say="Le cadre de facturation {frame} ne convient pas à cette facture.",
        do=(
            "Sous-traitant : A9. Cotraitant : A12. Facture déjà payée : A2. Fournisseur : A1.",
            "Déposez la facture avec le bon cadre.",
        ),
        en="The billing frame {frame} does not fit this invoice.",
        do_en=("Subcontractor: A9. Co-contractor: A12. Already paid: A2. Supplier: A1.", "Deposit it again."),
    ),
    _deposit(
        "DEP-13",
        "Restée à l’état de brouillon",
        say="La facture est enregistrée dans Chorus Pro, mais pas envoyée.",
        do=("Cliquez sur « Valider et envoyer ».",),
        en="The invoice is saved in Chorus Pro, but not sent.",
        do_en=("Click “Valider et envoyer”.",),
    ),
    _deposit(
        "DEP-14",
        "SIRET du fournisseur absent de l’UBL",
        say="Le SIRET du fournisseur manque dans le fichier : le numéro de TVA ne le remplace pas.",
        do=("Mettez le SIRET comme identifiant du fournisseur (schéma 0009).",),
        en="The supplier’s SIRET is missing in the file: the VAT number does not replace it.",
        do_en=("Put the SIRET as the identifier of the supplier (scheme 0009).",),
    ),
)
