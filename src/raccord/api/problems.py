"""From our errors to HTTP: RFC 9457 `application/problem+json`, one table.

`Accept-Language: en` asks for English words; the code never changes, and French is the language of who asks for none.
"""

from collections.abc import Mapping
from typing import Any

import structlog
from litestar import Response
from litestar.exceptions import HTTPException, MethodNotAllowedException

from raccord.api.given import ApiRequest
from raccord.domain import errors
from raccord.language import preferred, translate

STATUS: Mapping[type[errors.RaccordError], int] = {
    errors.NotFound: 404,
    errors.NotAllowed: 403,
    errors.Conflict: 409,
    errors.Invalid: 422,
    errors.Unavailable: 503,
    errors.Misconfigured: 500,
}
TITLES: Mapping[int, str] = {
    400: "Demande illisible",
    401: "Clé d’API absente ou refusée",
    403: "Droit insuffisant",
    404: "Introuvable",
    405: "Méthode non permise",
    409: "Contredit ce qui existe",
    413: "Trop volumineux",
    415: "Type de contenu non pris en charge",
    422: "À corriger",
    500: "Erreur de Raccord",
    503: "Indisponible pour l’instant",
}
_SENTENCES: Mapping[int, tuple[str, str]] = {
    400: ("DEMANDE_ILLISIBLE", "Un paramètre ou le corps de la demande ne se lit pas."),
    404: ("CHEMIN_INCONNU", "Ce chemin n’existe pas dans l’API. Sa description est à l’adresse /api/openapi.json."),
    405: ("METHODE_NON_PERMISE", "Ce chemin ne prend pas cette méthode."),
    413: ("TROP_VOLUMINEUX", "Le corps de la demande dépasse la taille permise."),
    415: ("CONTENU_NON_PRIS_EN_CHARGE", "Ce type de contenu n’est pas pris en charge."),
}

_log = structlog.get_logger("raccord.api")


class KeyWanted(errors.RaccordError):
    """No good API key came with the request."""

    def __init__(self) -> None:
        sentence = "La demande ne porte pas de clé d’API valable."
        super().__init__("CLE_ABSENTE", sentence, "Ajoutez l’en-tête « Authorization: Bearer rac_… ».")


def problem(
    request: ApiRequest, status: int, code: str, detail: str, cure: str = "", **more: object
) -> Response[dict[str, object]]:
    """One problem: `code` for a program, `detail` and `cure` for a person, in the language asked for."""
    language = preferred(request.headers.get("accept-language", ""))
    body: dict[str, object] = {
        "type": f"urn:raccord:{code}",
        "title": translate(language, TITLES.get(status, "Erreur")),
        "status": status,
        "code": code,
        "detail": translate(language, detail),
    }
    headers = {"Content-Language": language, "Vary": "Accept-Language"}
    headers |= {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    content = body | ({"cure": translate(language, cure)} if cure else {}) | more
    return Response(content, status_code=status, media_type="application/problem+json", headers=headers)


def refused(request: ApiRequest, error: errors.RaccordError) -> Response[dict[str, object]]:
    """The problem of an error of ours."""
    status = (
        401 if isinstance(error, KeyWanted) else next((n for kind, n in STATUS.items() if isinstance(error, kind)), 500)
    )
    return problem(request, status, error.code, error.sentence, error.cure)


def http_fault(request: ApiRequest, error: HTTPException) -> Response[dict[str, object]]:
    """The problem of what Litestar refuses before our code is reached."""
    code, detail = _SENTENCES.get(error.status_code, ("DEMANDE_REFUSEE", error.detail))
    if error.status_code >= 500:
        return broken(request, error)
    more: dict[str, Any] = {"errors": error.extra} if error.extra else {}
    answer = problem(request, error.status_code, code, detail, "", **more)
    if isinstance(error, MethodNotAllowedException) and error.headers:
        answer.headers.update(error.headers)
    return answer


def broken(request: ApiRequest, error: Exception) -> Response[dict[str, object]]:
    """A defect of ours: the trace goes to the log, never to the answer."""
    _log.error("api.broken", path=request.url.path, exc_info=error)
    detail = "Une erreur inattendue s’est produite dans Raccord ; ce qui était enregistré l’est toujours."
    return problem(request, 500, "ERREUR_INATTENDUE", detail, "Recommencez avec la même clé d’idempotence.")
