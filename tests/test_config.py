"""Settings: defaults, file, environment, and what is refused."""

import pytest

from bestfix import Settings, SettingsError


@pytest.fixture
def config(tmp_path):
    def write(text):
        path = tmp_path / "bestfix.toml"
        path.write_text(text)
        return path

    return write


def test_defaults_without_a_file(tmp_path):
    assert Settings.load(tmp_path / "none.toml", {}) == Settings()


def test_environment_overrides_the_file(config):
    path = config('selector = "majority"\nk = 3\n')
    settings = Settings.load(path, {"BESTFIX_K": "7", "BESTFIX_AUTOMATIC": "off"})
    assert (settings.selector, settings.k, settings.automatic) == ("majority", 7, False)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("k = ", "bestfix.toml"),
        ("kk = 1", "no setting is called 'kk'"),
        ('k = "many"', "setting k: 'many'"),
        ("k = 0", "at least 1"),
        ("deadline = -1", "positive"),
        ("threshold = 2", "between 0 and 1"),
        ("automatic = 3", "setting automatic: 3"),
    ],
)
def test_a_bad_file_says_what_is_wrong(config, text, message):
    with pytest.raises(SettingsError, match=message):
        Settings.load(config(text), {})
