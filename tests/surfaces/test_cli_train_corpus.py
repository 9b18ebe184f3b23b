import re

import pytest
from typer.testing import CliRunner

from bestfix.surfaces.cli import app
from bestfix.surfaces.cli_train_fit import COMMANDS
from bestfix.train.record import Labelled, read_shards
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
