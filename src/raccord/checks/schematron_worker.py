"""One process that runs official rule sheets with SaxonC: ``python -m raccord.checks.schematron_worker``.

It speaks over its standard input and output, in frames: four bytes of length (big endian), then MessagePack.
A request is ``[names of sheets, XML text]``; the answer ``[[sheet, rule id, flag, location, text], ...]`` or
a string, the error. A process of its own, because SaxonC takes the whole process along when it dies, and does
not share threads well.

SaxonC is given no protocol: a file that names an entity, a document or a text elsewhere reads nothing. The
gate (lxml) has refused DOCTYPE before.
"""

from __future__ import annotations

import struct
import sys
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
from lxml import etree

from raccord.checks.sheets import code_lists, light_sheet

_SVRL = "{http://purl.oclc.org/dsdl/svrl}"
FLAG_DEFAULT = "fatal"


class Runner:
    """SaxonC and the sheets compiled so far, each once."""

    def __init__(self, rules_folder: Path | None) -> None:
        from saxonche import PySaxonProcessor

        self._saxon = PySaxonProcessor(license=False)
        self._saxon.set_configuration_property("http://saxon.sf.net/feature/allowedProtocols", "none")
        self._folder = rules_folder
        self._sheets: dict[str, Any] = {}

    def run(self, names: list[str], text: str) -> list[list[str]]:
        """The failed assertions of each sheet, in order."""
        document = self._saxon.parse_xml(xml_text=text)
        return [[name, *failure] for name in names for failure in self._failures(name, document)]

    def _failures(self, name: str, document: Any) -> list[list[str]]:
        report = self._sheet(name).transform_to_string(xdm_node=document)
        root = etree.fromstring(report.encode("utf-8"))
        return [_failure(element) for element in root.iter(f"{_SVRL}failed-assert", f"{_SVRL}successful-report")]

    def _sheet(self, name: str) -> Any:
        if name not in self._sheets:
            compiler = self._saxon.new_xslt30_processor()
            executable = compiler.compile_stylesheet(stylesheet_text=light_sheet(name, self._folder), encoding="UTF-8")
            codes = code_lists(name, self._folder)
            if codes:
                executable.set_parameter("codes", self._saxon.parse_xml(xml_text=codes))
            self._sheets[name] = executable
        return self._sheets[name]


def _failure(element: etree._Element) -> list[str]:
    text = " ".join(" ".join(str(part) for part in element.itertext()).split())
    return [element.get("id", ""), element.get("flag", FLAG_DEFAULT), element.get("location", ""), text]


def read_frame(stream: BinaryIO) -> bytes | None:
    """One frame; ``None`` at the end of the stream."""
    head = stream.read(4)
    if len(head) < 4:
        return None
    (length,) = struct.unpack(">I", head)
    body = stream.read(length)
    return body if len(body) == length else None


def write_frame(stream: BinaryIO, body: bytes) -> None:
    """Send one frame."""
    stream.write(struct.pack(">I", len(body)) + body)
    stream.flush()


def main(argv: list[str]) -> int:
    """Answer requests until the other side closes. The only argument, optional: the operator's folder of
    sheets.
    """
    incoming, outgoing = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # whatever a library prints must not spoil the frames
    runner = Runner(Path(argv[0]) if argv else None)
    while (body := read_frame(incoming)) is not None:
        names, text = msgspec.msgpack.decode(body, type=tuple[list[str], str])
        answer: list[list[str]] | str
        try:
            answer = runner.run(names, text)
        except Exception as error:  # one file that the sheets cannot bear must not cost the process: it is told instead
            answer = str(error) or type(error).__name__
        write_frame(outgoing, msgspec.msgpack.encode(answer))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
