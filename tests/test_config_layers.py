"""Which of several places wins, and what an administrator has locked."""

import pytest

from bestfix import Settings, SettingsError
from bestfix.config_layers import in_force, site_files


@pytest.fixture
def site(tmp_path, monkeypatch):
    """Write the file of the site's configuration folder."""
    monkeypatch.setattr("platformdirs.site_config_path", lambda _: tmp_path)

    def write(text, name="bestfix.toml"):
        path = tmp_path / name
        path.write_text(text)
        return path

    return write


@pytest.fixture
def user(tmp_path):
    def write(text=""):
        path = tmp_path / "user.toml"
        path.write_text(text)
        return path

    return write


def test_without_locks_the_users_file_wins_over_the_sites(site, user):
    site("k = 3\nthreshold = 0.5\n[llm]\nk = 2\n")
    held = in_force(user("k = 4\n"), {"BESTFIX_LLM_K": "5"}, {"threshold": 0.9})
    assert held.settings == Settings.load(user("k = 4\nthreshold = 0.9\n[llm]\nk = 5"), {})
    assert not held.locked


def test_a_locked_setting_wins_over_all(site, user):
    file = site('locked = ["llm.model", "network", "k"]\nnetwork = false\n[llm]\nmodel = "ours"\n')
    path = user('network = true\nk = 3\n[llm]\nmodel = "mine"\nk = 2\n')
    held = in_force(path, {"BESTFIX_NETWORK": "on", "BESTFIX_LLM_MODEL": "x"}, {"llm.model": "y", "k": 9})
    assert (held.settings.network, held.settings.llm.model, held.settings.k) == (False, "ours", Settings().k)
    assert held.settings.llm.k == 2
    assert held.locked == {"llm.model": file, "network": file, "k": file}
    assert held.flat()["llm.model"] == "ours"


def test_a_table_is_locked_by_its_name(site, user):
    site('locked = ["llm"]\n')
    held = in_force(user(), {"BESTFIX_LLM_MODEL": "x"})
    assert held.settings.llm == Settings().llm
    assert "llm.privacy" in held.locked
    assert "k" not in held.locked


def test_the_locks_of_the_site_come_before_those_of_the_file_that_a_variable_names(site, user):
    first = site('locked = ["k"]\nk = 3\n')
    second = site('locked = ["k", "threshold"]\nk = 4\nthreshold = 0.5\n', "other.toml")
    environ = {"BESTFIX_SITE_CONFIG": str(second)}
    held = in_force(user(), environ)
    assert site_files(environ) == (first, second)
    assert (held.settings.k, held.settings.threshold) == (3, 0.5)
    assert held.locked == {"k": first, "threshold": second}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('locked = ["llm.modl"]', r"bestfix.toml: locked names 'llm.modl'; there are selector, "),
        ('locked = "network"', r"locked must be a list of names"),
        ("k = 0", "at least 1"),
        ("kk = 1", "no setting is called 'kk'"),
    ],
)
def test_a_bad_site_file_says_what_is_wrong(site, user, text, message):
    site(text)
    with pytest.raises(SettingsError, match=message):
        in_force(user(), {})


def test_a_site_file_that_is_named_and_missing_is_told(user):
    with pytest.raises(SettingsError, match=r"BESTFIX_SITE_CONFIG names /nowhere\.toml, and there is no such file"):
        in_force(user(), {"BESTFIX_SITE_CONFIG": "/nowhere.toml"})


def test_what_a_front_end_asks_for_is_checked(user):
    with pytest.raises(SettingsError, match="the front end: no setting is called 'nonsense'"):
        in_force(user(), {}, {"nonsense": 1})
    with pytest.raises(SettingsError, match="threshold must lie between"):
        in_force(user(), {}, {"threshold": 3})


def test_nobody_but_the_site_can_lock(user):
    with pytest.raises(SettingsError, match="no setting is called 'locked'"):
        in_force(user('locked = ["k"]'), {})
