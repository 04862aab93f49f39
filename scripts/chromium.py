"""Find a Chromium for the browser tests, or install Debian's.

Prints the path of the executable on standard output; exit code 1 with one sentence on standard error when
there is none. The browser fixture of `tests/conftest.py` calls `find_or_install()` and skips, with that
sentence, when it fails. Order: the variable RACCORD_CHROMIUM, the usual names on the PATH, then
`apt-get install chromium` where apt-get exists and we are root.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

VARIABLE = "RACCORD_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")

# Headless on a bench: no sandbox because containers refuse it, and no call home of any kind.
ARGUMENTS = (
    "--no-sandbox",
    "--headless=new",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


class NoChromiumError(Exception):
    """No browser here; the text says why and what to do."""


def find() -> str | None:
    """The path of an installed Chromium or Chrome, None without one.

    Raises `NoChromiumError` when RACCORD_CHROMIUM names a file that is not there: a wish is never ignored.
    """
    wished = os.environ.get(VARIABLE)
    if wished:
        if Path(wished).is_file():
            return wished
        raise NoChromiumError(f"{VARIABLE} désigne {wished}, qui n’existe pas : corrigez cette variable.")
    for name in NAMES:
        if path := shutil.which(name):
            return path
    return str(MAC) if MAC.is_file() else None


def install() -> None:
    """Install Debian's `chromium` package. Raises `NoChromiumError` when it cannot be done here."""
    apt = shutil.which("apt-get")
    if apt is None or not hasattr(os, "geteuid") or os.geteuid() != 0:
        raise NoChromiumError(f"Aucun Chromium sur cette machine : installez-le, ou donnez son chemin dans {VARIABLE}.")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in (["update", "-q"], ["install", "-y", "-q", "--no-install-recommends", "chromium"]):
        done = subprocess.run([apt, *step], env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            said = (done.stderr or done.stdout).strip().splitlines()
            raise NoChromiumError(f"apt-get {step[0]} a échoué : {said[-1] if said else 'sans message'}")


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Of the test workers of a machine, one installs; the others wait, and never start a browser half unpacked."""
    if sys.platform == "win32":  # nothing is installed there
        yield
        return
    import fcntl

    with (Path(tempfile.gettempdir()) / "raccord-chromium.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # let go with the file
        yield


def find_or_install() -> str:
    """The path of a browser that can be started. Raises `NoChromiumError`."""
    with _one_at_a_time():
        path = find()
        if path is None:
            install()
            path = find()
    if path is None:
        raise NoChromiumError("apt-get a installé chromium, mais le programme reste introuvable.")
    return path


def main() -> int:
    try:
        print(find_or_install())
    except NoChromiumError as failure:
        print(failure, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
