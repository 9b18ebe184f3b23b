import re
from importlib.util import find_spec

import pytest
from made_failures import failure
from typer.testing import CliRunner

from bestfix.surfaces.cli import app
from bestfix.surfaces.cli_train_fit import COMMANDS
from bestfix.train.record import Labelled, read_shards, write_shard
from bestfix.validate.sandbox import capabilities


@pytest.fixture
def people(tmp_path):
    path = tmp_path / "people.jsonl"
    path.write_text('{"id": "a", "code": "print(1", "fixed": ["print(1)"], "meta": {"family": 7}}\n')
    return path


@pytest.mark.skipif(not capabilities().full, reason="candidates cannot be run in confined children here")
def test_a_corpus_of_people_s_errors(people, tmp_path):
    out = tmp_path / "out"
    result = CliRunner().invoke(app, ["train", "corpus", str(out), "--packages", "none", "--human", str(people)])
    assert result.exit_code == 0, result.output
    [failure] = read_shards(Labelled, out)
    assert failure.group == "people/7"
    assert failure.labels[0].equals
    assert (out / COMMANDS).read_text() == "bestfix train corpus out --packages none --human people.jsonl\n"


def test_a_file_that_is_not_there_is_named(tmp_path):
    arguments = ["train", "corpus", str(tmp_path), "--packages", "none", "--sql", str(tmp_path / "no.jsonl")]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 2
    assert "no.jsonl" in re.sub(r"[\s│]+", "", result.output)


@pytest.mark.parametrize(
    ("folder", "option", "told"),
    [("no", "", "thereisno"), (".", "", "thereisnocandidate"), (".", "--compare=9", "has5parts")],
)
def test_a_language_model_is_not_begun_without_what_it_takes(tmp_path, folder, option, told):
    arguments = ["train", "language-model", str(tmp_path / folder), "--base", "none", *filter(None, [option])]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 2
    assert told in re.sub(r"[\s│]+", "", result.output)


@pytest.mark.skipif(find_spec("torch") is not None, reason="the packages of the extra `lm` are here")
def test_a_language_model_names_the_packages_that_it_lacks(tmp_path):
    write_shard(tmp_path / "0.jsonl.gz", [failure(1)])
    result = CliRunner().invoke(app, ["train", "language-model", str(tmp_path), "--base", "none"])
    assert result.exit_code == 1
    assert "pip install 'bestfix[lm]'" in result.output
