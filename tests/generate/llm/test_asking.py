"""All strategies ask at once; their answers arrive as candidates, and nothing is left behind."""

import threading
import time

import pytest
from plain_strategies import Plain, use
from scripted_endpoint import never, says, slow, status

from bestfix.core import Deadline, EmptyContext, ErrorInfo, Language, Report, Source
from bestfix.generate.llm.asking import Asking
from bestfix.generate.llm.connections import connections

SOURCE = Source("<cell>", "x = oops\n")
REPORT = Report(Language.PYTHON, SOURCE, ErrorInfo("NameError", "name 'oops' is not defined"))


def begun(settings, seconds=5.0):
    return Asking.begun(settings, REPORT, EmptyContext(), Deadline.after(seconds))


def everything(asking):
    found = []
    with asking:
        while asking.awaited:
            found += asking.arrived(5.0)
    return found


def test_every_strategy_asks_and_its_candidates_carry_its_name(endpoint, monkeypatch):
    use(monkeypatch, [Plain("direct"), Plain("other")])
    endpoint.script = says("x = 1\n")
    asking = begun(endpoint.settings())
    found = everything(asking)
    assert sorted(c.proposer for c in found) == ["llm.direct", "llm.other"]
    assert {c.model for c in found} == {"m-1"}
    assert all(c.patch.apply(SOURCE.text) == "x = 1\n" and c.evidence["tokens"] == 7 for c in found)
    assert [(a.answers, a.usable, a.prompt_tokens, a.failure) for a in asking.asked] == [(1, 1, 5, "")] * 2


def test_one_that_samples_gets_the_answers_that_the_others_leave(endpoint, monkeypatch):
    use(monkeypatch, [Plain("direct"), Plain("sampled", samples=True), Plain("other")])
    endpoint.script = says("x = 1\n", "x = 2\n", "x = 3\n")
    everything(begun(endpoint.settings(k=5)))
    assert sorted(body.get("n", 1) for body in endpoint.bodies) == [1, 1, 3]


def test_no_more_answers_are_asked_for_than_wanted(endpoint, monkeypatch):
    use(monkeypatch, [Plain(str(number)) for number in range(6)])
    endpoint.script = says("x = 1\n")
    everything(begun(endpoint.settings(k=2)))
    assert len(endpoint.requests) == 2


def test_a_strategy_has_a_model_of_its_own(endpoint, monkeypatch):
    use(monkeypatch, [Plain("direct"), Plain("other")])
    everything(begun(endpoint.settings(models={"other": "m-2"})))
    assert sorted(body["model"] for body in endpoint.bodies) == ["m-1", "m-2"]


def test_what_goes_wrong_is_a_failure_of_its_strategy(endpoint, monkeypatch):
    class Broken(Plain):
        def request(self, briefing, options):
            raise RuntimeError("a bug")

    use(monkeypatch, [Plain("direct"), Broken("broken"), Plain("other")])
    endpoint.script = [says("sorry, no"), status(401)]
    asking = begun(endpoint.settings())
    assert everything(asking) == []
    assert sorted(f.error.partition(":")[0] for f in asking.failures) == [
        "AnswerError",
        "KeyRefusedError",
        "RuntimeError",
    ]
    assert {f.where for f in asking.failures} == {"llm.direct", "llm.broken", "llm.other"}
    assert sorted(bool(a.failure) for a in asking.asked) == [False, True]


def test_what_arrives_first_does_not_wait_for_the_rest(endpoint, monkeypatch):
    use(monkeypatch, [Plain("a"), Plain("b")])
    endpoint.script = [says("x = 1\n"), slow(3, says("x = 2\n"))]
    with begun(endpoint.settings()) as asking:
        started = time.monotonic()
        found = asking.arrived(5.0)
        assert time.monotonic() - started < 2
        assert len(found) == 1
        assert asking.awaited == 1
        assert asking.arrived(0) == []


def test_leaving_closes_the_requests_and_leaves_nothing_behind(endpoint, monkeypatch):
    use(monkeypatch, [Plain(str(number)) for number in range(4)])
    endpoint.script = never()
    with begun(endpoint.settings(), seconds=60) as asking:
        while endpoint.busy < 4:
            asking.arrived(0.01)
    until = time.monotonic() + 5
    while endpoint.dropped < 4 and time.monotonic() < until:
        time.sleep(0.005)
    assert endpoint.dropped == 4
    assert endpoint.busy == 0
    connections().close()
    assert "bestfix-llm" not in {thread.name for thread in threading.enumerate()}


@pytest.mark.parametrize("script", [never(), slow(60, says("x"))])
def test_the_deadline_ends_what_is_not_answered(endpoint, monkeypatch, script):
    use(monkeypatch, [Plain("direct")])
    endpoint.script = script
    started = time.monotonic()
    asking = begun(endpoint.settings(), seconds=0.3)
    assert everything(asking) == []
    assert 0.25 < time.monotonic() - started < 1.5
    assert "LateError" in asking.asked[0].failure
