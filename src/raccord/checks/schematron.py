"""The official rule sheets, in a pool of worker processes: the authority behind the native rules.

``Schematron`` is opened once, shared by threads, and closed. A worker that dies, or outlives its time limit,
is replaced and the invoice is told « not judged » (CP-OFF-01), never « right ». After ``jobs_per_worker``
invoices a worker is renewed.
"""

from __future__ import annotations

import os
import queue
import re
import select
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path

import msgspec
from lxml import etree

from raccord.checks.context import Channel
from raccord.checks.inspect import OfficialAnswer
from raccord.checks.official_sentences import french_sentence
from raccord.checks.sheets import sheet_version, sheets_for
from raccord.domain.faults import Fault, Severity
from raccord.formats import xml
from raccord.formats.detect import Syntax
from raccord.formats.profiles import Profile

_BINARY = ("AttachmentBinaryObject", "EmbeddedDocumentBinaryObject")
_STUB_ABOVE = 1_000
_PREFIX = re.compile(r"\[(?P<id>[A-Za-z0-9\-_]+)\]\s*-?\s*")
_BT = re.compile(r"\b(B[TG]-\d+)")
_ADVICE_FOR_CHORUS = re.compile(r"FX-unused-node|CII-DT-|PEPPOL-EN16931-R008|BR-CL-24")
"""Advice in Chorus Pro's own channel: rules about the form of the file, which it does not look at, and the list of
attachment types (BR-CL-24), where it takes 35 extensions."""


class WorkerDied(RuntimeError):
    """The process ended, or did not answer in time."""


class _Worker:
    """One process and the pipe to it. Not shared: the pool hands it to one thread at a time."""

    def __init__(self, rules_folder: Path | None) -> None:
        command = [sys.executable, "-m", "raccord.checks.schematron_worker"]
        self._process = subprocess.Popen(  # noqa: S603  our own module, no outside text
            [*command, str(rules_folder)] if rules_folder else command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self.jobs = 0

    def ask(self, names: tuple[str, ...], text: str, seconds: float) -> list[list[str]] | str:
        """The worker's answer. Raises :class:`WorkerDied`."""
        self.jobs += 1
        body = msgspec.msgpack.encode([names, text])
        deadline = time.monotonic() + seconds
        try:
            stdin = self._process.stdin
            if stdin is None:
                raise WorkerDied("no pipe")
            stdin.write(struct.pack(">I", len(body)) + body)
            stdin.flush()
            (length,) = struct.unpack(">I", self._read(4, deadline))
            return msgspec.msgpack.decode(self._read(length, deadline), type=list[list[str]] | str)
        except (OSError, struct.error, msgspec.DecodeError) as error:
            raise WorkerDied(str(error)) from error

    def _read(self, count: int, deadline: float) -> bytes:
        stdout = self._process.stdout
        if stdout is None:
            raise WorkerDied("no pipe")
        parts: list[bytes] = []
        while count > 0:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([stdout], [], [], left)[0]:
                raise WorkerDied("no answer in time")
            part = os.read(stdout.fileno(), min(count, 1 << 20))
            if not part:
                raise WorkerDied("the process ended")
            parts.append(part)
            count -= len(part)
        return b"".join(parts)

    def stop(self) -> None:
        """End the process and wait for it."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        self._process.kill()
        self._process.wait()


class Schematron:
    """A pool of workers. ``with Schematron(workers=2) as official: check(..., official=official)``.

    ``seconds_base`` and ``seconds_per_megabyte`` bound one invoice; the first one of a worker also waits for
    the compilation.
    """

    def __init__(
        self,
        workers: int = 1,
        *,
        rules_folder: Path | None = None,
        jobs_per_worker: int = 10_000,
        seconds_base: float = 20.0,
        seconds_per_megabyte: float = 10.0,
    ) -> None:
        self._folder = rules_folder
        self._jobs_per_worker = jobs_per_worker
        self._seconds_base = seconds_base
        self._seconds_per_megabyte = seconds_per_megabyte
        self._idle: queue.LifoQueue[_Worker | None] = queue.LifoQueue()
        self._all: set[_Worker] = set()
        self._lock = threading.Lock()
        for _ in range(workers):
            self._idle.put(None)  # a place; its process starts when first needed

    def __enter__(self) -> Schematron:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End every process."""
        with self._lock:
            workers, self._all = self._all, set()
        for worker in workers:
            worker.stop()

    def warm(self) -> None:
        """Start a worker now, so that the first invoice does not wait for it."""
        worker = self._take()
        self._idle.put(worker)

    def check(self, root: xml.Element, syntax: Syntax, profile: Profile, channel: Channel) -> OfficialAnswer:
        """The faults of the sheets that apply to ``root``, an XML that passed its schema."""
        names = sheets_for(syntax, profile, channel)
        text = _text_without_binaries(root)
        answer = self._ask(names, text)
        if isinstance(answer, str):
            return OfficialAnswer((not_judged(answer),), ())
        own_profile = syntax.is_ubl or profile.is_facturx or profile is Profile.EXTENDED_CTC_FR
        faults = (_as_fault(entry, channel, own_profile, self._version(entry[0])) for entry in answer)
        return OfficialAnswer(_without_repeats(faults), tuple((name, self._version(name)) for name in names))

    def _version(self, name: str) -> str:
        return _cached_version(name, self._folder)

    def _ask(self, names: tuple[str, ...], text: str) -> list[list[str]] | str:
        """Ask twice when a worker dies: once may be its age, twice is the invoice."""
        seconds = self._seconds_base + len(text) / 1_000_000 * self._seconds_per_megabyte
        reason = ""
        for _ in range(2):
            worker = self._take()
            try:
                answer = worker.ask(names, text, seconds)
            except WorkerDied as error:
                reason = str(error)
                self._discard(worker)
                continue
            self._give_back(worker)
            return answer
        return reason or "worker died"

    def _take(self) -> _Worker:
        worker = self._idle.get()
        if worker is not None:
            return worker
        try:
            worker = _Worker(self._folder)
        except OSError:
            self._idle.put(None)
            raise
        with self._lock:
            self._all.add(worker)
        return worker

    def _give_back(self, worker: _Worker) -> None:
        if worker.jobs >= self._jobs_per_worker:
            self._discard(worker)
        else:
            self._idle.put(worker)

    def _discard(self, worker: _Worker) -> None:
        with self._lock:
            self._all.discard(worker)
        worker.stop()
        self._idle.put(None)


@cache
def _cached_version(name: str, folder: Path | None) -> str:
    return sheet_version(name, folder)


def _text_without_binaries(root: xml.Element) -> str:
    """The XML as text, attachments replaced by a stub: 20 MB of base64 would cost Saxon a second and 460 MB
    per sheet.
    """
    held = [
        (element, element.text)
        for name in _BINARY
        for element in root.iter(f"{{*}}{name}")
        if element.text and len(element.text) > _STUB_ABOVE
    ]
    try:
        for element, _ in held:
            element.text = "QUFBQQ=="
        return etree.tostring(root, encoding="unicode")
    finally:
        for element, content in held:
            element.text = content


def _as_fault(entry: list[str], channel: Channel, own_profile: bool, version: str) -> Fault:
    sheet, identifier, flag, location, text = entry
    code, words = _code_and_words(identifier, text)
    bt = _BT.search(text)
    return Fault(
        code=code,
        severity=_severity(code, flag, channel, own_profile),
        path=_readable(location),
        sentence=french_sentence(code, words),
        cure="Corrigez l’élément indiqué dans votre logiciel ; l’énoncé complet de la règle est public.",
        rule_set=sheet,
        rule_version=version,
        sentence_en=words[:500],
        bt=bt.group(1) if bt else "",
    )


def _code_and_words(identifier: str, text: str) -> tuple[str, str]:
    """The norm's own code where the sheet quotes it (``[BR-CO-10]-``), else the sheet's; without either, an
    unused node.
    """
    found = _PREFIX.match(text)
    if found and (not identifier or identifier.startswith("FX-SCH-")):
        return found.group("id"), text[found.end() :]
    return identifier or "FX-unused-node", text[found.end() :] if found else text


def _severity(code: str, flag: str, channel: Channel, own_profile: bool) -> Severity:
    if flag in ("warning", "information", "info"):
        return Severity.WARNING
    if channel is Channel.HISTORIC and _ADVICE_FOR_CHORUS.match(code):
        return Severity.WARNING
    if not own_profile and code.startswith(("FX-", "CII-")):
        return Severity.WARNING  # a rule of form of Factur-X asked of a file that does not claim to be one
    return Severity.ERROR


def _readable(location: str) -> str:
    """``/*:Invoice[namespace-uri()='...'][1]/*:ID[...]`` -> ``/Invoice[1]/ID[1]``."""
    bare = re.sub(r"\[namespace-uri\(\)='[^']*'\]|\*:|[A-Za-z]+:(?=[A-Z])", "", location)
    return bare[:300]


def _without_repeats(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """One fault per code and place."""
    seen: dict[tuple[str, str], Fault] = {}
    for fault in faults:
        seen.setdefault((fault.code, fault.path), fault)
    return tuple(seen.values())


def not_judged(reason: str) -> Fault:
    """The warning that the official rules have not spoken, never that they agree."""
    return Fault(
        code="CP-OFF-01",
        severity=Severity.WARNING,
        path="",
        sentence="Les règles officielles n’ont pas pu être appliquées à cette facture : "
        "seuls nos propres contrôles ont parlé.",
        cure="Rien à corriger dans la facture ; signalez-le à la personne qui administre Raccord si cela se répète.",
        rule_set="raccord",
        sentence_en=f"The official rule sheets could not be run: {reason[:200]}",
    )
