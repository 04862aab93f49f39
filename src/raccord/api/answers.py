"""/api/v1/deposits/{id}/…: the history at Chorus Pro, the answers of the supplier, what stands beside the original."""

from datetime import datetime

import msgspec
from litestar import Response, Router, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency, Provide

from raccord.api.auth import deposits as may_deposit
from raccord.api.auth import reads
from raccord.api.documents import attached
from raccord.api.given import ApiRequest, PathText, TheGateway
from raccord.domain.answers import Answer, AnswerKind, Joined, KeptFile, NewAnswer
from raccord.domain.errors import Invalid, NotFound
from raccord.domain.next_steps import next_step
from raccord.domain.statuses import AFNOR
from raccord.engine.foundation.passages import StatusPassage

TheAnswer = NamedDependency[tuple["AnswerInput", tuple[Joined, ...]]]
"""What the body of a request asks to answer, and the files joined."""


class PassageView(msgspec.Struct, frozen=True):
    """A status that the invoice had at Chorus Pro: its code as it came, both vocabularies, when, by whom, why."""

    code: str
    label: str
    afnor: str
    at: datetime | None
    comment: str
    author: str

    @classmethod
    def of(cls, passage: StatusPassage) -> "PassageView":
        """The view of this passage."""
        afnor = AFNOR.get(passage.code, "")
        return cls(passage.code, passage.label, afnor, passage.at, passage.comment, passage.author)


class HistoryView(msgspec.Struct, frozen=True):
    """The history at Chorus Pro, newest first, and what the supplier has to do next ("" for nothing)."""

    next_step: str
    passages: list[PassageView]


class FileView(msgspec.Struct, frozen=True):
    """A file beside the original. `kind`: terms (the data given), pdf (the PDF given), joined (sent with an answer)."""

    kind: str
    name: str
    designation: str
    sha256: str
    size: int

    @classmethod
    def of(cls, file: KeptFile) -> "FileView":
        """The view of this file."""
        return cls(file.kind, file.name, file.designation, file.sha256, file.size)


class AnswerView(msgspec.Struct, frozen=True):
    """An answer on its way to Chorus Pro: given once `state` is `done`; `reply` holds the platform's refusal."""

    id: str
    deposit_id: str
    kind: str
    comment: str
    files: list[FileView]
    state: str
    reply: str
    author: str
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, answer: Answer) -> "AnswerView":
        """The view of this answer."""
        files = [FileView.of(file) for file in answer.files]
        return cls(
            answer.id, answer.deposit_id, answer.kind.value, answer.comment, files, answer.state.value, answer.reply,
            answer.author, answer.created_at, answer.updated_at,
        )  # fmt: skip


class AnswerInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An answer without files; with files, the same fields as parts of a multipart body, and parts `file`."""

    kind: AnswerKind
    comment: str = ""


async def read_answer(request: ApiRequest) -> tuple[AnswerInput, tuple[Joined, ...]]:
    """Given to the route as `answer`. Raises `Invalid` (`REPONSE_ILLISIBLE`)."""
    try:
        if request.content_type[0] != "multipart/form-data":
            return msgspec.json.decode(await request.body(), type=AnswerInput), ()
        form = await request.form()
        fields = {name: form.get(name) for name in ("kind", "comment") if isinstance(form.get(name), str)}
        given = msgspec.convert(fields, AnswerInput)
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError, RecursionError) as error:
        raise _unreadable() from error
    files = [value for value in form.getall("file", []) if isinstance(value, UploadFile)]
    return given, tuple([Joined(file.filename or "piece", await file.read()) for file in files])


def _unreadable() -> Invalid:
    return Invalid(
        "REPONSE_ILLISIBLE",
        "La réponse n’a pas la forme attendue.",
        "Envoyez « kind » (complete ou rejection) et « comment » en JSON, ou en multipart avec des parties « file ».",
    )


@get("/deposits/{deposit_id:str}/history", sync_to_thread=True, guards=[reads])
def history(gateway: TheGateway, deposit_id: PathText) -> HistoryView:
    """Every status that the invoice had at Chorus Pro, read there now. 503 when Chorus Pro cannot be asked."""
    step = next_step(gateway.outbox.get(deposit_id).platform_status)
    return HistoryView(step, [PassageView.of(one) for one in gateway.follow.history(deposit_id)])


@get("/deposits/{deposit_id:str}/answers", sync_to_thread=True, guards=[reads])
def answers(gateway: TheGateway, deposit_id: PathText) -> list[AnswerView]:
    """The answers given about this invoice, oldest first."""
    gateway.outbox.get(deposit_id)
    return [AnswerView.of(one) for one in gateway.answering.answers(deposit_id)]


@post(
    "/deposits/{deposit_id:str}/answers",
    sync_to_thread=True,
    guards=[may_deposit],
    status_code=202,
    dependencies={"answer": Provide(read_answer)},
)
def answer_it(request: ApiRequest, gateway: TheGateway, deposit_id: PathText, answer: TheAnswer) -> AnswerView:
    """Complete a suspended invoice (`kind=complete`) or declare its rejection dealt with (`kind=rejection`).

    202: kept and on its way; ask again until `state` is `done` or `refused`.
    """
    given, files = answer
    new = NewAnswer(deposit_id, given.kind, given.comment, files, author=request.user.actor, source="api")
    return AnswerView.of(gateway.answering.answer(new))


@get("/deposits/{deposit_id:str}/files", sync_to_thread=True, guards=[reads])
def files(gateway: TheGateway, deposit_id: PathText) -> list[FileView]:
    """What stands beside the original: the data and the PDF that were given, the files joined since."""
    gateway.outbox.get(deposit_id)
    return [FileView.of(file) for file in gateway.outbox.files(deposit_id)]


@get("/deposits/{deposit_id:str}/files/{sha256:str}", sync_to_thread=True, guards=[reads])
def one_file(gateway: TheGateway, deposit_id: PathText, sha256: PathText) -> Response[bytes]:
    """One of these files, byte for byte."""
    for file in gateway.outbox.files(deposit_id):
        if file.sha256 == sha256:
            return attached(gateway.archive.get(sha256), file.name)
    raise NotFound("DOCUMENT_INCONNU", "Ce fichier n’appartient pas à ce dépôt.", "Relisez la liste de ses fichiers.")


router = Router(path="/", tags=["Dépôts"], route_handlers=[history, answers, answer_it, files, one_file])
