"""French is the language of the pages; a catalogue gives another language, sentence by sentence.

A sentence without translation stays in French: nothing is ever blank. The catalogues are read once at the first use.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po
from jinja2 import Environment, pass_context
from jinja2.runtime import Context

LANGUAGES = {"fr": "Français", "en": "English"}
_CATALOGUES = Path(__file__).parent / "locale"


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """The translations of one language; empty for French and for a language that nobody has written."""
    path = _CATALOGUES / f"{language}.po"
    if language not in LANGUAGES or not path.exists():
        return {}
    with path.open("rb") as file:
        return {str(entry.id): str(entry.string) for entry in read_po(file) if entry.id and entry.string}


def translate(language: str, sentence: str) -> str:
    """The sentence in that language, or in French with its non-breaking spaces."""
    return catalogue(language).get(sentence) or spaced(sentence)


def spaced(sentence: str) -> str:
    """French typography: no line begins with a closing guillemet or a double punctuation."""
    return _AFTER.sub("«\u00a0", _BEFORE.sub("\u00a0\\1", sentence)) if " " in sentence else sentence


_AFTER = re.compile("« ")
_BEFORE = re.compile(" ([»:;?!])(?!/)")


def install(environment: Environment) -> None:
    """Teach the templates `_()` and `{% trans %}`; the language comes from the variable `language` of the page."""

    @pass_context
    def gettext(context: Context, sentence: str) -> str:
        return translate(str(context.get("language", "fr")), sentence)

    @pass_context
    def ngettext(context: Context, one: str, many: str, count: int) -> str:
        return gettext(context, one if count < 2 else many)

    extension: Any = environment
    extension.install_gettext_callables(gettext, ngettext, newstyle=True)
