"""What a model said is recorded, and said again without asking."""

import asyncio
import json
from dataclasses import replace

import pytest

from bestfix.config import LLM
from bestfix.core import Deadline
from bestfix.generate.llm.cassette import Cassette, CassetteError, RecordedError, key_of, recorded, recorded_with
from bestfix.generate.llm.errors import EmptyAnswerError, NetworkForbiddenError
from bestfix.generate.llm.messages import Completion, Request

QUESTION = Request("direct", "m-1", "Fix it.", "x = oops — ∑\n", prediction="x")
ANSWER = Completion(("x = 1\n", "é"), (True, False), (-0.25, None), "m-1", "req", 5, 7, 0.5)


class Scripted:
    """Answers as it is told to."""

    def __init__(self, outcome):
        self.outcome, self.asked = outcome, 0

    async def complete(self, request, deadline):
        self.asked += 1
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome


@pytest.fixture
def path(tmp_path):
    """Where the cassette is; what was read of another is forgotten."""
    recorded.cache_clear()
    return tmp_path / "cassette.jsonl"


def ask(path, outcome, request=QUESTION, llm=None):
    model = Scripted(outcome)
    cassette = Cassette(path, llm or LLM("m-1"), model)
    return asyncio.run(cassette.complete(request, Deadline.after(5))), model.asked


def test_an_answer_is_recorded_and_given_again(path):
    assert ask(path, ANSWER) == (ANSWER, 1)
    assert ask(path, ANSWER) == (ANSWER, 1)
    recorded.cache_clear()
    assert ask(path, EmptyAnswerError("not to be asked")) == (ANSWER, 0)


def test_another_question_is_asked(path):
    ask(path, ANSWER)
    recorded.cache_clear()
    assert ask(path, ANSWER, replace(QUESTION, temperature=0.8))[1] == 1


def test_the_file_holds_the_settings_and_the_question_and_nothing_secret(path):
    llm = LLM("m-1", base_url="http://secret-host/v1", api_key_env="MY_SECRET", strategies=("direct",), k=3)
    ask(path, ANSWER, llm=llm)
    head, line = [json.loads(text) for text in path.read_text(encoding="utf-8").splitlines()]
    assert head["llm"]["strategies"] == ["direct"]
    assert line["key"] == key_of(QUESTION)
    assert line["request"]["user"] == QUESTION.user
    assert "secret" not in path.read_text().lower()
    told = recorded_with(path, LLM("another", base_url="http://here/v1"))
    assert (told.model, told.k, told.strategies, told.base_url) == ("m-1", 3, ("direct",), "http://here/v1")


def test_a_failure_is_recorded_and_comes_again_where_nobody_can_be_asked(path):
    with pytest.raises(EmptyAnswerError):
        ask(path, EmptyAnswerError("no text"))
    recorded.cache_clear()
    with pytest.raises(RecordedError, match="EmptyAnswerError: no text"):
        ask(path, NetworkForbiddenError("forbidden"))
    assert ask(path, ANSWER) == (ANSWER, 1)
    recorded.cache_clear()
    assert ask(path, NetworkForbiddenError("forbidden"))[0] == ANSWER


def test_what_is_not_on_file_cannot_be_had_without_a_network(path):
    with pytest.raises(NetworkForbiddenError):
        ask(path, NetworkForbiddenError("forbidden"))
    assert not path.exists()


@pytest.mark.parametrize(
    "text", ["no json", "[]", '{"format": 2, "llm": {}}', '{"key": "a"}', '{"key": "a", "completion": {}}']
)
def test_a_file_that_is_none_is_refused_with_its_line(path, text):
    path.write_text(text)
    with pytest.raises(CassetteError, match=r"cassette\.jsonl:1: "):
        (recorded_with(path, LLM()), recorded(path))
