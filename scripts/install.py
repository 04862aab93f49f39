"""Creates .venv and fills it from a locked, hashed list: `python3 scripts/install.py run|dev`.

Standard library only: it runs before anything is installed.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def stop(sentence: str) -> NoReturn:
    """Ends with a sentence that says what to do."""
    sys.exit(f"raccord: {sentence}")


def run(*command: str | Path) -> None:
    """Runs a command and stops when it fails."""
    done = subprocess.run([str(part) for part in command], cwd=ROOT, check=False)
    if done.returncode:
        stop(f"this step failed (exit code {done.returncode}): {' '.join(map(str, command))}")


def ensure_venv_module() -> None:
    """Debian cuts `ensurepip` out of Python: put it back with apt-get where we may, or say how."""
    try:
        import ensurepip  # noqa: F401
    except ImportError:
        if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
            run("apt-get", "update", "-qq")
            run("apt-get", "install", "-y", "-qq", "--no-install-recommends", "python3-venv")
        else:
            stop("Python's venv module is missing. On Debian: sudo apt install python3-venv, then run make again.")


def has_pip() -> bool:
    """Whether .venv is a finished virtual environment."""
    if not PYTHON.exists():
        return False
    return subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0


def create_venv() -> None:
    """A virtual environment with its own pip; an unfinished one is made anew."""
    if has_pip():
        return
    ensure_venv_module()
    print("raccord: creating the virtual environment .venv", flush=True)
    run(sys.executable, "-m", "venv", "--clear", VENV)


def install(kind: str) -> None:
    """Installs the locked list `kind`, then Raccord itself, and leaves a stamp for make."""
    print(f"raccord: installing the locked dependencies ({kind})", flush=True)
    pip = (PYTHON, "-m", "pip", "--disable-pip-version-check", "--quiet")
    run(*pip, "install", "--require-hashes", "-r", f"requirements/{kind}.txt")
    run(*pip, "install", "--no-deps", "--no-build-isolation", "-e", ".")
    for stamp in {"dev": ("dev", "run"), "run": ("run",)}[kind]:
        (VENV / f"{stamp}.stamp").touch()


def main() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036  # this line is what an older Python must be able to read
        stop(f"Python 3.11 or later is needed, this is {sys.version.split()[0]}. Try: make PYTHON=python3.11 …")
    if sys.argv[1:] not in (["run"], ["dev"]):
        stop("usage: scripts/install.py run|dev")
    create_venv()
    install(sys.argv[1])


if __name__ == "__main__":
    main()
