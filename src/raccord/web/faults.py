"""A refusal becomes a page: what happened, what it means, what to do. No page of ours shows a trace."""

from collections.abc import Mapping
from typing import Any

import structlog
from litestar.exceptions import HTTPException
from litestar.response import Redirect, Template

from raccord.domain import errors
from raccord.domain.connection import Light
from raccord.engine.connections.light import Overview
from raccord.engine.gateway import Gateway
from raccord.web.guards import EnrolFirst, SignInFirst
from raccord.web.render import PageRequest, go, page
from raccord.web.way_back import by_itself, door, wanted

_STATUS: Mapping[type[errors.RaccordError], int] = {
    errors.NotFound: 404,
    errors.NotAllowed: 403,
    errors.Conflict: 409,
    errors.Invalid: 400,
    errors.Unavailable: 503,
    errors.Misconfigured: 500,
}
_TITLES = {
    400: "Demande à corriger",
    403: "Accès réservé",
    404: "Page introuvable",
    409: "Déjà fait",
    503: "Indisponible pour l’instant",
}
_OTHERS = {
    403: (
        "Ce formulaire n’est plus valable : la page était ouverte depuis trop longtemps.",
        "Rouvrez la page, puis recommencez.",
    ),
    404: ("Cette page n’existe pas, ou n’existe plus.", "Revenez au tableau de bord."),
    413: ("Ce que vous avez envoyé est trop volumineux.", "Déposez moins de fichiers à la fois."),
}
_UNKNOWN = ("Raccord n’a pas pu traiter cette demande.", "Vérifiez ce que vous avez saisi, puis recommencez.")
_BROKEN = (
    "Une erreur inattendue s’est produite dans Raccord. Rien n’est perdu : ce qui était enregistré l’est toujours.",
    "Recommencez ; si cela se reproduit, transmettez le journal du serveur à la personne qui administre Raccord.",
)

_log = structlog.get_logger("raccord.web")


def refused(request: PageRequest, error: errors.RaccordError) -> Template | Redirect:
    """The page of an error of ours; somebody who is not signed in is led to the sign-in page and back."""
    if isinstance(error, SignInFirst):
        return _signed_out(request)
    if isinstance(error, EnrolFirst):
        return go("/profil", "second-facteur")
    status = next((code for kind, code in _STATUS.items() if isinstance(error, kind)), 500)
    return _page(request, status, error.sentence, error.cure, error.code)


def _signed_out(request: PageRequest) -> Template | Redirect:
    """The sign-in page; a sentence alone for the part of a page that asks for its news by itself."""
    back = door(wanted(request))
    if not by_itself(request):
        return go(back)
    return page(request, request.app.state.gateway, "session_over.html", overview=None, back=back)


def http_fault(request: PageRequest, error: HTTPException) -> Template:
    """The page of what Litestar refuses: an unknown path, a form without its seal, a body too large."""
    sentence, cure = _OTHERS.get(error.status_code, _UNKNOWN if error.status_code < 500 else _BROKEN)
    return _page(request, error.status_code, sentence, cure)


def broken(request: PageRequest, error: Exception) -> Template:
    """The page of a defect of ours; the trace goes to the log, never to the page."""
    _log.error("page.broken", path=request.url.path, exc_info=error)
    return _page(request, 500, *_BROKEN)


def _page(request: PageRequest, status: int, sentence: str, cure: str, code: str = "") -> Template:
    gateway: Gateway = request.app.state.gateway
    signed_in = request.scope.get("user")
    gateway = gateway.within(signed_in.reach) if signed_in else gateway
    facts: dict[str, Any] = {"title": _TITLES.get(status, "Erreur"), "sentence": sentence, "cure": cure, "code": code}
    facts["tone"] = "warn" if status in (403, 404) else "bad"
    facts["overview"] = _overview(gateway)
    return page(
        request, gateway, "message.html", status=status, back="/", back_words="Revenir au tableau de bord", **facts
    )


def _overview(gateway: Gateway) -> Overview:
    """The light of the frame; unknown when the database, perhaps the very fault being told, does not answer."""
    try:
        return gateway.light.overall()
    except errors.RaccordError:
        return Overview(Light.UNKNOWN, Light.UNKNOWN.sentence, ())
