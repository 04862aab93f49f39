"""Two test workers begin on a machine without a browser: one installs it, the other waits, and both find it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "chromium.py"
APT = """#!/bin/sh
echo "$1" >> "{folder}/asked"
if [ "$1" = install ]; then
    : > "{folder}/chromium"
    /bin/chmod +x "{folder}/chromium"
    /bin/sleep 0.5
    echo whole > "{folder}/chromium"
fi
"""


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root installs")
@pytest.mark.skipif(not Path("/bin/chmod").is_file(), reason="apt-get is Debian's")
def test_one_installs_and_the_other_waits(tmp_path: Path) -> None:
    apt = tmp_path / "apt-get"
    apt.write_text(APT.format(folder=tmp_path))
    apt.chmod(0o755)
    bare = {"PATH": str(tmp_path), "TMPDIR": str(tmp_path)}
    workers = [
        subprocess.Popen([sys.executable, str(SCRIPT)], env=bare, stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    found = [worker.communicate(timeout=120)[0].strip() for worker in workers]
    assert found == [str(tmp_path / "chromium")] * 3
    assert (tmp_path / "asked").read_text().split() == ["update", "install"]
    assert (tmp_path / "chromium").read_text() == "whole\n"
