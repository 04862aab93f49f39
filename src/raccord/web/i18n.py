"""The language of the pages: `_()` in the templates, and French typography.

What `_()` gives is escaped like any other value: a sentence may hold what a stranger wrote in an invoice.
"""

import re

from jinja2 import Environment, pass_context
from jinja2.runtime import Context

from raccord import language as house
from raccord.language import LANGUAGES, catalogue

__all__ = ["LANGUAGES", "catalogue", "install", "spaced", "translate"]


def translate(language: str, sentence: str) -> str:
    """The sentence in that language; in French, with its non-breaking spaces."""
    said = house.translate(language, sentence)
    return spaced(said) if said is sentence else said


def spaced(sentence: str) -> str:
    """French typography: no line begins with a closing guillemet or a double punctuation."""
    return _AFTER.sub("«\u00a0", _BEFORE.sub("\u00a0\\1", sentence)) if " " in sentence else sentence


_AFTER = re.compile("« ")
_BEFORE = re.compile(" ([»:;?!])(?!/)")


def install(environment: Environment) -> None:
    """Teach the templates `_()`; the language comes from the variable `language` of the page."""

    @pass_context
    def gettext(context: Context, sentence: str) -> str:
        return translate(str(context.get("language", "fr")), sentence)

    environment.globals["_"] = gettext
