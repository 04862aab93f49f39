"""DBOS behind the port: one queue, one workflow of one step, JSON rows, a pinned version. One per process.

Nothing else of the house imports `dbos`. Its own retries, sleeps, rate limits and schedules are not used: they hold a
place while they wait, or count starts instead of calls; waiting is a row enqueued with a delay.
"""

import json
import logging
import threading
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from raccord.store.database import Store
from raccord.store.dialects import explain
from raccord.store.wakes import Wake

if TYPE_CHECKING:
    from dbos import DBOSClient

_APPLICATION = "raccord"
_QUEUE = "raccord"
_WORKFLOW = "raccord.job"
_VERSION = "raccord"
"""Pinned: work enqueued under another version would never be taken after an upgrade."""
_LIVE = ["ENQUEUED", "DELAYED", "PENDING"]
_BATCH = 1000

Run = Callable[[str, str, Mapping[str, Any]], None]


class _Running:
    """What the one workflow of this process calls, and how many calls are under way."""

    def __init__(self) -> None:
        self.run: Run | None = None
        self.registered = False
        self.busy = 0
        self._lock = threading.Lock()

    def __enter__(self) -> None:
        with self._lock:
            self.busy += 1

    def __exit__(self, *_exc: object) -> None:
        with self._lock:
            self.busy -= 1


_running = _Running()


class DbosEngine:
    """The durable engine of a process. `threads` jobs at once; the queue is looked at every `poll_s` seconds."""

    def __init__(self, store: Store, *, threads: int = 8, poll_s: float = 0.2) -> None:
        self._store, self._threads, self._poll_s = store, threads, poll_s
        self._client: DBOSClient | None = None
        self._prepared = False

    def prepare(self) -> None:
        """Create the tables of DBOS beside ours (schema `dbos` on PostgreSQL). Safe to call again."""
        if not self._prepared:
            self._get_client()._sys_db.run_migrations()  # the public twin would open an engine of its own
            self._prepared = True

    def enqueue(self, conn: sa.Connection, wake: Wake, delay: float) -> None:
        """Write the job's row in the caller's transaction."""
        options: dict[str, Any] = {
            "workflow_name": _WORKFLOW,
            "queue_name": _QUEUE,
            "workflow_id": f"{_prefix(wake)}{uuid.uuid4().hex}",
            "application_name": _APPLICATION,
            "priority": wake.priority,
        }
        if delay > 0:
            options["delay_seconds"] = delay
        self._get_client().enqueue_in_transaction(conn, options, wake.name, wake.key, json.dumps(wake.args))  # type: ignore[arg-type]  # a TypedDict made by parts

    def has(self, wake: Wake) -> bool:
        """Whether a job of this name and key waits or runs."""
        found = self._get_client().list_workflows(
            workflow_id_prefix=_prefix(wake), status=_LIVE, limit=1, load_input=False, load_output=False
        )
        return bool(found)

    def start(self, run: Run, worker: str) -> None:
        """Launch DBOS in this process under the identifier of the worker: it takes back what that worker left."""
        from dbos import DBOS, DBOSConfig

        _quiet()
        self.prepare()
        config: DBOSConfig = {
            "name": _APPLICATION,
            "application_version": _VERSION,
            "executor_id": worker,
            "system_database_engine": self._store.engine,
            "serializer": _json_serializer(),
            "use_listen_notify": False,
            "max_executor_threads": self._threads + 8,
            "enable_otlp": False,
            "log_level": "ERROR",
        }
        _running.run = run
        _register()
        DBOS(config=config)
        DBOS.launch()
        DBOS.register_queue(_QUEUE, worker_concurrency=self._threads, polling_interval_sec=self._poll_s)

    def take_over(self, worker: str) -> int:
        """Put back in the queue what a dead worker was running."""
        client = self._get_client()
        left = client.list_workflows(
            status="PENDING", executor_id=worker, limit=_BATCH, load_input=False, load_output=False
        )
        ids = [workflow.workflow_id for workflow in left]
        if ids:
            client.resume_workflows(ids, queue_name=_QUEUE)
        return len(ids)

    def purge(self, days: float) -> int:
        """Delete finished jobs by batches."""
        before = (datetime.now(UTC) - timedelta(days=days)).isoformat()
        client, gone = self._get_client(), 0
        while True:
            done = client.list_workflows(
                status=["SUCCESS", "ERROR", "CANCELLED"],
                completed_before=before,
                limit=_BATCH,
                load_input=False,
                load_output=False,
            )
            if not done:
                return gone
            client.delete_workflows([workflow.workflow_id for workflow in done])
            gone += len(done)

    def stop(self) -> None:
        """Take no more jobs, let those that run end (ten seconds at most), then stop. What is left runs again later."""
        from dbos import DBOS

        DBOS.destroy(workflow_completion_timeout_sec=10 if _running.busy else 0)
        _running.run = None

    def _get_client(self) -> "DBOSClient":
        if self._client is None:
            from dbos import DBOSClient

            _quiet()
            self._client = DBOSClient(
                system_database_engine=self._store.engine,
                serializer=_json_serializer(),
                application_name=_APPLICATION,
                lazy=True,
                retry_connection_errors=False,
            )
        return self._client


def _register() -> None:
    from dbos import DBOS

    if not _running.registered:
        DBOS.workflow(name=_WORKFLOW)(_job)
        _running.registered = True


def _job(name: str, key: str, args: str) -> None:
    if _running.run is None:
        return
    with _running:
        _running.run(name, key, json.loads(args))


def _prefix(wake: Wake) -> str:
    return f"{wake.name}/{wake.key}/"


def _json_serializer() -> Any:
    from dbos import DBOSPortableJSONSerializer  # rows that a person can read, and no pickle

    return DBOSPortableJSONSerializer()


def _quiet() -> None:
    """What DBOS logs goes through the one door of the house, where secrets are erased, not through its own."""
    log = logging.getLogger("dbos")
    log.setLevel(logging.ERROR)
    log.handlers[:] = [logging.NullHandler()]  # it adds its own where it finds none
    log.propagate = True
    log.filters[:] = [_in_words]


def _in_words(record: logging.LogRecord) -> bool:
    """A database that is away or full is one line, in words, and no fault of anybody's: the job comes again."""
    error = record.exc_info[1] if record.exc_info else None
    if isinstance(error, sa.exc.DBAPIError):
        record.msg, record.args, record.exc_info = "the end of a job could not be written: %s", (explain(error),), None
        record.levelno, record.levelname = logging.WARNING, "WARNING"
    return True
