"""The story. Every step goes over HTTP, as a person or a program would, and is verified before it is told."""

import hashlib
import secrets
from datetime import timedelta
from typing import Any

import httpx2

from raccord.cli.demo import portal
from raccord.cli.demo.processes import Bench
from raccord.cli.demo.program import Program
from raccord.cli.demo.stage import Stage, StepFailed, until
from raccord.cli.demo.visitor import Visitor
from raccord.domain.clock import system_clock

PLACE = "options/parametres/systeme/chorus-pro"
FIRM, TOWN = "gestionnaire@bati-reunion.example", "gestionnaire@val-fictif.example"
GREEN = "Connexion avec Chorus Pro établie"
RED = "Attention : Connexion avec Chorus Pro non établie"
EXPIRED = "TEC-01"
"""The doctor's code of a password whose date has passed."""
SUPERVISEUR = "superviseur@raccord.example"


class Story:
    """A supplier and a town, one gateway, one simulated Chorus Pro."""

    def __init__(self, bench: Bench, stage: Stage) -> None:
        self.bench, self.stage = bench, stage
        self.password = secrets.token_urlsafe(12)
        self.world: dict[str, Any] = {}
        self.sent: dict[str, bytes] = {}
        """The bytes of each deposited invoice, by number."""
        self.ids: dict[str, str] = {}
        """The identifier of each deposit, by number."""

    def play(self, *, port: int, simulator_port: int) -> bool:
        """Play everything; False when a step did not happen."""
        try:
            self._raise_curtain(port, simulator_port)
            self._connect_the_supplier()
            self._deposit_three_invoices()
            self._the_town_receives()
            self._the_password_expires()
            self._the_password_is_reset()
        except (StepFailed, httpx2.HTTPError, LookupError) as error:
            self.stage.console.print(f"[red]L’histoire s’arrête ici.[/] {type(error).__name__} : {error}")
            return False
        return True

    # 1. The curtain

    def _raise_curtain(self, port: int, simulator_port: int) -> None:
        self.stage.chapter("Le décor")
        with self.stage.step("Le simulateur de Chorus Pro démarre") as facts:
            self.world = self.bench.simulator(simulator_port)
            facts |= {"portal": self.world["portal_url"], "said": [self.world["portal_url"]]}
        with self.stage.step("La passerelle démarre, sur un fichier SQLite") as facts:
            self.gateway, link = self.bench.gateway(port)
            facts |= {"address": self.gateway, "said": [self.gateway]}
        with self.stage.step("La première personne crée son compte de Superviseur") as facts:
            self.office = Visitor(self.gateway)
            self.office.open(link.removeprefix(self.gateway)).send(
                link.rsplit("/", 1)[1], email=SUPERVISEUR, nom="Camille Démonstration", mot_de_passe=self.password
            )
            facts["page"] = _need(self.office, "Tableau de bord")

    # 2. The technical account

    def _connect_the_supplier(self) -> None:
        self.stage.chapter("Le compte technique")
        self.siret = self._siret_of(FIRM)
        with self.stage.step("Le gestionnaire principal crée un compte technique sur le portail") as facts:
            self.manager = portal.signed_in(self.world["portal_url"], self._person(FIRM))
            self.login, password = portal.create_account(self.manager, self.siret)
            facts |= {"login": self.login, "said": [f"{self.login}, mot de passe affiché une seule fois"]}
        with self.stage.step(
            "Le Superviseur règle la connexion et colle le mot de passe : le voyant passe au vert"
        ) as facts:
            self.supplier = self._new_connection("Entreprise", "APP_DEMO_BATI")
            facts["light"] = self._enter_password(self.supplier, self.login, password)
        with self.stage.step("Le logiciel de facturation reçoit sa clé d’API") as facts:
            self.program = self._new_program("Logiciel de facturation")
            found = self.program.post(f"connections/{self.supplier}/structures")
            facts |= {"structures": [one["siret"] for one in found], "said": [one["label"] for one in found[:3]]}

    def _new_connection(self, label: str, application: str) -> str:
        application_of = self._application(application)
        self.office.open(f"{PLACE}/nouvelle").send(
            "/nouvelle", nom=label, environnement="simulator", adresse=self.world["base_url"],
            client_id=application_of["client_id"], client_secret=application_of["client_secret"],
        )  # fmt: skip
        return self.office.address.split("modifier=")[1].split("#")[0]

    def _enter_password(self, connection: str, login: str, password: str) -> str:
        """The pencil, the field, « Valider »: the page must be green, in words."""
        self.office.open(f"{PLACE}?modifier={connection}")
        self.office.send(f"{connection}/mot-de-passe", login=login, mot_de_passe=password)
        return _need(self.office, GREEN)

    def _new_program(self, name: str) -> Program:
        rights = ["read", "deposit", "process", "configure"]
        self.office.open("cles-api").send("/cles-api", nom=name, droits=rights)
        return Program(self.gateway, self.office.read("cle").strip())

    # 3. The deposits

    def _deposit_three_invoices(self) -> None:
        self.stage.chapter("Les dépôts")
        with self.stage.step("Le fournisseur dépose trois factures : Factur-X, CII et UBL") as facts:
            for number, syntax in (("DEMO-2026-001", "facturx"), ("DEMO-2026-002", "cii"), ("DEMO-2026-003", "ubl")):
                self._deposit(number, syntax)
            facts |= {"deposits": list(self.ids), "said": list(self.ids)}
        with self.stage.step("Chorus Pro les intègre") as facts:
            done = until("trois factures intégrées", lambda: self._all_in("integrated"), seconds=30)
            facts |= {
                "flux": sorted({one["numero_flux"] for one in done}),
                "said": [one["numero_flux"] for one in done],
            }

    def _deposit(self, number: str, syntax: str) -> Any:
        from raccord.domain.identifiers import Siret
        from raccord.formats.sample import file_name, make_invoice, write_sample

        invoice = make_invoice(
            seed=len(self.sent), number=number, supplier=Siret.parse(self.siret),
            recipient=Siret.parse(self._siret_of(TOWN)), recipient_name="COMMUNE DE VAL-FICTIF",
            supplier_name="BÂTI-RÉUNION DÉMO SARL", service="SERV-TECH", issue_date=system_clock().date(),
        )  # fmt: skip
        self.sent[number] = write_sample(invoice, syntax)
        answer = self.program.deposit(file_name(invoice, syntax), self.sent[number], connection=self.supplier)
        self.ids[number] = answer["id"]
        return answer

    def _all_in(self, state: str) -> list[Any] | None:
        seen = [self.program.get(f"deposits/{one}") for one in self.ids.values()]
        wrong = [one for one in seen if one["state"] in ("refused", "faulty", "to_decide")]
        if wrong:
            raise StepFailed(f"{wrong[0]['number']} : {wrong[0]['state_label']}. {wrong[0]['faults']}")
        return seen if all(one["state"] == state for one in seen) else None

    # 4. The receptions

    def _the_town_receives(self) -> None:
        self.stage.chapter("La commune")
        siret = self._siret_of(TOWN)
        with self.stage.step(
            "La commune crée son compte sur l’ancien portail, et importe le fichier enregistré"
        ) as facts:
            manager = portal.signed_in(self.world["portal_url"], self._person(TOWN))
            saved = portal.create_account_2016(manager, siret, f"TECH_DEMO_{siret}@cpp2017.fr")
            self.town = self._new_connection("Commune", "APP_DEMO_MAIRIE")
            self.office.open(f"{PLACE}?modifier={self.town}")
            self.office.send(f"{self.town}/mot-de-passe", files={"fichier": ("compte-technique.txt", saved)})
            facts["light"] = _need(self.office, GREEN)
        with self.stage.step("Son logiciel financier récupère les trois factures, octet pour octet") as facts:
            self.finance = self._new_program("Logiciel financier")
            self.received = self._retrieve(siret)
            facts.update(self._compare())
        with self.stage.step("Il poste « Mise en paiement »") as facts:
            for one in self.received.values():
                self.finance.post(f"receptions/{one['id']}/statuses", {"target": "MISE_EN_PAIEMENT"})
            until("trois statuts acceptés", self._all_posted, seconds=30)
            facts["posted"] = len(self.received)
        with self.stage.step("Le fournisseur le voit") as facts:
            facts["paid"] = until("trois « Mise en paiement » chez le fournisseur", self._all_paid, seconds=30)

    def _retrieve(self, siret: str) -> dict[str, Any]:
        structures = self.finance.post(f"connections/{self.town}/structures")
        town = next(one for one in structures if one["siret"] == siret)
        since = (system_clock() - timedelta(days=30)).isoformat()
        self.finance.post(f"structures/{town['id']}/begin", {"since": since})

        def arrived() -> dict[str, Any] | None:
            items = {one["number"]: one for one in self.finance.get("receptions")["items"]}
            return {number: items[number] for number in self.sent} if set(self.sent) <= set(items) else None

        return until("trois factures reçues", arrived, seconds=40)  # type: ignore[no-any-return]  # what `arrived` gives

    def _compare(self) -> dict[str, Any]:
        digests = {}
        for number, reception in self.received.items():
            document = next(one for one in reception["documents"] if one["kind"] == "original")
            data = self.finance.bytes(f"receptions/{reception['id']}/documents/{document['sha256']}")
            if data != self.sent[number]:
                raise StepFailed(f"{number} n’est pas revenue octet pour octet ({len(data)}/{len(self.sent[number])}).")
            digests[number] = hashlib.sha256(data).hexdigest()
        return {"sha256": digests, "said": [f"{number} {digest[:16]}…" for number, digest in digests.items()]}

    def _all_posted(self) -> bool:
        posts = [self.finance.get(f"receptions/{one['id']}/statuses") for one in self.received.values()]
        refused = [post for some in posts for post in some if post["state"] == "refused"]
        if refused:
            raise StepFailed(f"Chorus Pro refuse le statut : {refused[0]['answer']}")
        return all(some and all(post["state"] == "done" for post in some) for some in posts)

    def _all_paid(self) -> list[str] | None:
        seen = [self.program.get(f"deposits/{one}") for one in self.ids.values()]
        paid = [one["number"] for one in seen if (one["platform_status"] or {}).get("code") == "MISE_EN_PAIEMENT"]
        return paid if len(paid) == len(seen) else None

    # 5. The password expires, silently

    def _the_password_expires(self) -> None:
        self.stage.chapter("Le mot de passe expire, sans prévenir")
        with self.stage.step("Le terme approche : le voyant passe à l’orange") as facts:
            end = system_clock() + timedelta(seconds=5)
            for login in self._logins_of(self.siret):  # the platform tells one date per structure
                _control(self.world, f"accounts/{login}/expires_at", {"at": end.isoformat()})
            verdict = self.program.post(f"connections/{self.supplier}/test")
            if verdict["light"] != "orange":
                raise StepFailed(f"Le voyant devait avertir : {verdict['light_sentence']}")
            facts |= {"expires_at": verdict["expires_at"], "said": [verdict["suspicions"][0]["sentence"]]}
        with self.stage.step("Le terme est passé, Chorus Pro ne prévient personne"):
            until("la fin du mot de passe", lambda: system_clock() > end, seconds=10)
        with self.stage.step("Le dépôt suivant attend, la facture est conservée") as facts:
            self._deposit("DEMO-2026-004", "facturx")
            red = until("le voyant rouge", lambda: self._light(self.supplier, "rouge"), seconds=30)
            waiting = self.program.get(f"deposits/{self.ids['DEMO-2026-004']}")
            if waiting["state"] != "ready" or not red["calls_stopped"]:
                raise StepFailed(f"Le dépôt devait attendre : {waiting['state_label']}")
            facts |= {"light": red["light_sentence"], "state": waiting["state_label"], "said": [red["light_sentence"]]}
        with self.stage.step("Le diagnostic nomme la cause") as facts:
            verdict = until("le diagnostic", self._named_cause, seconds=30)
            if verdict["code"] != EXPIRED:
                raise StepFailed(f"La cause devait être l’expiration : {verdict['code']}, {verdict['sentence']}")
            facts |= {"cause": verdict["code"], "sentence": verdict["sentence"], "said": [verdict["sentence"]]}

    def _named_cause(self) -> Any:
        verdict = self.program.get(f"connections/{self.supplier}/verdict")
        return verdict["suspicions"][0] if verdict["light"] == "rouge" and verdict["suspicions"] else None

    def _light(self, connection: str, wanted: str) -> Any:
        seen = self.program.get(f"connections/{connection}")
        return seen if seen["light"] == wanted else None

    # 6. The cure

    def _the_password_is_reset(self) -> None:
        self.stage.chapter("La réparation")
        with self.stage.step("Le gestionnaire principal réinitialise le mot de passe sur le portail"):
            password = portal.reset_password(self.manager, self.siret, self.login)
        with self.stage.step("Le Superviseur le saisit et valide : le voyant repasse au vert") as facts:
            self.office.open(PLACE)
            _need(self.office, RED)
            facts["light"] = self._enter_password(self.supplier, self.login, password)
        with self.stage.step("La facture en attente part d’elle-même") as facts:
            done = until("la quatrième facture intégrée", lambda: self._all_in("integrated"), seconds=30)
            facts["number"] = done[-1]["number"]
        with self.stage.step("Chaque facture est arrivée une seule fois") as facts:
            facts["ledger"] = self._counted_once()

    def _counted_once(self) -> dict[str, int]:
        ledger = httpx2.get(f"{self.world['control_url'].rstrip('/')}/ledger", timeout=60).json()
        numbers = [number for one in ledger["deposits"] for number in one["numbers"]]
        counts = {number: numbers.count(number) for number in self.sent}
        if set(counts.values()) != {1}:
            raise StepFailed(f"Une facture n’est pas arrivée exactement une fois : {counts}")
        return counts

    def addresses(self) -> list[str]:
        """Where to look now, and with which accounts."""
        return [
            "",
            f"Passerelle   {self.gateway}   {SUPERVISEUR}   {self.password}",
            f"Portail      {self.world['portal_url']}",
            *(f"             {one['login']}   {one['password']}" for one in self.world["persons"][:4]),
            f"Données      {self.bench.folder}",
            "Ctrl-C pour tout arrêter.",
        ]

    def _person(self, login: str) -> dict[str, Any]:
        return next(one for one in self.world["persons"] if one["login"] == login)

    def _siret_of(self, login: str) -> str:
        account = next(one for one in self._accounts_of(login))
        return str(account)

    def _accounts_of(self, login: str) -> list[str]:
        names = {FIRM: "BÂTI-RÉUNION", TOWN: "VAL-FICTIF"}
        return [one["siret"] for one in self.world["structures"] if names[login] in one["designation"]]

    def _logins_of(self, siret: str) -> list[str]:
        before = [one["login"] for one in self.world["technical_accounts"] if one["siret"] == siret]
        return [*before, self.login]

    def _application(self, name: str) -> dict[str, Any]:
        named = [one for one in self.world["applications"] if one.get("name", one.get("nom", "")) == name]
        return next(iter(named or self.world["applications"]))


def _need(visitor: Visitor, words: str) -> str:
    """The page must say these words."""
    seen = " ".join(visitor.page.text_content().split())
    if words not in seen:
        raise StepFailed(f"« {words} » attendu sur {visitor.address}. {visitor.said()}")
    return words


def _control(world: dict[str, Any], path: str, body: dict[str, Any]) -> None:
    answer = httpx2.post(f"{world['control_url'].rstrip('/')}/{path}", json=body, timeout=60)
    if answer.status_code >= 400:
        raise StepFailed(f"Le simulateur répond {answer.status_code} à {path} : {answer.text[:300]}")
