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
        ("llm = 3", r"llm must be a table"),
        ("[log]\ndays = -1", r"log.days must not be negative"),
        ("[log]\nurl = 'mysql://host/db'", r"log.url must start with postgresql"),
        ("[log]\nurl = 'postgresql://host/db'\npath = 'events.db'", r"log.url and log.path are both set"),
        ("[llm]\nmodl = 'm'", r"no setting is called 'llm.modl'"),
        ("[llm]\nk = 0", r"llm.k must be at least 1"),
        ("[llm]\ndeadline = 0", r"llm.deadline must be a positive"),
        ("[llm]\nprivacy = 'all'", r"llm.privacy must be one of schema-only, with-values"),
        ("[llm]\nprovider = 'x'", r"llm.provider must be one of"),
        ("[llm]\nbase_url = 'localhost'", r"llm.base_url must start with http"),
        ("[llm]\nstrategies = 3", r"setting llm.strategies: 3"),
        ("[llm]\nmodels = ['direct']", r"setting llm.models"),
    ],
)
def test_a_bad_file_says_what_is_wrong(config, text, message):
    with pytest.raises(SettingsError, match=message):
        Settings.load(config(text), {})


def test_the_language_model_is_a_table_and_a_prefix(config):
    path = config('network = true\n[llm]\nmodel = "a"\nk = 3\n[llm.models]\ndirect = "small"\n')
    settings = Settings.load(path, {"BESTFIX_LLM_MODEL": "b", "BESTFIX_LLM_STRATEGIES": "direct, sampled"})
    assert settings.asks_model
    assert (settings.llm.model, settings.llm.k, settings.llm.models) == ("b", 3, {"direct": "small"})
    assert settings.llm.strategies == ("direct", "sampled")
    pairs = Settings.load(path, {"BESTFIX_LLM_MODELS": "direct=x, sampled = y"})
    assert pairs.llm.models == {"direct": "x", "sampled": "y"}


def test_no_model_is_asked_without_a_name_or_without_a_network(config):
    assert not Settings().asks_model
    assert not Settings.load(config('network = false\n[llm]\nmodel = "a"\n'), {}).asks_model
