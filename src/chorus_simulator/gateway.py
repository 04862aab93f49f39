"""PISTE on a bench: the token desk, the order of the checks, and what is answered when one fails.

The order is that of specifications/gateway-and-authentication.md §4: bearer, subscription, technical account,
body. A raw ASGI application serves these calls, because a bench must be faster than what is measured with it.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from urllib.parse import parse_qsl, unquote

import msgspec

from chorus_simulator import transport
from chorus_simulator.bench import Bench
from chorus_simulator.faults import Fault
from chorus_simulator.operations import Call, Operation, Raw
from chorus_simulator.parties import PisteApplication, TechnicalAccount
from chorus_simulator.refusals import Refusal, TooLarge
from chorus_simulator.routes import Routes
from chorus_simulator.transport import Reply, Request
from chorus_simulator.world import World

OAUTH_PATH = "/api/oauth/token"
SCOPES = ("", "openid", "openid resource.READ", "resource.READ")
NO_TOKEN = (
    b'Bearer realm="DefaultRealm", error="invalid_request", error_description="Unable to find token in the message"'
)
BAD_TOKEN = (
    b'Bearer realm="DefaultRealm", error="invalid_token", '
    b'error_description="Unable to find the access token in persistent storage."'
)
BAD_ACCOUNT = b'Bearer realm="PISTE",error="Unauthorized",error_description="login or password incorrects"'
LDAP = {"codeRetour": 401, "libelle": "Impossible d'authentifier l'utilisateur dans le LDAP."}
OPAQUE_ALPHABET = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
TOKEN_LENGTH = 54
MEGABYTE = 1024 * 1024

encode = msgspec.json.Encoder(decimal_format="number").encode
decode = msgspec.json.Decoder(float_hook=Decimal).decode


class Denied(Exception):
    """The gateway stops the call here, with this reply."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.status)
        self.reply = reply


class Gateway:
    """Serves `/api/oauth/token` and `/cpro/…` of every environment of a bench."""

    def __init__(self, bench: Bench, operations: Iterable[Operation]) -> None:
        self.bench = bench
        self.routes = Routes(operations)
        self._window: dict[str, tuple[int, int]] = {}

    async def serve(self, world: World, path: str, request: Request) -> None:
        """Answer one call whose path below the environment is `path`."""
        fault = self.bench.faults.draw(path) if self.bench.faults else None
        if fault and fault.when == "before" and await transport.strike(request, fault):
            world.ledger.statuses[0] += 1
            return
        body = await request.body(int(self.bench.switches.number("http_mo") * MEGABYTE))
        try:
            reply = self._answer(world, path, request, body, fault)
        except Denied as denied:
            reply = denied.reply
        world.ledger.statuses[reply.status] += 1
        if fault and fault.when == "after":
            await transport.spoil(request, reply, fault)
        else:
            await request.reply(reply)

    def _answer(self, world: World, path: str, request: Request, body: bytes | None, fault: Fault | None) -> Reply:
        if body is None:
            return Reply(413)
        if path == OAUTH_PATH:
            return self._token(world, request, body)
        application = self._bearer(world, request)
        operation, params = self._operation(path, request, application)
        self._quota(application)
        account = self._account(world, operation, request, application)
        world.ledger.calls[operation.path] += 1
        call = Call(world, application, account, self._body(operation, request, body), path, params, fault)
        return run(operation, call)

    # -- the token desk

    def _token(self, world: World, request: Request, body: bytes) -> Reply:
        world.ledger.tokens += 1
        if request.method != "POST":
            return Reply(int(self.bench.switches.number("get_refuse")))
        form = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
        client_id, client_secret = _basic(request.header(b"authorization")) or (
            form.get("client_id", ""),
            form.get("client_secret", ""),
        )
        if form.get("grant_type") != "client_credentials":
            return _json(400, {"error": "unsupported_grant_type"})
        application = world.applications.get(client_id)
        if application is None or application.client_secret != client_secret or not application.active:
            return self._invalid_client()
        if form.get("scope", "") not in SCOPES:
            return _json(400, {"error": "invalid_scope"})
        return self._grant(world, application, form.get("scope") or "openid")

    def _invalid_client(self) -> Reply:
        shape = self.bench.switches.text("jeton_erreur")
        answer = {"error": "invalid_client"}
        if shape == "description":
            answer["error_description"] = "The client credentials are invalid"
        return _json(401 if shape == "401" else 400, answer)

    def _grant(self, world: World, application: PisteApplication, scope: str) -> Reply:
        life = int(self.bench.switches.number("jeton_duree"))
        token = "".join(world.random.choices(OPAQUE_ALPHABET, k=TOKEN_LENGTH))
        now = world.now()
        for old in [name for name, (_, until) in world.tokens.items() if until <= now]:
            del world.tokens[old]
        world.tokens[token] = (application, now + timedelta(seconds=life))
        return _json(200, {"access_token": token, "token_type": "Bearer", "expires_in": life, "scope": scope})

    # -- the checks, in their order

    def _bearer(self, world: World, request: Request) -> PisteApplication:
        header = request.header(b"authorization")
        if not header or header[:7].lower() != b"bearer ":
            raise Denied(Reply(400, headers=((b"www-authenticate", NO_TOKEN),)))
        known = world.tokens.get(header[7:].strip().decode("latin-1"))
        if known is None or known[1] <= world.now() or not known[0].active:
            raise Denied(Reply(401, headers=((b"www-authenticate", BAD_TOKEN),)))
        return known[0]

    def _operation(
        self, path: str, request: Request, application: PisteApplication
    ) -> tuple[Operation, dict[str, str]]:
        found = self.routes.find(request.method, path)
        if found is None:
            if self.routes.knows(path):
                raise Denied(Reply(int(self.bench.switches.number("get_refuse"))))
            raise Denied(Reply(int(self.bench.switches.number("chemin_inconnu"))))
        family = found[0].family
        if family not in application.subscribed or family not in application.cgu:
            raise Denied(Reply(403))
        return found

    def _quota(self, application: PisteApplication) -> None:
        limit = self.bench.switches.number("quota_par_seconde")
        if not limit:
            return
        second = int(self.bench.clock.now().timestamp())
        start, used = self._window.get(application.client_id, (second, 0))
        used = used + 1 if start == second else 1
        self._window[application.client_id] = (second, used)
        if used > limit:
            raise Denied(Reply(429, headers=((b"retry-after", b"1"),)))

    def _account(
        self, world: World, operation: Operation, request: Request, application: PisteApplication
    ) -> TechnicalAccount | None:
        if operation.path.endswith("/health-check") and not self.bench.switches.on("health_check_compte"):
            return None
        login, password = _credentials(request.header(b"cpro-account"))
        account = world.authenticate_technical(login, password) if login else None
        if account is None:
            world.ledger.refused_accounts += 1
            why = ((b"www-authenticate", BAD_ACCOUNT),)
            spoken = self.bench.switches.text("compte_refuse_corps") == "ldap"
            raise Denied(Reply(401, encode(LDAP), transport.JSON, why) if spoken else Reply(401, headers=why))
        linked = application.raccordements
        if linked is not None and self.bench.switches.on("raccordement_exige") and account.idStructureCPP not in linked:
            raise Denied(Reply(403))
        return account

    def _body(self, operation: Operation, request: Request, body: bytes) -> dict[str, object]:
        if operation.method == "GET":
            return {}
        kind = (request.header(b"content-type") or b"").split(b";")[0].strip().lower()
        if kind != b"application/json":
            raise Denied(Reply(415))
        try:
            read = decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            read = None
        if not isinstance(read, dict):
            answer = {"codeRetour": 400, "libelle": "Le corps de la requête est absent ou n'est pas un objet JSON."}
            raise Denied(_json(400, answer) if self.bench.switches.on("json_illisible_corps") else Reply(400))
        return read


def run(operation: Operation, call: Call) -> Reply:
    """Do the work and write the answer; a refusal of the service becomes its answer."""
    try:
        if operation.settles:
            call.world.settle()
        answer = operation.handler(call)
    except Refusal as refusal:
        return _json(refusal.http, {"codeRetour": refusal.code, "libelle": refusal.libelle})
    except TooLarge:
        return Reply(413)
    if isinstance(answer, Raw):
        return Reply(answer.status) if answer.payload is None else _json(answer.status, answer.payload)
    return _json(200, answer)


def _json(status: int, answer: object) -> Reply:
    return Reply(status, encode(answer), transport.JSON)


def _basic(header: bytes | None) -> tuple[str, str] | None:
    if not header or header[:6].lower() != b"basic ":
        return None
    login, password = _credentials(header[6:])
    return unquote(login), unquote(password)


def _credentials(header: bytes | None) -> tuple[str, str]:
    """`login:password` out of base64; the password may hold colons. Two empty strings when unreadable."""
    try:
        login, _, password = base64.b64decode(header or b"", validate=True).decode("utf-8").partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return login, password
