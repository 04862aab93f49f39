"""Official rules in plain French: those that people meet; the others are quoted with their number."""

from __future__ import annotations

_SENTENCES = {
    "BR-CL-01": "Le type de document n’est pas admis dans ce format",
    "BR-CL-10": "Le schéma d’un identifiant n’est pas dans la liste ISO 6523",
    "BR-CL-11": "Le schéma de l’identifiant légal n’est pas dans la liste ISO 6523 (SIREN : 0002, SIRET : 0009)",
    "BR-CL-16": "Le code du mode de paiement n’est pas dans la liste",
    "BR-CL-19": "Le code du motif de remise n’est pas dans la liste",
    "BR-CL-20": "Le code du motif de frais n’est pas dans la liste",
    "BR-CL-21": "Le schéma de l’identifiant standard d’article n’est pas dans la liste",
    "BR-CL-22": "Le code du motif d’exonération n’est pas dans la liste",
    "BR-CL-23": "L’unité d’une quantité n’est pas un code admis (C62 pour une pièce, HUR pour une heure, DAY, MTR…)",
    "BR-CL-24": "Le type d’une pièce jointe n’est pas admis (PDF, PNG, JPEG, CSV, XLSX, ODS)",
    "BR-CL-25": "Le schéma de l’adresse électronique n’est pas dans la liste",
    "BR-50": "Le compte à créditer manque alors qu’un virement est demandé",
    "BR-51": "Le numéro de carte de paiement est trop long : seuls les derniers chiffres sont permis",
    "BR-61": "L’IBAN manque alors qu’un virement est demandé",
    "BR-CO-03": "La date et le code d’exigibilité de la TVA s’excluent : gardez l’un des deux",
    "BR-CO-19": "La période de facturation n’a ni début ni fin",
    "BR-CO-20": "La période d’une ligne n’a ni début ni fin",
    "BR-CO-21": "Une remise n’a ni motif ni code de motif",
    "BR-CO-22": "Des frais n’ont ni motif ni code de motif",
    "BR-CO-23": "Une remise de ligne n’a ni motif ni code de motif",
    "BR-CO-24": "Des frais de ligne n’ont ni motif ni code de motif",
    "BR-S-09": "La TVA d’un taux ne correspond pas à base × taux",
    "CII-SR-470": "L’IBAN manque alors qu’un virement est demandé",
    "FX-unused-node": "Le fichier contient un élément que son profil n’utilise pas",
}


def french_sentence(code: str, text: str) -> str:
    """The rule in plain French when it is known here; a French official text as it stands; else the English
    text, quoted.
    """
    known = _SENTENCES.get(code)
    if known:
        return f"{known} (règle {code})."
    if code.startswith("BR-FR"):
        return text[:500]
    return f"La règle officielle {code} n’est pas respectée : « {text[:400]} »."
