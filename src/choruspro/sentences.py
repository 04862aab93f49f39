"""What a person reads when a call fails: the fact, its consequence, the next step (specifications/diagnosis.md)."""

from __future__ import annotations

from choruspro.errors import FailureKind

__all__ = [
    "ACCESS",
    "BEARER_EMPTY",
    "BEARER_REFUSED",
    "BUSY",
    "PISTE_CLIENT",
    "QUOTA",
    "TECHNICAL_ACCOUNT",
    "refused",
    "surprising",
    "too_large",
    "truncated",
    "unreachable",
]

BUSY = (
    "Chorus Pro ne répond pas pour le moment. Réessayez plus tard ; "
    "après un dépôt, vérifiez d’abord que la facture n’est pas déjà arrivée."
)
QUOTA = "Trop d’appels en peu de temps : Chorus Pro demande d’attendre avant de continuer."
PISTE_CLIENT = (
    "PISTE ne reconnaît pas l’application (client id ou secret). Le compte technique n’est pas en cause. "
    "Recopiez les deux valeurs depuis PISTE > Mes applications > Authentification, et vérifiez l’environnement."
)
BEARER_REFUSED = (
    "Chorus Pro refuse un jeton que PISTE vient de délivrer. Vérifiez que l’adresse du jeton et l’adresse de l’API "
    "sont du même environnement."
)
BEARER_EMPTY = "PISTE a répondu sans jeton utilisable. Réessayez ; si le cas se répète, contactez le support PISTE."
TECHNICAL_ACCOUNT = (
    "Chorus Pro refuse le compte technique (identifiant ou mot de passe refusé, expiré ou bloqué). "
    "N’insistez pas : le compte pourrait se bloquer. Vérifiez le mot de passe, ou réinitialisez-le sur le portail."
)
ACCESS = (
    "L’accès à cette fonction de Chorus Pro n’est pas ouvert. Vérifiez, dans cet ordre : l’API choisie dans "
    "l’application PISTE, les conditions acceptées, le raccordement déclaré sur le portail."
)

_UNREACHABLE: dict[FailureKind, str] = {
    "dns": "Le serveur {host} est introuvable. Vérifiez la connexion Internet et l’adresse enregistrée.",
    "refused": "Le serveur {host} refuse la connexion. Vérifiez le pare-feu : la sortie HTTPS doit être ouverte.",
    "tls": (
        "La connexion sécurisée avec {host} est refusée. Vérifiez l’heure de la machine, son magasin de certificats, "
        "et excluez cette adresse de l’inspection HTTPS."
    ),
    "proxy": "Le proxy n’a pas transmis l’appel à {host}. Vérifiez son adresse et ses identifiants.",
    "timeout": "{host} n’a pas répondu dans le délai prévu.",
    "reset": "La connexion avec {host} a été coupée avant la réponse.",
    "other": "L’appel à {host} a échoué avant toute réponse.",
}


def unreachable(kind: FailureKind, host: str, *, sent: bool | None) -> str:
    """Say that no answer came, and whether the request may have arrived."""
    sentence = _UNREACHABLE[kind].format(host=host or "Chorus Pro")
    if sent is False:
        return f"{sentence} Rien n’a été envoyé : l’appel peut être refait sans risque."
    return f"{sentence} L’appel est peut-être arrivé : vérifiez dans Chorus Pro avant de le refaire."


def refused(code: int, label: str) -> str:
    """Quote the platform's own words, which name the cure better than any other."""
    return f"Chorus Pro a refusé la demande : {label.strip() or 'sans explication'} (code {code})."


def too_large(label: str) -> str:
    """Say that a file is too big."""
    detail = f" ({label.strip()})" if label.strip() else ""
    return f"Le fichier dépasse la taille acceptée par Chorus Pro{detail}. Allégez-le ou envoyez-le en plusieurs fois."


def surprising(http_status: int) -> str:
    """Say that the answer is outside the documents."""
    return (
        f"Réponse inattendue de Chorus Pro (HTTP {http_status}). "
        "Transmettez le détail conservé à votre interlocuteur technique."
    )


def truncated(received: int, total: int) -> str:
    """Say that a search lost rows."""
    return (
        f"Chorus Pro annonce {total} résultats mais n’en a transmis que {received}. "
        "Relancez la recherche, ou resserrez ses critères."
    )
