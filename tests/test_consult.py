"""The engine with a model: what is shown at once, what joins, and when it ends."""

import asyncio
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from plain_strategies import Plain, use
from scripted_endpoint import drips, half_a_head, head_only, never, says, scripted_endpoint, slow, stalls, status

from bestfix import QuickFix, engine
from bestfix.consult import agreement
from bestfix.core import Candidate, Edit, EmptyContext, ErrorInfo, Language, Outcome, Report, Source
from bestfix.generate.base import repair
from bestfix.generate.llm.connections import connections
from bestfix.generate.llm.dialogue import Dialogue

SOURCE = Source("<cell>", "x = oops\n")
REPORT = Report(Language.PYTHON, SOURCE, ErrorInfo("NameError", "name 'oops' is not defined", ("Exception",)))
PLAIN = Dialogue()


class Runner:
    """Says of every candidate but those of some texts that it ran clean."""

    def __init__(self, *failing):
        self.failing = failing

    def verdicts(self, scored, deadline):
        ends = [Outcome.NEW_ERROR if s.text in self.failing else Outcome.RAN_CLEAN for s in scored]
        return [replace(s.verdict, outcome=end) for s, end in zip(scored, ends, strict=True)]


@pytest.fixture
def endpoint():
    with scripted_endpoint() as served:
        yield served
        connections().close()


@pytest.fixture
def stream(monkeypatch, endpoint):
    """Return the stream of decisions with local repairs of the test's own, and plain strategies."""

    def streaming(*proposals, strategies=("a", "b"), runner=None, dialogue=PLAIN, **changes):
        @repair("NameError")
        def local(report, context):
            for text, prior in proposals:
                yield Candidate.edit(SOURCE, Edit(4, 8, text), reason=f"use {text}", prior=prior)

        monkeypatch.setattr(engine, "load_repairs", lambda language: ((local,), ()))
        use(monkeypatch, [Plain(name) for name in strategies])
        settings = replace(endpoint.settings(**{"deadline": 20.0, **changes}), threshold=0.5)
        return QuickFix(settings).stream(REPORT, EmptyContext(), runner=runner, dialogue=dialogue)

    return streaming


def test_the_repairs_answer_first_and_the_model_joins(stream, endpoint):
    endpoint.script = slow(0.2, says("x = 2\n"))
    decisions = list(stream(("1", 0.6), runner=Runner("x = 1\n")))
    assert decisions[0].pending
    assert [s.text for s in decisions[0].ranked] == ["x = 1\n"]
    assert not decisions[-1].pending
    assert decisions[-1].code == "x = 2\n"
    assert set(decisions[-1].shown.candidate.votes) == {"llm.a", "llm.b"}
    assert decisions[-1].shown.verdict.outcome is Outcome.RAN_CLEAN
    assert [a.answers for a in decisions[-1].asked] == [1, 1]


def test_a_sure_and_proven_repair_is_enough_and_nothing_is_asked(stream, endpoint):
    (decision,) = stream(("1", 0.99), runner=Runner())
    assert decision.code == "x = 1\n"
    assert not decision.pending
    assert not endpoint.requests


def test_without_a_model_there_is_one_decision(stream):
    assert [d.pending for d in stream(("1", 0.6), model="")] == [False]


def test_where_the_network_is_forbidden_there_is_one_decision(stream, monkeypatch, endpoint):
    monkeypatch.setattr(type(endpoint), "settings", lambda self, **kw: replace(QuickFix().settings, network=False))
    assert len(list(stream(("1", 0.6)))) == 1


def test_an_answer_that_means_what_a_repair_proposed_is_a_vote_for_it(stream, endpoint):
    endpoint.script = says("x = (1)\n")
    *_, decision = stream(("1", 0.6))
    (scored,) = decision.ranked
    assert scored.candidate.votes[0].endswith("local")
    assert set(scored.candidate.votes[1:]) == {"llm.a", "llm.b"}
    assert not scored.candidate.model


def test_answers_of_one_meaning_are_one_candidate_and_agreement_counts(stream, endpoint):
    endpoint.script = [says("x = 2\n"), says("x = (2)\n"), says("x = 3\n")]
    *_, decision = stream(strategies=("a", "b", "c"))
    first, second = decision.ranked
    assert first.text in {"x = 2\n", "x = (2)\n"}
    assert first.candidate.evidence["answers"] == 2
    assert first.candidate.prior == pytest.approx(agreement(2, 3, None))
    assert second.candidate.prior == pytest.approx(agreement(1, 3, None))


def test_an_answer_that_changes_nothing_or_is_broken_is_never_shown(stream, endpoint):
    endpoint.script = [says("x = oops\n"), says("x = (\n")]
    *_, decision = stream()
    assert not decision.ranked


def test_what_was_not_run_does_not_outrank_a_confident_repair(stream, endpoint):
    endpoint.script = says("x = 2\n")
    *_, decision = stream(("1", 0.6), strategies="abcdefgh", runner=Runner("x = 2\n"))
    assert decision.code == "x = 1\n"


def test_it_ends_when_nothing_can_overtake_the_best(stream, endpoint):
    endpoint.script = [says("x = 2\n")] * 4 + [never()]
    started = time.monotonic()
    *_, decision = stream(strategies="abcde", runner=Runner(), deadline=30.0)
    assert decision.code == "x = 2\n"
    assert time.monotonic() - started < 10


@pytest.mark.parametrize(
    "script",
    [never(), half_a_head(), head_only(), drips(0.02), drips(0.02, comments=True), stalls("x = 1"), status(500)],
)
def test_the_deadline_is_kept_and_the_failures_are_told(stream, endpoint, script):
    endpoint.script = script
    started = time.monotonic()
    *_, decision = stream(("1", 0.6), deadline=0.4)
    assert time.monotonic() - started < 1.5
    assert decision.code == "x = 1\n"
    assert {f.where for f in decision.failures} == {"llm.a", "llm.b"}
    assert all(a.failure or not a.usable for a in decision.asked)


def test_with_no_patience_the_same_decision_comes_until_there_is_news(stream, endpoint):
    endpoint.script = slow(0.3, says("x = 2\n"))
    decisions = list(stream(("1", 0.6), dialogue=Dialogue(patience=0), runner=Runner("x = 1\n")))
    assert len(decisions) > 4
    assert decisions[1].shown == decisions[0].shown
    assert decisions[-1].code == "x = 2\n"


def test_leaving_the_stream_closes_the_requests(stream, endpoint):
    endpoint.script = never()
    decisions = stream(("1", 0.6), dialogue=Dialogue(patience=0), deadline=60.0)
    while not endpoint.requests:
        next(decisions)
        time.sleep(0.01)
    decisions.close()
    until = time.monotonic() + 5
    while endpoint.dropped < len(endpoint.requests) and time.monotonic() < until:
        time.sleep(0.01)
    assert endpoint.busy == 0


def test_the_same_failure_is_asked_about_once(stream, endpoint):
    endpoint.script = says("x = 2\n")
    for _ in range(3):
        *_, decision = stream(("1", 0.6))
    assert len(decision.ranked) == 2
    assert len(endpoint.requests) == 2


def test_a_briefing_that_fails_leaves_the_repairs(stream, monkeypatch):
    from bestfix.generate.llm import questions

    def bad(*args, **kwargs):
        raise RuntimeError("a bug")

    monkeypatch.setattr(questions, "brief", bad)
    *_, decision = stream(("1", 0.6))
    assert decision.code == "x = 1\n"
    assert decision.failures[-1].error == "RuntimeError: a bug"


def test_what_was_tried_goes_into_the_briefing(stream, endpoint, monkeypatch):
    from bestfix.core import Attempt
    from bestfix.generate.llm import questions

    told = []
    original = questions.brief
    monkeypatch.setattr(questions, "brief", lambda *a, previous, **k: (told.append(previous), original(*a, **k))[1])
    rejected = Attempt("x = 3\n", rejected=True)
    list(stream(("1", 0.6), dialogue=Dialogue((rejected,))))
    assert told == [(rejected,)]


def test_a_fix_of_a_query_is_bound_and_not_run_where_that_is_off(endpoint, monkeypatch):
    import sqlite3

    from bestfix import fix_sql

    use(monkeypatch, [Plain("a"), Plain("b")])
    endpoint.script = [says("SELECT count(*) FROM orders"), says("SELECT everything FROM nowhere")]
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE orders (total INTEGER)")
    settings = replace(endpoint.settings(deadline=20.0), threshold=0.5, verify="static")
    decision = fix_sql("SELECT sum_of_all_things FROM orders", connection=connection, settings=settings)
    connection.close()
    written = [s for s in decision.ranked if s.candidate.model]
    assert [s.text for s in written] == ["SELECT count(*) FROM orders"]
    assert written[0].verdict.outcome is Outcome.BINDS


def test_many_at_once_keep_their_deadline_and_leave_no_task(stream, endpoint, monkeypatch):
    endpoint.script = [never(), half_a_head(), head_only(), drips(0.02), stalls("x = 1")] * 20
    list(stream(("1", 0.6), deadline=0.3))

    def one(number):
        source = Source("<cell>", f"x = oops  # {number}\n")
        started = time.monotonic()
        settings = replace(endpoint.settings(deadline=0.5), threshold=0.5)
        QuickFix(settings).fix(replace(REPORT, failing=source), EmptyContext())
        return time.monotonic() - started

    with ThreadPoolExecutor(40) as pool:
        assert max(pool.map(one, range(40))) < 3.0
    until = time.monotonic() + 5
    while _tasks() > 1 and time.monotonic() < until:
        time.sleep(0.02)
    assert _tasks() == 1


def _tasks():
    """How many tasks there are on the clients' event loop, with the one that counts them."""

    async def count():
        return len(asyncio.all_tasks())

    return connections().background.submit(count()).result(5)


def test_no_client_is_imported_where_no_model_is_asked():
    code = "from bestfix import fix; fix('pritn(1', settings=None); import sys; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "bestfix.engine" in loaded
    wanted = {"bestfix.consult", "bestfix.generate.llm.asking", "bestfix.generate.llm.client", "openai"}
    assert not wanted & set(loaded)
