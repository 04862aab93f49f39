"""The wheel, installed elsewhere, holds all that the simulator needs; pytest finds its plugin by itself."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NEEDED = (
    "chorus_simulator/COVERAGE.md",
    "chorus_simulator/py.typed",
    "chorus_simulator/portal/templates/base.html",
    "chorus_simulator/portal/static/portail.css",
    "chorus_simulator/control/templates/room.html",
)
TEST = """
def test_it_is_there(chorus_simulator):
    import chorus_simulator as package
    import urllib.request
    assert {here!r} in package.__file__
    for page in (chorus_simulator.portal_url, chorus_simulator.control_url):
        assert "Simulateur de Chorus Pro" in urllib.request.urlopen(page).read().decode()
    chorus_simulator.control.expire(chorus_simulator.account("45251785100010")["login"])
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("paquet")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    ended = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    if "No module named hatchling" in ended.stderr:
        pytest.skip("pas de hatchling dans cet environnement")
    assert ended.returncode == 0, ended.stderr
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_its_pages(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert set(NEEDED) <= names


def test_a_fresh_project_gets_the_fixture(wheel, tmp_path):
    """Unpacked in a folder of its own, which comes first on the path: nothing is taken from this checkout."""
    site, project = tmp_path / "site", tmp_path / "projet"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    project.mkdir()
    (project / "test_elsewhere.py").write_text(TEST.format(here=str(site)))
    environment = {**os.environ, "PYTHONPATH": str(site)}
    environment.pop("PYTEST_ADDOPTS", None)
    run = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(project), str(project)]
    ended = subprocess.run(run, cwd=project, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "1 passed" in ended.stdout
