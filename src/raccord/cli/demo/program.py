"""A business program that talks to Raccord's REST API with its key."""

from typing import Any

import httpx2

from raccord.cli.demo.stage import StepFailed


class Program:
    """GET and POST on /api/v1; a problem becomes a failed step with its sentence."""

    def __init__(self, gateway: str, key: str) -> None:
        self.http = httpx2.Client(
            base_url=f"{gateway}/api/v1/", headers={"Authorization": f"Bearer {key}"}, timeout=60.0
        )

    def get(self, path: str, **query: Any) -> Any:
        """The JSON of an answer."""
        return self._read(self.http.get(path, params=query))

    def post(self, path: str, body: Any = None, **query: Any) -> Any:
        """The JSON of an answer to a JSON body."""
        return self._read(self.http.post(path, json=body, params=query))

    def deposit(self, name: str, data: bytes, **query: Any) -> Any:
        """Deposit a file."""
        headers = {"Idempotency-Key": name}
        return self._read(self.http.post("deposits", files={"file": (name, data)}, params=query, headers=headers))

    def bytes(self, path: str) -> bytes:
        """A document, byte for byte."""
        answer = self.http.get(path)
        self._refuse(answer)
        return answer.content

    def _read(self, answer: httpx2.Response) -> Any:
        self._refuse(answer)
        return answer.json() if answer.content else None

    @staticmethod
    def _refuse(answer: httpx2.Response) -> None:
        if answer.status_code >= 400:
            raise StepFailed(f"{answer.request.method} {answer.url} répond {answer.status_code} : {answer.text[:600]}")
