"""The directory of public structures: our copy first, Chorus Pro for what it lacks; refreshed by itself.

The copy is that of one environment: production, qualification and simulator do not know the same structures.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from raccord.domain.connection import Connection, EnvironmentName
from raccord.domain.directory import DirectoryStatus, Edition, PublicService, PublicStructure
from raccord.domain.errors import Invalid, NotFound, RaccordError, Unavailable
from raccord.engine.directory import live as online
from raccord.engine.foundation.ground import ENGINE, Ground
from raccord.engine.foundation.talk import live
from raccord.store import connections, journal
from raccord.store.directory import editions as directory_editions
from raccord.store.directory import lookups as directory
from raccord.store.directory.columns import Entry
from raccord.store.directory.editions import Progress
from raccord.store.directory.files import Tally, read
from raccord.store.directory.lookups import LiveAnswer
from raccord.store.directory.search import search

PRODUCTION = EnvironmentName.PRODUCTION.value
REFRESH = "directory.refresh"
"""The periodic job: a new edition is due (everything)."""

Through = Connection | str | None
"""Who asks: a connection or its identifier; without one, only the copy of production answers."""


@dataclass(frozen=True)
class DirectoryOptions:
    """How long what is known is believed."""

    edition_life: timedelta = timedelta(days=7)
    """The public file is renewed each Monday (specifications/directory.md §6)."""
    retry: timedelta = timedelta(days=1)
    live_life: timedelta = timedelta(days=7)
    absence_life: timedelta = timedelta(hours=1)
    """A structure unknown to Chorus Pro this morning may have been created at noon."""
    look_every_s: float = 3600.0


class Directory:
    """Finds, searches, loads. `connection_id` names who may ask Chorus Pro, and thereby the environment."""

    def __init__(self, ground: Ground, options: DirectoryOptions | None = None) -> None:
        self._ground, self._options = ground, options or DirectoryOptions()

    # Asking

    def find(self, siret: str, through: Through = "", *, fresh: bool = False) -> PublicStructure | None:
        """The structure of that SIRET, None when there is none. `fresh` asks Chorus Pro even if the copy has it.

        Without a connection only the copy of production answers. Raises `Unavailable` when Chorus Pro had to be asked
        and could not be, `NotFound` (`CONNEXION_INCONNUE`).
        """
        siret, connection = _tidy(siret), self.connection(through)
        known = self.listed(siret, connection)
        if connection is None or not _can_be_asked(siret) or (known is not None and not fresh):
            return known
        return self._live(connection, siret).structure

    def listed(self, siret: str, connection: Connection | None) -> PublicStructure | None:
        """The structure of that SIRET in our copy alone, None when it is not in it."""
        with self._ground.store.read() as conn:
            return directory.find(conn, _environment(connection), _tidy(siret))

    def listed_service(self, siret: str, code: str, connection: Connection | None) -> PublicService | None:
        """One service by its code in our copy alone, None when it is not in it."""
        with self._ground.store.read() as conn:
            return directory.service_of(conn, _environment(connection), _tidy(siret), code.strip())

    def services(
        self, siret: str, connection_id: str = "", *, for_private_supplier: bool = True
    ) -> tuple[PublicService, ...]:
        """The services of a structure, open ones first; by default without the one reserved to public bodies.

        Raises like `find`.
        """
        siret, connection = _tidy(siret), self.connection(connection_id)
        with self._ground.store.read() as conn:
            known = directory.find(conn, _environment(connection), siret)
            found = directory.services_of(conn, _environment(connection), siret)
        if not found and connection is not None and _can_be_asked(siret) and (known is None or _needs_service(known)):
            found = self._live(connection, siret).services
        ranked = sorted(found, key=lambda one: (not one.active, one.code))
        return tuple(one for one in ranked if not (for_private_supplier and one.reserved))

    def service(self, siret: str, code: str, through: Through = "", *, fresh: bool = False) -> PublicService | None:
        """One service by its code, with whether it demands the commitment number; None when there is none.

        `fresh` asks Chorus Pro when the copy lacks the service or says that it is closed. Raises like `find`.
        """
        siret, connection = _tidy(siret), self.connection(through)
        with self._ground.store.read() as conn:
            known = directory.service_of(conn, _environment(connection), siret, code.strip())
            listed = known is not None or directory.find(conn, _environment(connection), siret) is not None
        usable = known is not None and known.active
        if connection is None or not _can_be_asked(siret) or usable or (listed and not fresh):
            return known
        return self._service_live(connection, siret, code)

    def search(
        self, text: str, town: str = "", limit: int = 20, connection_id: str = ""
    ) -> tuple[PublicStructure, ...]:
        """The structures that this text may mean, the likeliest first; a whole SIRET that the copy lacks is asked."""
        connection = self.connection(connection_id)
        with self._ground.store.read() as conn:
            found = search(conn, _environment(connection), text, town, limit)
        if found or connection is None or not _can_be_asked(_tidy(text)):
            return found
        one = self.find(text, connection_id)
        return () if one is None else (one,)

    def status(self, connection_id: str = "") -> DirectoryStatus:
        """How the copy fares."""
        with self._ground.store.read() as conn:
            return directory_editions.status(conn, _environment(self.connection(connection_id)))

    def copy(self, connection: Connection | None) -> Edition | None:
        """The copy in use for the environment of that connection (production without one), None before the first."""
        with self._ground.store.read() as conn:
            return directory_editions.current_edition(conn, _environment(connection))

    def home(self) -> str:
        """The connection that the directory is asked through when nobody names one: production first; "" for none."""
        with self._ground.store.read() as conn:
            enabled = [one for one in connections.all_connections(conn) if one.enabled]
        enabled.sort(key=lambda one: (one.environment is not EnvironmentName.PRODUCTION, one.breaker_open))
        return enabled[0].id if enabled else ""

    def connection(self, through: Through) -> Connection | None:
        """The connection meant, None when "" is given. Raises `NotFound` (`CONNEXION_INCONNUE`)."""
        if not isinstance(through, str):
            return through
        if not through:
            return None
        with self._ground.store.read() as conn:
            return connections.get(conn, through)

    # Loading

    def load(
        self,
        files: Sequence[Path | bytes],
        actor: str,
        *,
        environment: str = PRODUCTION,
        origin: str = "",
        shrink: bool = False,
        progress: Progress = lambda _rows: None,
    ) -> Edition:
        """Put these files (CSV, XLSX, XML or ZIP; structures and services together) in use as a new edition.

        Whatever fails, the edition in use stays. Raises `Invalid` (`ANNUAIRE_ILLISIBLE`, `ANNUAIRE_COLONNES`,
        `ANNUAIRE_VIDE`, `ANNUAIRE_LIGNES`, `ANNUAIRE_TRONQUE`), `Conflict` (`ANNUAIRE_EN_COURS`), `Unavailable`.
        """
        tally = Tally()
        name = origin or ", ".join(file.name for file in files if isinstance(file, Path)) or "fichier"
        entries = _all_of(files, tally)
        loaded = directory_editions.load(
            self._ground.store, entries, environment=environment, origin=name, clock=self._ground.clock, tally=tally,
            shrink=shrink, progress=progress,
        )  # fmt: skip
        facts = {"environment": environment, "origin": name, "structures": loaded.structures}
        with self._ground.store.begin() as conn:
            journal.append(
                conn,
                self._ground.event("directory", "directory.loaded", actor, services=loaded.services, **facts),
            )
        return loaded

    def refresh(self, connection_id: str, actor: str) -> Edition:
        """Fetch the directory from Chorus Pro and put it in use. Raises like `load`, and `NotFound`.

        A failure is noted with its sentence: `status` tells it until the next success.
        """
        connection = self.connection(connection_id)
        if connection is None:
            raise NotFound("CONNEXION_INCONNUE", "Aucune connexion à Chorus Pro n’est réglée.", "Créez-la d’abord.")
        environment = _environment(connection)
        try:
            with live(self._ground, connection) as chorus:
                archive = chorus.transverses.telecharger_annuaire_destinataire().fichierResultat
        except RaccordError as error:
            directory_editions.note_failure(
                self._ground.store, environment, "chorus-pro", error.sentence, self._ground.clock()
            )
            raise
        if not archive:
            raise self._nothing_came(environment)
        return self.load([archive], actor, environment=environment, origin="chorus-pro")

    def refresh_when_due(self) -> None:
        """Job: fetch a new edition when the one in use has had its week; a failure keeps it, and waits a day."""
        now = self._ground.clock()
        for connection in self._refreshers():
            with self._ground.store.read() as conn:
                status = directory_editions.status(conn, _environment(connection))
            if self._is_due(status, now):
                try:
                    self.refresh(connection.id, ENGINE)
                except RaccordError:  # noted by `refresh` or by `load`, told by `status`
                    continue

    def install(self) -> None:
        """Give the engine its periodic job."""
        self._ground.jobs.periodic(REFRESH, self._options.look_every_s, self.refresh_when_due)

    # Behind

    def _live(self, connection: Connection, siret: str) -> LiveAnswer:
        environment = _environment(connection)
        with self._ground.store.read() as conn:
            kept = directory.live_answer(conn, environment, siret)
        if kept is not None and self._is_believed(kept):
            return kept
        try:
            answer = online.ask_structure(self._ground, connection, siret)
        except Unavailable:
            if kept is not None and kept.structure is not None:
                return kept  # old news of a structure is worth more than none
            raise
        self._keep(environment, siret, answer)
        return answer

    def _service_live(self, connection: Connection, siret: str, code: str) -> PublicService | None:
        answer = self._live(connection, siret)
        found = _named(answer.services, code)
        if found is None or answer.structure is None or found.commitment_required is not None:
            return found
        told = online.ask_service(self._ground, connection, answer.structure.id_structure_cpp or 0, found)
        services = tuple(told if one is found else one for one in answer.services)
        self._keep(_environment(connection), siret, replace(answer, services=services))
        return told

    def _keep(self, environment: str, siret: str, answer: LiveAnswer) -> None:
        with self._ground.store.begin() as conn:
            directory.keep_live_answer(conn, environment, siret, answer)

    def _is_believed(self, kept: LiveAnswer) -> bool:
        life = self._options.absence_life if kept.structure is None else self._options.live_life
        return self._ground.clock() - kept.known_at < life

    def _is_due(self, status: DirectoryStatus, now: datetime) -> bool:
        if status.failed_at is not None and now - status.failed_at < self._options.retry:
            return False
        return status.current is None or now - status.current.loaded_at >= self._options.edition_life

    def _refreshers(self) -> Iterable[Connection]:
        """One connection for each environment that has one able to call."""
        with self._ground.store.read() as conn:
            able = [one for one in connections.all_connections(conn) if one.enabled and not one.breaker_open]
        return {_environment(one): one for one in reversed(able)}.values()

    def _nothing_came(self, environment: str) -> Unavailable:
        sentence = "Chorus Pro a répondu sans joindre son annuaire : l’annuaire enregistré reste en service."
        directory_editions.note_failure(self._ground.store, environment, "chorus-pro", sentence, self._ground.clock())
        return Unavailable(
            "ANNUAIRE_ABSENT", sentence, "Raccord réessaiera demain ; le fichier public fait aussi l’affaire."
        )


def _all_of(files: Sequence[Path | bytes], tally: Tally) -> Iterator[Entry]:
    if not files:
        raise Invalid(
            "ANNUAIRE_ABSENT", "Aucun fichier d’annuaire n’est donné.", "Donnez le fichier public de l’annuaire."
        )
    for file in files:
        yield from read(file, tally)


def _environment(connection: Connection | None) -> str:
    return connection.environment.value if connection else PRODUCTION


def _tidy(siret: str) -> str:
    return "".join(siret.split())


def _can_be_asked(siret: str) -> bool:
    return len(siret) == 14 and siret.isdigit()


def _needs_service(structure: PublicStructure) -> bool:
    return structure.service_required or structure.service_or_commitment


def _named(services: Iterable[PublicService], code: str) -> PublicService | None:
    wanted = code.strip()
    return next((one for one in services if one.code == wanted), None)
