"""Aide: the pages that the errors lead to, and the assistant that walks a person through the portal's own screens.

The steps carry the labels as they stand on the two generations of the portal (specifications/technical-accounts.md §3).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from litestar import Router, get
from litestar.response import Template

from raccord.domain.connection import Connection, ConnectionModel
from raccord.engine.gateway import Gateway
from raccord.web.given import QueryText, TheGateway
from raccord.web.guards import anyone, configures
from raccord.web.pages.chorus_pro import MODELS, PLACE
from raccord.web.piste import STEPS
from raccord.web.render import PageRequest, page

CREATION = "creation"
RESET = "reinitialisation"


@dataclass(frozen=True)
class Procedure:
    """What to do on one generation of the portal, step by step, and the seeds it answers."""

    title: str
    seed: str
    steps: tuple[str, ...]


_BEFORE = (
    "Connectez-vous au portail Chorus Pro avec le compte du gestionnaire principal de la structure : lui seul voit "
    "ces écrans."
)
_COPY = (
    "Copiez aussitôt l’identifiant et le mot de passe : il est impératif de les conserver, sans quoi la procédure "
    "sera à refaire. Le mot de passe ne sera plus jamais affiché."
)
_MAIL = (
    "N’attendez pas le courriel : contrairement à ce que l’écran annonce, il ne contient pas toujours le mot de passe."
)

PROCEDURES: Mapping[tuple[str, str], Procedure] = {
    (CREATION, "2022"): Procedure(
        "Création du compte technique",
        "S2-01",
        (
            _BEFORE,
            "Sur la page d’accueil, cliquez sur « Raccordements », puis sur « Compte technique ».",
            "Dans « Type de demande », choisissez « Création d’un compte technique ».",
            "Dans « Choisir la structure », choisissez le SIRET de votre structure ; la « Raison sociale » suit.",
            _COPY,
            "Cliquez sur « Soumettre » : tant que ce n’est pas fait, le compte n’existe pas.",
            _MAIL,
            "Relevez la « Date exp. Mot de passe » dans la « Liste des comptes techniques », sous le formulaire.",
        ),
    ),
    (CREATION, "2016"): Procedure(
        "Création du compte technique",
        "S2-01",
        (
            _BEFORE,
            "Ouvrez « Mon Compte », puis le cadre « Mes rattachements aux structures ».",
            "Cliquez sur le petit crayon afin de modifier la structure.",
            "Dans le cadre « Utilisateurs rattachés à la structure », cliquez sur « Créer un utilisateur technique ».",
            "Dans « Saisie utilisateur technique », remplissez « Adresse électronique de connexion », puis créez le "
            "compte.",
            _COPY,
            "Le bouton de sauvegarde enregistre ces informations dans un fichier : Raccord sait le lire ci-dessous.",
            _MAIL,
        ),
    ),
    (RESET, "2022"): Procedure(
        "Réinitialiser le mot de passe du compte technique sur Chorus",
        "S1-15",
        (
            _BEFORE,
            "Sur la page d’accueil, cliquez sur « Raccordements », puis sur « Compte technique ».",
            "Dans « Type de demande », choisissez « Réinitialisation du mot de passe d’un compte technique ».",
            "Dans « Choisir la structure », choisissez le numéro SIRET de l’entreprise, puis la « Raison sociale ».",
            "Dans « Compte technique », choisissez le compte que Raccord utilise.",
            "Un nouveau mot de passe s’affiche : copiez-le avant de continuer.",
            "Cliquez sur « Soumettre » afin que ce mot de passe soit bien associé au compte technique. Sans cela, "
            "l’ancien mot de passe reste en place.",
            _MAIL,
        ),
    ),
    (RESET, "2016"): Procedure(
        "Réinitialiser le mot de passe du compte technique sur Chorus",
        "S1-15",
        (
            _BEFORE,
            "Ouvrez « Mon Compte », puis le cadre « Mes rattachements aux structures ».",
            "Cliquez sur le petit crayon afin de modifier la structure.",
            "Dans le cadre « Utilisateurs rattachés à la structure », ouvrez l’utilisateur technique.",
            "Cliquez sur « Réinitialiser le mot de passe », puis confirmez.",
            _COPY,
            _MAIL,
        ),
    ),
}


@get("/aide", sync_to_thread=True, guards=[anyone])
def index(request: PageRequest, gateway: TheGateway) -> Template:
    """The table of the help pages."""
    return page(request, gateway, "help.html")


@get("/aide/erreur-de-connexion", sync_to_thread=True, guards=[anyone])
def connection_error(request: PageRequest, gateway: TheGateway) -> Template:
    """« Que faire en cas de message d’erreur de connexion Chorus lors du dépôt d’une facture ? » (seed S1-01)."""
    return page(request, gateway, "help_connection_error.html", place=PLACE)


@get("/aide/creation-du-compte-technique", sync_to_thread=True, guards=[anyone])
def creation(request: PageRequest, gateway: TheGateway, generation: QueryText = "2022") -> Template:
    """« Création du compte technique » (seed S2-01)."""
    return _procedure(request, gateway, CREATION, generation)


@get("/aide/reinitialiser-le-mot-de-passe", sync_to_thread=True, guards=[anyone])
def reset(request: PageRequest, gateway: TheGateway, generation: QueryText = "2022") -> Template:
    """« Réinitialiser le mot de passe du compte technique sur Chorus » (seed S1-15)."""
    return _procedure(request, gateway, RESET, generation)


def _procedure(request: PageRequest, gateway: Gateway, deed: str, generation: str) -> Template:
    generation = generation if generation in ("2022", "2016") else "2022"
    return page(
        request,
        gateway,
        "help_procedure.html",
        procedure=PROCEDURES[deed, generation],
        generation=generation,
        place=PLACE,
    )


@get(f"{PLACE}/assistant", sync_to_thread=True, guards=[configures])
def assistant(
    request: PageRequest,
    gateway: TheGateway,
    *,
    demarche: QueryText = "",
    generation: QueryText = "2022",
    connexion: QueryText = "",
    modele: QueryText = "",
) -> Template:
    """Which deed, which portal, which connection; then the steps, and the field that tests as soon as it is filled."""
    connections = gateway.connections.all()
    chosen = next(
        (one for one in connections if one.id == connexion), connections[0] if len(connections) == 1 else None
    )
    model = _model(modele, chosen)
    return page(
        request,
        gateway,
        "assistant.html",
        model=model,
        models=MODELS,
        piste=STEPS[model] if model and demarche == CREATION else (),
        procedure=PROCEDURES.get((demarche, generation)),
        asked={"demarche": demarche, "generation": generation, "connexion": chosen.id if chosen else ""},
        connections=connections,
        connection=chosen,
        place=PLACE,
    )


def _model(asked: str, connection: Connection | None) -> ConnectionModel | None:
    """The model of the connection, else the one that the person says; None before anybody said it."""
    if connection is not None:
        return connection.model
    return ConnectionModel(asked) if asked in set(ConnectionModel) else None


router = Router(path="/", route_handlers=[index, connection_error, creation, reset, assistant])
