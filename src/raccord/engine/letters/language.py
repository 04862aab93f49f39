"""A letter in the language of whoever reads it: each line is looked up, its number or its dash kept."""

import re

from raccord.language import translate

_LINE = re.compile(r"^(\s*(?:\d+\. |- )?)(.*)$", re.DOTALL)


def in_language(text: str, language: str) -> str:
    """The letter, line by line; a line that nobody has translated stays in French."""
    return "\n".join(_line(line, language) for line in text.split("\n"))


def _line(line: str, language: str) -> str:
    found = _LINE.match(line)
    return found[1] + translate(language, found[2]) if found and found[2] else line
