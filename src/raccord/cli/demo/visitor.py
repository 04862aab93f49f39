"""A person at a browser without JavaScript: opens pages, fills their forms as they stand, reads what they say."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin

import httpx2
from lxml import html

from raccord.cli.demo.stage import StepFailed


class Visitor:
    """Follows redirections, keeps cookies, sends every hidden field of the form that it fills."""

    def __init__(self, base: str, *, strict: bool = True) -> None:
        """`strict`: a page of refusal raises `StepFailed`; otherwise its `status` tells."""
        self.base = base.rstrip("/") + "/"
        self.strict, self.status = strict, 0
        self.http = httpx2.Client(follow_redirects=True, timeout=60.0)
        self.address = self.base
        self.page: Any = None
        self.text = ""

    def open(self, path: str) -> "Visitor":
        """Open a page of this site."""
        return self._see(self.http.get(urljoin(self.base, path.lstrip("/"))))

    def _see(self, answer: httpx2.Response) -> "Visitor":
        self.address = str(answer.url)
        self.text, self.status = answer.text, answer.status_code
        is_page = answer.headers.get("content-type", "").startswith("text/html") and answer.content
        self.page = html.fromstring(answer.content.decode("utf-8")) if is_page else None
        if self.strict and answer.status_code >= 400:
            raise StepFailed(f"{self.address} répond {answer.status_code} : {self.said()}")
        return self

    def send(
        self, action: str, press: tuple[str, str] | None = None, files: Mapping[str, Any] | None = None, **fields: Any
    ) -> "Visitor":
        """Fill the form whose action ends with `action`, press its button, and see the page that follows."""
        form = self._form(action)
        values = {name: value for name, value in form.form_values() if name not in fields}
        values |= fields | ({press[0]: press[1]} if press else {})
        target = urljoin(self.address, form.get("action") or self.address)
        if form.get("enctype") == "multipart/form-data":
            parts = [(name, (None, one)) for name, value in values.items() for one in _listed(value)]
            return self._see(self.http.post(target, files=[*parts, *(files or {}).items()]))
        return self._see(self.http.post(target, data=values))

    def _form(self, action: str) -> Any:
        for form in self.page.forms:
            if (form.get("action") or "").split("?")[0].endswith(action):
                return form
        raise StepFailed(f"Pas de formulaire « {action} » sur {self.address} : {self.said()}")

    def read(self, css_id: str) -> str:
        """The text of the element of that id."""
        found = self.page.get_element_by_id(css_id, None)
        if found is None:
            raise StepFailed(f"Rien ne s’appelle « {css_id} » sur {self.address} : {self.said()}")
        return str(found.text_content())

    def said(self) -> str:
        """What the page says, in short."""
        if self.page is None:
            return ""
        spoken = self.page.xpath("//*[@role='alert' or contains(@class,'error') or contains(@class,'say')]")
        return " ".join(" ".join(element.text_content().split()) for element in spoken)[:400]


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]
