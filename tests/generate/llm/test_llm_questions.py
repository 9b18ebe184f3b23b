"""What is sent is what would be shown, and a strategy of one's own comes in by the same door."""

from __future__ import annotations

import re
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

from scripted_endpoint import says

from bestfix.config import LLM
from bestfix.core import Candidate, Deadline, EmptyContext, ErrorInfo, Language, Report, Source
from bestfix.generate.llm.asking import Asking
from bestfix.generate.llm.messages import Request
from bestfix.generate.llm.questions import questions
from bestfix.generate.llm.strategies import Options, base, load_strategies
from bestfix.generate.llm.strategies.fixes import edited

GUIDE = Path(__file__).parents[3] / "docs" / "llm.md"
REPORT = Report(Language.PYTHON, Source("<cell>", "x = oops\n"), ErrorInfo("NameError", "name 'oops' is not defined"))


def test_what_is_sent_is_what_is_shown(endpoint):
    settings = endpoint.settings()
    shown = {(r.system, r.user) for _, r in questions(settings.llm, REPORT, EmptyContext()).asked}
    with Asking.begun(settings, REPORT, EmptyContext(), Deadline.after(5)) as asking:
        while asking.awaited:
            asking.arrived(5.0)
    sent = {tuple(message["content"] for message in body["messages"]) for body in endpoint.bodies}
    assert sent == shown


def test_every_strategy_reads_an_edit_from_an_endpoint(endpoint):
    endpoint.script = says("why: it has no value\n<<<<<<< SEARCH\nx = oops\n=======\nx = 0\n>>>>>>> REPLACE")
    found = []
    with Asking.begun(endpoint.settings(k=6), REPORT, EmptyContext(), Deadline.after(5)) as asking:
        while asking.awaited:
            found += asking.arrived(5.0)
    assert {candidate.patch.apply(REPORT.code) for candidate in found} == {"x = 0\n"}
    assert {candidate.reason for candidate in found} == {"it has no value"}
    assert {candidate.proposer for candidate in found} >= {"llm.direct", "llm.cause-first", "llm.sampled"}


def test_no_more_answers_than_wanted():
    found = questions(LLM(model="m", k=8), REPORT, EmptyContext())
    assert sum(request.n for _, request in found.asked) == 8
    assert [request.n for strategy, request in found.asked if strategy.name == "sampled"] == [3]


def test_strategy_of_the_guide():
    (code,) = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    namespace: dict[str, Any] = {}
    exec(compile(code, "llm.md", "exec"), namespace)
    terse = namespace["terse"]
    briefing = questions(LLM(model="m", k=1), REPORT, EmptyContext()).briefing
    assert "Be quick." in terse.request(briefing, Options("m")).system
    (found,) = terse.candidates("<<<<<<< SEARCH\nx = oops\n=======\nx = 0\n>>>>>>> REPLACE", briefing)
    assert found.patch.apply(REPORT.code) == "x = 0\n"


class Brief:
    name = "brief"

    def request(self, briefing, options):
        return Request(self.name, options.model, "Fix it.", briefing.texts[0][1].text)

    def candidates(self, answer: str, briefing) -> list[Candidate]:
        return edited(self.name, answer, briefing)


brief = Brief()


def test_a_strategy_of_ones_own(monkeypatch):
    own = EntryPoint("brief", f"{__name__}:brief", base.GROUP)
    gone = EntryPoint("gone", "no_such_module:strategy", base.GROUP)
    monkeypatch.setattr(base, "_installed", lambda: {point.name: point for point in (own, gone)})
    monkeypatch.setattr(
        EntryPoint, "load", lambda self: brief if self.name == "brief" else __import__("no_such_module")
    )
    found, failures = load_strategies(["brief", "gone", "other"])
    assert found == {"brief": brief}
    assert [failure.where for failure in failures] == ["strategy gone", "strategy other"]
