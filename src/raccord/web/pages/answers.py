"""One deposit after it left: its history at Chorus Pro, and the answer to the public body."""

from litestar import Response, Router, get, post
from litestar.response import Redirect, Template

from raccord.domain.answers import AnswerKind, Joined, NewAnswer
from raccord.domain.errors import Invalid, NotFound, RaccordError
from raccord.domain.statuses import AFNOR
from raccord.engine.foundation.passages import StatusPassage
from raccord.web.documents import attached
from raccord.web.given import PathText, TheForm, TheGateway
from raccord.web.guards import deposits as may_deposit
from raccord.web.guards import reads
from raccord.web.render import PageRequest, actor_of, go, page


@get("/depots/{deposit_id:str}/historique", sync_to_thread=True, guards=[reads])
def history(request: PageRequest, gateway: TheGateway, deposit_id: PathText) -> Template:
    """Every status that the invoice had at Chorus Pro, in both vocabularies, read there now."""
    deposit, refusal = gateway.outbox.get(deposit_id), None
    passages: tuple[StatusPassage, ...] = ()
    try:
        passages = gateway.follow.history(deposit_id)
    except RaccordError as error:
        refusal = error
    facts = {"deposit": deposit, "passages": passages, "refusal": refusal, "afnor": AFNOR}
    return page(request, gateway, "deposit_history.html", status=200 if refusal is None else 503, **facts)


@post("/depots/{deposit_id:str}/repondre", sync_to_thread=True, guards=[may_deposit], status_code=303)
def answer(request: PageRequest, gateway: TheGateway, deposit_id: PathText, form: TheForm) -> Redirect:
    """Complete a suspended invoice, or declare a rejection dealt with."""
    try:
        kind = AnswerKind(form.text("reponse"))
    except ValueError as error:
        raise Invalid("REPONSE_ILLISIBLE", "Cette réponse n’existe pas.", "Revenez à la page de la facture.") from error
    files = tuple(Joined(file.name, file.data) for file in form.files("pieces"))
    new = NewAnswer(deposit_id, kind, form.text("commentaire"), files, author=actor_of(request), source="web")
    gateway.answering.answer(new)
    return go(f"/depots/{deposit_id}", "repondu")


@get("/depots/{deposit_id:str}/fichiers/{sha256:str}", sync_to_thread=True, guards=[reads])
def one_file(gateway: TheGateway, deposit_id: PathText, sha256: PathText) -> Response[bytes]:
    """A file that stands beside the original."""
    for file in gateway.outbox.files(deposit_id):
        if file.sha256 == sha256:
            return attached(gateway.archive.get(sha256), file.name)
    raise NotFound("DOCUMENT_INCONNU", "Ce fichier n’appartient pas à ce dépôt.", "Revenez à la page de la facture.")


router = Router(path="/", route_handlers=[history, answer, one_file])
