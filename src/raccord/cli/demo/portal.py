"""What the main managers do by hand on the portal's pages, in both of its generations."""

from typing import Any

from raccord.cli.demo.stage import StepFailed
from raccord.cli.demo.visitor import Visitor

_FORM = "raccordements/compte-technique"


def signed_in(portal_url: str, person: dict[str, Any]) -> Visitor:
    """A person signed in to the portal."""
    visitor = Visitor(portal_url)
    visitor.open("connexion").send("/connexion", identifiant=person["login"], mot_de_passe=person["password"])
    return visitor


def create_account(visitor: Visitor, siret: str) -> tuple[str, str]:
    """Raccordements > Compte technique > Création (2022): the login and the password shown before « Soumettre »."""
    _advance(visitor.open(_FORM), type_demande="creation")
    _advance(visitor, structure=siret)
    login = str(visitor.page.get_element_by_id("identifiant").value)
    password = visitor.read("mot-de-passe")
    _submit(visitor)
    return login, password


def reset_password(visitor: Visitor, siret: str, login: str) -> str:
    """Raccordements > Compte technique > Réinitialisation (2022): the new password, bound by « Soumettre »."""
    _advance(visitor.open(_FORM), type_demande="reinitialisation")
    _advance(visitor, structure=siret)
    _advance(visitor, compte=login)
    password = visitor.read("mot-de-passe")
    _submit(visitor)
    return password


def create_account_2016(visitor: Visitor, siret: str, login: str) -> bytes:
    """Saisie utilisateur technique (2016): the file that the button of the recap page saves."""
    place = f"2016/structures/{siret}/utilisateur-technique"
    visitor.open(place).send("/utilisateur-technique", identifiant=login)
    form = next(one for one in visitor.page.forms if (one.get("action") or "").endswith("/2016/sauvegarde"))
    fields = {**dict(form.form_values()), "format": "txt"}
    answer = visitor.http.post(_absolute(visitor, form.get("action")), data=fields)
    if not answer.content.startswith(b"Chorus Pro"):
        raise StepFailed("Le bouton de sauvegarde n’a pas donné le fichier du compte technique.")
    return answer.content


def _absolute(visitor: Visitor, action: str) -> str:
    from urllib.parse import urljoin

    return urljoin(visitor.address, action)


def _advance(visitor: Visitor, **choices: str) -> None:
    visitor.send(_FORM, ("etape", "continuer"), None, **choices)


def _submit(visitor: Visitor) -> None:
    visitor.send(_FORM, press=("etape", "soumettre"))
