"""How an entry of the catalogue is written, and the two standard cures (specifications/diagnosis.md §12)."""

from raccord.domain.connection import Light
from raccord.domain.verdict import Cause

Steps = tuple[str, ...]

CREATE: Steps = (
    "Connectez-vous à portail.chorus-pro.gouv.fr en gestionnaire principal de la structure.",
    "Cliquez sur « Raccordements ».",
    "Cliquez sur « Compte technique ».",
    "Type de demande : « Création d’un compte technique ».",
    "Choisissez le SIRET et la raison sociale.",
    "Copiez l’identifiant et le mot de passe tout de suite : ils ne seront plus affichés.",
    "Cliquez sur « Soumettre ».",
    "Notez la « Date exp. Mot de passe » de la liste des comptes techniques.",
    "Collez dans Raccord l’identifiant et le mot de passe.",
    "Testez la connexion : le compte peut mettre jusqu’à 30 minutes à être actif.",
)
CREATE_EN: Steps = (
    "Sign in at portail.chorus-pro.gouv.fr as the main manager (gestionnaire principal) of the structure.",
    "Click “Raccordements”.",
    "Click “Compte technique”.",
    "Type of request: “Création d’un compte technique”.",
    "Choose the SIRET and the company name (Raison sociale).",
    "Copy the login and the password at once: they are never shown again.",
    "Click “Soumettre”.",
    "Note the “Date exp. Mot de passe” in the list of technical accounts.",
    "Paste the login and the password here.",
    "Test the connection: the account may take up to 30 minutes to become active.",
)
RESET: Steps = (
    "Connectez-vous à portail.chorus-pro.gouv.fr en gestionnaire principal de la structure.",
    "Cliquez sur « Raccordements ».",
    "Cliquez sur « Compte technique ».",
    "Type de demande : « Réinitialisation du mot de passe d’un compte technique ».",
    "Choisissez le SIRET, la raison sociale, puis le compte technique.",
    "Copiez le nouveau mot de passe.",
    "Cliquez sur « Soumettre » : sans cela, l’ancien mot de passe reste valable.",
    "Notez la nouvelle « Date exp. Mot de passe ».",
    "Collez dans Raccord le mot de passe, cliquez sur « Valider » : les factures en attente repartent seules.",
    "Prévenez les autres logiciels qui partagent ce compte.",
)
RESET_EN: Steps = (
    "Sign in at portail.chorus-pro.gouv.fr as the main manager (gestionnaire principal) of the structure.",
    "Click “Raccordements”.",
    "Click “Compte technique”.",
    "Type of request: “Réinitialisation du mot de passe d’un compte technique”.",
    "Choose the SIRET, the company name, then the technical account.",
    "Copy the new password.",
    "Click “Soumettre”: until then the old password stays valid.",
    "Note the new “Date exp. Mot de passe”.",
    "Paste the password here and click “Valider”: waiting invoices leave by themselves.",
    "Tell the other programs that share this account.",
)

CERTAIN, PROBABLE, EXPLAINED = "certain", "probable", "explained"


def entry(
    code: str,
    title: str,
    *,
    say: str,
    do: Steps,
    en: str,
    do_en: Steps,
    light: Light = Light.RED,
    seen: str = CERTAIN,
    section: int | None = None,
) -> Cause:
    """One entry. `say` and `do` are the French sentence and steps, `en` and `do_en` the English ones beside.

    `section` is that of the specification, when it is not the one of the family.
    """
    family = code.partition("-")[0]
    source = f"specifications/diagnosis.md §{section or _SECTIONS[family]}"
    return Cause(code, family, title, say, do, light, source, en, do_en, seen)


_SECTIONS = {"NET": 4, "PST": 4, "TEC": 5, "CFG": 6, "STR": 7, "DST": 8, "DEP": 9, "FLX": 10, "FAC": 10, "REC": 11}
