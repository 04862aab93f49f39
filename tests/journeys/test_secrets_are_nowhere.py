"""No secret stands anywhere after a whole life: connection, rotation, deposits, receptions, second factor, key,
webhook, calendar, letters, backups. Logs, pages, answers, errors, metrics, letters, calls, tables, dumps, files and
`repr` are looked at, on either database; every secret is sought in every writing."""

from __future__ import annotations

import base64
import html
import json
import re
import tarfile
import threading
import urllib.parse
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import psycopg
import pyotp
import pytest
import sqlalchemy as sa
from aiosmtpd.handlers import Message
from psycopg import sql

from raccord.cli.demo.visitor import Visitor
from raccord.settings import load_settings
from raccord.wiring import build_gateway

pytestmark = pytest.mark.journey

FIRM, TOWN = "45251785100010", "21970999400017"
SUPERVISEUR, PASSWORD = "superviseur@exemple.fr", "une phrase assez longue"
PLACE = "options/parametres/systeme/chorus-pro"
WRONG, NEXT = "Fausse-candidate-77", "Né\"uf:[)&<x>'9é"
SETTINGS = {
    "RACCORD_METRICS_TOKEN": "jeton-des-metriques-31",
    "RACCORD_SMTP_PASSWORD": "courrier-secret-32",
    "RACCORD_WEBHOOK_SECRET": "signature-secrete-33",
    "RACCORD_ARCHIVE_SECRET_KEY": "archive-secrete-34",
}
PASSPHRASE = "cinq mots sans rapport entre eux"
SIGN_IN_WRONG = "mot de passe de session faux"


class Searcher:
    """Every secret, in every way a program may write it."""

    def __init__(self) -> None:
        self.needles: dict[bytes, str] = {}

    def know(self, name: str, *texts: str) -> None:
        """A secret of that name."""
        for text in texts:
            assert len(text) > 7, f"{name} est trop court pour être cherché"
            escaped = json.dumps(text)[1:-1]
            shapes = {text, escaped, json.dumps(text, ensure_ascii=False)[1:-1], html.escape(text), repr(text)[1:-1],
                      urllib.parse.quote(text), urllib.parse.quote_plus(text), html.escape(text, quote=False),
                      base64.b64encode(text.encode()).decode(), text.encode().hex()}  # fmt: skip
            self.needles |= {shape.encode(): name for shape in shapes}

    def account(self, login: str, password: str) -> None:
        """A technical account: its password, and the header made of both."""
        self.know(f"mot de passe de {login}", password, f"{login}:{password}")

    def look(self, where: str, content: str | bytes) -> None:
        """Fail when a secret stands here."""
        data = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
        found = sorted({name for needle, name in self.needles.items() if needle in data})
        assert found == [], f"{where} contient {found}"


@pytest.fixture
def searcher() -> Searcher:
    return Searcher()


class Mailbox(Message):
    """Keeps the letters as they arrived."""

    def __init__(self) -> None:
        super().__init__()
        self.letters: list[bytes] = []

    def handle_message(self, message: Any) -> None:
        texts = [part.get_payload(decode=True) or b"" for part in message.walk()]
        self.letters.append(b"\n".join([message.as_bytes(), *texts]))


@pytest.fixture
def post_office(serve_mail: Callable[..., int]) -> tuple[Mailbox, int]:
    """A mail server, and what it received."""
    box = Mailbox()
    return box, serve_mail(box)


@pytest.fixture
def neighbour() -> Iterator[tuple[list[bytes], str]]:
    """A program that a webhook calls, and everything it was told: lines, headers, bodies."""
    told: list[bytes] = []

    class Listens(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            told.append(f"{self.path} {self.headers}".encode() + body)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_words: object) -> None:
            """What it writes of its own is not looked at."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Listens)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield told, f"http://127.0.0.1:{server.server_port}/x"
    server.shutdown()
    server.server_close()


class Life:
    """The whole life, told once; each answer seen on the way is kept to be looked at."""

    def __init__(self, house: Any, until: Any, searcher: Searcher) -> None:
        self.house, self.until, self.searcher = house, until, searcher
        self.answers: list[tuple[str, bytes]] = []
        self.serving = house.serve()
        self.office: Visitor = house.office(self.serving)
        self.program = house.program(self.serving, self.office)
        self.key = self.program.http.headers["authorization"].partition(" ")[2]
        self.login, self.old = self._account(FIRM)
        secret = house.simulator.application()["client_secret"]
        searcher.know("secret PISTE", secret)
        searcher.know("mot de passe du Superviseur", PASSWORD)
        searcher.know("mot de passe de session", SIGN_IN_WRONG)
        searcher.know("clé d’API", self.key)
        searcher.know("jeton de session", self.office.http.cookies["raccord_session"])
        searcher.know("lien du premier accès", self.serving.first_link.rsplit("/", 1)[1])
        for name, text in SETTINGS.items():
            searcher.know(name, text)
        for password in (self.old, WRONG, NEXT):
            searcher.account(self.login, password)
        searcher.account(*self._account(TOWN))
        searcher.know("clé maîtresse", (house.folder / "var" / "raccord.key").read_text().strip())

    def _account(self, siret: str) -> tuple[str, str]:
        account = self.house.simulator.account(siret)
        return account["login"], account["password"]

    def call(self, method: str, path: str, body: Any = None, **more: Any) -> Any:
        """One call of the program, its answer kept whatever it is."""
        answer = self.program.http.request(method, path, json=body, **more)
        self.answers.append((f"{method} {path}", answer.content + str(dict(answer.headers)).encode()))
        return answer.json() if answer.content and "json" in answer.headers["content-type"] else None

    def connect(self) -> None:
        """Wrong password, good password, structures."""
        application = self.house.simulator.application()
        made = self.call("POST", "connections", {
            "label": "Entreprise", "environment": "simulator", "base_url": self.house.simulator.base_url,
            "client_id": application["client_id"], "client_secret": application["client_secret"],
        })  # fmt: skip
        self.connection = made["id"]
        refused = self._enter(WRONG)
        assert refused["promoted"] is False
        self.house.simulator.control.unlock(self.login)
        assert self._enter(self.old)["promoted"] is True
        self.call("POST", f"connections/{self.connection}/structures")

    def _enter(self, password: str) -> Any:
        place = f"connections/{self.connection}/technical-account"
        return self.call("POST", place, {"login": self.login, "password": password})

    def deposit(self, number: str, state: str) -> None:
        """A deposit that reaches that state."""
        file = self.house.invoice(number)
        made = self.call("POST", "deposits", None, files={"file": (file.name, file.read_bytes())})
        self.until(f"{number} {state}", lambda: self.call("GET", f"deposits/{made['id']}")["state"] == state)

    def rotate(self) -> None:
        """The password changes at Chorus Pro; the light turns red; the new one is typed on the page."""
        self.house.simulator.control.password(self.login, NEXT)
        self.call("POST", f"connections/{self.connection}/test")
        assert self.call("GET", f"connections/{self.connection}")["light"] == "rouge"
        self.office.open(f"{PLACE}?modifier={self.connection}")
        self.office.send(f"{self.connection}/mot-de-passe", login=self.login, mot_de_passe=NEXT)
        assert "Connexion avec Chorus Pro établie" in " ".join(self.office.page.text_content().split())

    def receive(self) -> None:
        """A town receives, from the command line."""
        self.house.connect("Mairie", TOWN)
        self.house.simulator.control.invoices(TOWN, count=2)
        town = next(one for one in self.call("GET", "structures") if one["siret"] == TOWN)
        self.call("POST", f"structures/{town['id']}/begin", {"since": "2020-01-01T00:00:00+00:00"})
        self.until("deux factures reçues", lambda: len(self.call("GET", "receptions")["items"]) >= 2)

    def guard(self) -> None:
        """A second factor, a wrong sign-in, a good one, the session of before closed."""
        self.office.open("profil").send("/profil/second-facteur")
        totp = self.office.page.xpath("//code")[-1].text_content().strip()
        self.office.send("/second-facteur/confirmer", code=pyotp.TOTP(totp).now())
        codes = self.office.page.xpath("//*[contains(@class,'secret-once')]")[0].text_content().split()
        self.searcher.know("second facteur", totp)
        self.searcher.know("code de secours", *codes)
        other = Visitor(self.serving.url, strict=False)
        self.house.clients.append(other.http)
        other.open("connexion").send("/connexion", email=SUPERVISEUR, mot_de_passe=SIGN_IN_WRONG)
        self.answers.append(("connexion refusée", other.text.encode()))
        other.send("/connexion", email=SUPERVISEUR, mot_de_passe=PASSWORD)
        self.answers.append(("code demandé", other.text.encode()))
        other.send("/connexion", email=SUPERVISEUR, mot_de_passe=PASSWORD, code=codes[0])
        self.searcher.know("autre jeton de session", other.http.cookies["raccord_session"])
        self.office = other

    def warn(self, address: str) -> None:
        """A webhook that a program hears, another whose address nobody answers at."""
        for label, url in (("ERP", address), ("Absent", "http://127.0.0.1:9/x")):
            asked = {"label": label, "url": url, "kinds": ["deposit", "connection", "reception"]}
            made = self.program.http.post("webhooks", json=asked).json()
            self.searcher.know(f"clé du webhook {label}", made["secret"])
            self.call("POST", f"webhooks/{made['id']}/test")

    def subscribe(self) -> None:
        """A calendar that is read without signing in: its address is a secret, its content holds none."""
        self.office.open("profil").send("/profil/calendrier")
        address = self.office.read("calendrier").strip()
        self.searcher.know("adresse du calendrier", address.rsplit("/", 1)[1].removesuffix(".ics"))
        read = self.program.http.get(f"{self.serving.url}/{address.split('/', 3)[3]}", headers={"Authorization": ""})
        assert read.text.startswith("BEGIN:VCALENDAR")
        self.answers.append(("le calendrier", read.content))

    def fail(self) -> None:
        """Files that are no invoices or wrong ones: their error texts are kept."""
        wrong = self.house.invoice("SEC-FAUX").read_bytes().replace(b"21970999400017", b"2197099940001X")
        for name, data in (("faux.xml", wrong), ("coupe.xml", b"<Invoice"), ("image.png", b"\x89PNG")):
            self.call("POST", "deposits", None, files={"file": (name, data)})

    def forget(self) -> None:
        """A forgotten password: its link goes by letter, and stands nowhere else."""
        stranger = Visitor(self.serving.url, strict=False)
        self.house.clients.append(stranger.http)
        stranger.open("mot-de-passe-oublie").send("/mot-de-passe-oublie", email=SUPERVISEUR)

    def save(self) -> Iterator[tuple[str, bytes]]:
        """Both backups: without secrets, and with them under a passphrase; every file inside."""
        self.searcher.know("phrase secrète", PASSPHRASE)
        (self.house.folder / "phrase").write_text(PASSPHRASE + "\n", encoding="utf-8")
        with_secrets = ("--with-secrets", "--passphrase-file", "phrase")
        for name, words in (("sans.tar.gz", ()), ("avec.tar.gz", with_secrets)):
            done = self.house.run("backup", name, *words, RACCORD_LOG_LEVEL="debug")
            assert done.returncode == 0, done.stderr
            yield f"raccord backup {name}", (done.stdout + done.stderr).encode()
            with tarfile.open(self.house.folder / name) as archive:
                held = [one for one in archive.getmembers() if one.isfile()]
                assert len(held) > 2
                yield from ((f"{name}, {one.name}", archive.extractfile(one).read()) for one in held)  # type: ignore[union-attr]  # a file

    def stumble(self) -> None:
        """Requests that are wrong, each with a secret inside: no error repeats it."""
        place = f"connections/{self.connection}/technical-account"
        for body in ({"login": 3, "password": NEXT}, {"login": "x", "password": NEXT, "zut": NEXT}, [NEXT], NEXT):
            self.call("POST", place, body)
        self.call("POST", place, None, content=b'{"password": "' + NEXT.encode())
        self.call("POST", "connections/inconnue/technical-account", {"login": "x", "password": NEXT})
        answer = self.program.http.get("deposits", headers={"Authorization": f"Bearer {self.key}x"})
        self.answers.append(("clé fausse", answer.content))

    def tell(self) -> Iterator[tuple[str, str | bytes]]:
        """Everything that Raccord shows: pages, API, metrics, commands, logs."""
        yield from self.answers
        yield from self._pages()
        described = self.program.http.get(f"{self.serving.url}/api/openapi.json").json()
        for path, verbs in described["paths"].items():
            if "get" in verbs and "{" not in path:
                yield path, self.program.http.get(f"{self.serving.url}{path}").content
        bearer = {"Authorization": f"Bearer {SETTINGS['RACCORD_METRICS_TOKEN']}"}
        metrics = self.program.http.get(f"{self.serving.url}/metrics", headers=bearer)
        assert metrics.status_code == 200
        yield "/metrics", metrics.content
        for words in (["settings"], ["settings", "--json"], ["doctor", "--json"], ["status", "--json"], ["events"],
                      ["events", "--json"], ["webhook", "list", "--json"], ["status", "inconnu"]):  # fmt: skip
            done = self.house.run(*words, RACCORD_LOG_LEVEL="debug", RACCORD_TRACE="")
            yield f"raccord {' '.join(words)}", done.stdout + done.stderr
        yield "le journal technique", self.serving.logged()

    def _pages(self) -> Iterator[tuple[str, bytes]]:
        """Every page that links lead to from the dashboard."""
        seen, waiting = set(), ["/", "/profil", "/utilisateurs", "/cles-api", "/journal", f"/{PLACE}", "/receptions"]
        while waiting and len(seen) < 120:
            path = waiting.pop()
            if path in seen:
                continue
            seen.add(path)
            self.office.open(path)
            yield f"page {path}", self.office.text.encode()
            if self.office.page is not None:
                links = self.office.page.xpath("//a/@href")
                waiting += [link.split("#")[0] for link in links if link.startswith("/") and "original" not in link]
        assert len(seen) > 15


def _tables(house: Any) -> Iterator[tuple[str, str | bytes]]:
    """Every table as text, those of the durable engine too."""
    engine = sa.create_engine(_database(house))
    with engine.connect() as conn:
        seen = sa.inspect(conn)
        schemas = [one for one in seen.get_schema_names() if one not in ("information_schema", "pg_catalog")]
        found = [(schema, name) for schema in schemas for name in seen.get_table_names(schema)]
        assert {"workflow_status", "secrets"} <= {name for _, name in found}, found
        for schema, name in found:
            rows = conn.exec_driver_sql(f'SELECT * FROM "{schema}"."{name}"').fetchall()
            yield f"table {schema}.{name}", "\n".join(map(repr, rows))
            cells = [bytes(cell) for row in rows for cell in row if isinstance(cell, bytes | memoryview)]
            yield f"table {schema}.{name}, octets", b"\n".join(cells)
    engine.dispose()


def _database(house: Any) -> str:
    url = house.environment.get("RACCORD_DATABASE_URL")
    return str(url or f"sqlite:///{house.folder / 'var' / 'raccord.sqlite'}")


def _dump(house: Any) -> Iterator[tuple[str, bytes]]:
    """Every table of PostgreSQL in the text that `pg_dump` writes; the file of SQLite is read as it stands."""
    url = sa.make_url(_database(house))
    if not url.drivername.startswith("postgresql"):
        return
    with psycopg.connect(url.set(drivername="postgresql").render_as_string(hide_password=False)) as conn:
        asked = (
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        )
        for schema, table in conn.execute(asked).fetchall():
            command = sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(schema, table))
            with conn.cursor().copy(command) as rows:
                yield f"dump de {schema}.{table}", b"".join(bytes(row) for row in rows)


def _piste_tokens(house: Any) -> list[str]:
    """The tokens of PISTE that the workers share, opened with the key of the house."""
    gateway = build_gateway(load_settings(house.environment, env_file=None))
    try:
        with gateway.store.read() as conn:
            rows = conn.execute(sa.text("SELECT application, sealed FROM tokens WHERE application NOT LIKE '%/lease'"))
            return [gateway.vault.open_bytes(row.application, row.sealed).decode() for row in rows]
    finally:
        gateway.close()


def _objects(house: Any) -> Iterator[tuple[str, str]]:
    """The objects of a gateway opened on the same house, as a debugger or an error would write them."""
    settings = load_settings({**house.environment, **SETTINGS}, env_file=None)
    gateway = build_gateway(settings)
    try:
        yield "Settings", repr(settings) + str(settings)
        for name, part in vars(gateway).items():
            yield f"gateway.{name}", repr(part) + repr(getattr(part, "__dict__", ""))
        for one in gateway.connections.all():
            yield "Connection", repr(one)
            yield "Verdict", repr(gateway.connections.last_verdict(one.id))
            with gateway.vault.open(f"connection/{one.id}/password") as credential:
                yield "Credential", f"{credential!r} {credential}"
        yield "journal", repr(gateway.journal.read(limit=10_000))
    finally:
        gateway.close()


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_no_secret_is_anywhere(
    make_house: Callable[..., Any], until: Any, searcher: Searcher, post_office: tuple[Mailbox, int],
    neighbour: tuple[list[bytes], str], request: pytest.FixtureRequest, database: str,
) -> None:  # fmt: skip
    box, port = post_office
    settings = {
        "RACCORD_LOG_LEVEL": "debug", "RACCORD_WEBHOOK_PRIVATE": "oui", "RACCORD_SMTP_HOST": "127.0.0.1",
        "RACCORD_SMTP_PORT": str(port), "RACCORD_SMTP_SECURITY": "none", **SETTINGS,
    }  # fmt: skip
    if database == "postgresql":
        settings["RACCORD_DATABASE_URL"] = str(request.getfixturevalue("postgres_url"))
    house = make_house(**settings)
    life = Life(house, until, searcher)
    life.connect()
    life.warn(neighbour[1])
    life.deposit("SEC-1", "integrated")
    life.rotate()
    life.deposit("SEC-2", "integrated")
    life.receive()
    life.fail()
    life.subscribe()
    life.guard()
    life.stumble()
    life.forget()
    until("la lettre du voyant et celle du mot de passe oublié", lambda: len(box.letters) >= 2)
    until("le webhook", lambda: len(neighbour[0]) >= 3)
    tokens = _piste_tokens(house)
    assert tokens
    searcher.know("jeton PISTE", *tokens)
    for where, content in (*life.tell(), *life.save()):
        searcher.look(where, content)
    for number, letter in enumerate(box.letters):
        searcher.look(f"lettre {number}", letter)
    for number, call in enumerate(neighbour[0]):
        searcher.look(f"appel du webhook {number}", call)
    assert life.serving.end() == 0
    searcher.know("lien du mot de passe oublié", *_links(box))
    searcher.look("le journal technique, jusqu’à la fin", life.serving.logged())
    for where, content in (*_tables(house), *_dump(house), *_objects(house)):
        searcher.look(where, content)
    files = [path for path in (house.folder / "var").rglob("*") if path.is_file() and path.name != "raccord.key"]
    assert len(files) > (3 if database == "sqlite" else 1)
    for path in files:
        searcher.look(str(path), path.read_bytes())


def _links(box: Mailbox) -> list[str]:
    found = [re.search(rb"/nouveau-mot-de-passe/([\w-]+)", letter) for letter in box.letters]
    links = [one[1].decode() for one in found if one]
    assert links
    return links


def test_the_searcher_finds_what_is_there(searcher: Searcher) -> None:
    searcher.account("TECH_1@cpp2017.fr", NEXT)
    for leak in (
        NEXT,
        json.dumps({"p": NEXT}),
        html.escape(NEXT),
        base64.b64encode(f"TECH_1@cpp2017.fr:{NEXT}".encode()),
    ):
        with pytest.raises(AssertionError, match="mot de passe"):
            searcher.look("ici", leak)
