"""The settings are read once; a bad value stops the start with a sentence that names the variable."""

from pathlib import Path

import pytest

from raccord.domain.errors import Misconfigured
from raccord.settings import describe, load_settings, reference_page, with_port

ROOT = Path(__file__).parents[3]


def test_defaults_need_no_environment():
    settings = load_settings({}, None)
    assert settings.port == 8090
    assert settings.data_dir == Path("var")
    assert settings.database_url == "sqlite:///var/raccord.sqlite"
    assert settings.master_key_file == Path("var/raccord.key")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RACCORD_PORT", "beaucoup"),
        ("RACCORD_PORT", "70000"),
        ("RACCORD_RATE_PER_SECOND", "-1"),
        ("RACCORD_LOG_LEVEL", "bavard"),
        ("RACCORD_PRODUCTION", "peut-être"),
        ("RACCORD_DATABASE_URL", "mysql://x"),
        ("RACCORD_PUBLIC_URL", "exemple.fr/raccord"),
        ("RACCORD_TRUSTED_PROXIES", "mandataire.exemple.fr"),
        ("RACCORD_TRUSTED_PROXIES", "*"),
        ("RACCORD_TRUSTED_PROXIES", "10.0.0.1, 0.0.0.0/0"),
    ],
)
def test_a_bad_value_is_refused_by_name(name: str, value: str):
    with pytest.raises(Misconfigured) as refusal:
        load_settings({name: value}, None)
    assert name in refusal.value.sentence
    assert value in refusal.value.sentence
    assert refusal.value.cure


def test_a_misspelt_name_is_refused_and_the_right_one_told():
    with pytest.raises(Misconfigured, match="RACCORD_DATABASE_URL"):
        load_settings({"RACCORD_DATABSE_URL": "sqlite:///x"}, None)


def test_the_environment_wins_over_the_file(tmp_path: Path):
    env_file = tmp_path / ".env"
    env_file.write_text('# réglages\nRACCORD_PORT=9001\nexport RACCORD_HOST="0.0.0.0"\n', encoding="utf-8")
    settings = load_settings({"RACCORD_PORT": "9002"}, env_file)
    assert (settings.port, settings.host) == (9002, "0.0.0.0")
    assert settings.sources["port"] == "environnement"
    assert settings.sources["host"] == "fichier .env"


def test_a_secret_may_lie_in_a_file(tmp_path: Path):
    (tmp_path / "smtp").write_text("  mot de passe )[:  \n", encoding="utf-8")
    settings = load_settings({"RACCORD_SMTP_PASSWORD_FILE": str(tmp_path / "smtp")}, None)
    assert settings.smtp_password is not None
    assert settings.smtp_password.reveal() == "  mot de passe )[:  "


def test_an_unreadable_secret_file_stops_the_start(tmp_path: Path):
    with pytest.raises(Misconfigured, match="RACCORD_SMTP_PASSWORD_FILE"):
        load_settings({"RACCORD_SMTP_PASSWORD_FILE": str(tmp_path / "absent")}, None)


def test_nothing_shown_holds_a_secret():
    settings = load_settings(
        {
            "RACCORD_SMTP_PASSWORD": "tres-secret",
            "RACCORD_DATABASE_URL": "postgresql://raccord:tres-secret@base/raccord",
            "RACCORD_PROXY_URL": "http://moi:tres-secret@proxy:3128",
        },
        None,
    )
    assert "tres-secret" not in repr(settings) + str(settings) + repr(describe(settings))
    shown = {line.name: line.value for line in describe(settings)}
    assert shown["RACCORD_SMTP_PASSWORD"] == "••••"
    assert shown["RACCORD_DATABASE_URL"] == "postgresql://raccord:••••@base/raccord"


def test_a_refusal_does_not_tell_the_password_of_an_address():
    with pytest.raises(Misconfigured) as refusal:
        load_settings({"RACCORD_DATABASE_URL": "mysql://raccord:tres-secret@base/raccord"}, None)
    assert "tres-secret" not in str(refusal.value)


def test_a_port_found_at_start_enters_the_links():
    settings = load_settings({"RACCORD_PORT": "0"}, None)
    assert with_port(settings, 41234).public_url == "http://127.0.0.1:41234"
    told = load_settings({"RACCORD_PUBLIC_URL": "https://raccord.exemple.fr"}, None)
    assert with_port(told, 41234).public_url == "https://raccord.exemple.fr"


def test_the_reference_page_is_fresh():
    page = ROOT / "docs" / "reference" / "parametres.md"
    assert page.read_text(encoding="utf-8") == reference_page(), "lancez scripts/reference_settings.py"
