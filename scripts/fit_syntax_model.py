"""Fit the model of token edits and the judge of candidates to pairs of broken and fixed code.

    python scripts/fit_syntax_model.py CASES.jsonl

Each line of the file has `code` (does not compile), `fixed` (a list, the first is the author's own fix) and, under
`meta.family`, what near-duplicates share. Two log-linear models are fitted by conditional likelihood:

1. which token edit the author made, among all that are possible (orders what the search parses);
2. which candidate of the search is the author's (the prior of what is shown); its candidates come from searches with
   edit models fitted to the other half of the families, and its quality is reported by five-fold cross-validation.

What is written holds token kinds, keywords, operators and classes of parser messages: no text of the cases.
"""

from __future__ import annotations

import argparse
import json
import random
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bestfix.generate.python.syntax import model, proposals, tokenedits
from bestfix.generate.python.syntax.base import Broken
from bestfix.generate.python.syntax.proposals import Proposal
from bestfix.generate.python.syntax.rewrite import move
from bestfix.generate.python.syntax.sites import Sites
from bestfix.generate.python.syntax.view import View
from bestfix.lang.python import compiles, tokenized
from bestfix.train.choices import Choices, Group
from bestfix.train.judges import JUDGE_L2, JUDGE_WEIGHTS, LEAST, choices_of

OUT = Path(__file__).parent.parent / "src/bestfix/generate/python/syntax/model.json"
SAMPLE, RARE_MESSAGE, FOLDS = 60, 5, 5
EDIT_WEIGHTS, EDIT_L2 = 6000, 0.5


def part(family: str, parts: int) -> int:
    """Return the part, of several, that a family belongs to."""
    return zlib.crc32(family.encode()) % parts


def lexical(text: str) -> tuple[str, ...]:
    """Return the token kinds of code, with its line ends and indentation where they count."""
    out, depth, indents, fresh = [], 0, [0], True
    for token in tokenized(text):
        if token.kind == "newline":
            if not depth and not fresh:
                out.append("NEWLINE")
                fresh = True
            continue
        if fresh and not depth:
            column = token.start - (text.rfind("\n", 0, token.start) + 1)
            while column < indents[-1]:
                indents.pop()
                out.append("DEDENT")
            if column > indents[-1]:
                indents.append(column)
                out.append("INDENT")
        fresh = False
        depth += (token.text in "([{") - (token.text in ")]}") if token.kind == "op" else 0
        out.append(token.kind if token.kind in {"name", "string", "number"} else token.text)
    return tuple(out)


def every_proposal(view: View, sites: Sites) -> Iterator[Proposal]:
    """Yield every proposal, without the help of a model."""
    yield from proposals.singles(view, sites.span)
    yield from proposals.pairs(view, sites.span)
    low, high = max(0, min(view.at, view.stop) - 25), min(len(view.items), max(view.at, view.stop) + 12)
    starts = range(low, high)
    for new in proposals.WRAPS:
        yield from proposals.spans(view, starts[-25:], range(low + 1, high + 1), "wrap", new)
    for i in starts:
        yield from proposals.spans(view, [i], range(i + 2, min(len(view.items), i + 6) + 1), "run")
        yield from proposals.spans(view, [i], range(i + 2, min(len(view.items), i + 6) + 1), "quote")


def edit_groups(cases: Sequence[dict[str, Any]], messages: Mapping[str, str]) -> list[Group]:
    """Return the choices among token edits of each case; of those that cannot compile, a sample."""
    groups = []
    draw = random.Random(0)
    for case in cases:
        code, good = case["code"], lexical(case["fixed"][0])
        error = compiles(code)
        view = View(Broken.of(code, error)) if error else None
        group = Group(str(case["meta"].get("family", case["id"])))
        groups.append(group)
        if view is None or not view.items:
            continue
        sites = Sites(view, messages)
        rest: list[Proposal] = []
        seen = {code}
        for proposal in every_proposal(view, sites):
            text = move(view, proposal, 1.0).apply(code) if proposal.complete else code
            if text not in seen and compiles(text) is None:
                seen.add(text)
                group.add(Counter(tokenedits.Evidence(sites, proposal)), right=lexical(text) == good)
            elif text not in seen or not proposal.complete:
                rest.append(proposal)
        if not any(group.right):
            towards = steps_towards(view, good)
            steps = [proposal for proposal in rest if towards(proposal)]
            for proposal in steps:
                group.add(Counter(tokenedits.Evidence(sites, proposal)), right=True)
            rest = [proposal for proposal in rest if proposal not in steps]
        sample = draw.sample(rest, min(SAMPLE, len(rest)))
        for proposal in sample:
            offset = float(np.log(len(rest) / len(sample)))
            group.add(Counter(tokenedits.Evidence(sites, proposal)), right=False, offset=offset)
    return groups


def steps_towards(view: View, good: Sequence[str]) -> Callable[[Proposal], bool]:
    """Return the test whether a proposal is a step of a shortest way to `good`, line ends left aside."""
    kinds = [lexical(item.text)[0] if item.text.strip() else "" for item in view.items]
    have = [kind for kind in kinds if kind]
    before = np.cumsum([0, *(bool(kind) for kind in kinds)])
    want = [kind for kind in good if kind not in {"NEWLINE", "INDENT", "DEDENT"}]
    ahead, behind = distances(have, want), distances(have[::-1], want[::-1])[::-1, ::-1]
    least = ahead[-1, -1]

    def test(proposal: Proposal) -> bool:
        i, j = before[proposal.first], before[proposal.last]
        if proposal.action in {"del", "run"}:
            return j > i and bool((ahead[i] + (j - i) + behind[j] == least).any())
        if proposal.action not in {"ins", "rep", "quote"} or proposal.new == "NL":
            return False
        new = "string" if proposal.action == "quote" else proposal.new.lower()
        same = np.array([kind in {new, proposal.new} for kind in want], bool)
        way = ahead[i, :-1] + max(j - i, 1) + behind[j, 1:]
        return bool((same & (way == least)).any())

    return test


def distances(have: Sequence[str], want: Sequence[str]) -> np.ndarray:
    """Return the edit distances between all beginnings of two sequences."""
    table = np.zeros((len(have) + 1, len(want) + 1), int)
    table[0], table[:, 0] = np.arange(len(want) + 1), np.arange(len(have) + 1)
    for i, mine in enumerate(have, 1):
        for j, theirs in enumerate(want, 1):
            change = table[i - 1, j - 1] + (mine != theirs)
            table[i, j] = min(change, table[i - 1, j] + 1, table[i, j - 1] + 1)
    return table


def judge_groups(cases: Sequence[dict[str, Any]], halves: Sequence[model.Model]) -> list[Group]:
    """Return the choices among the candidates of a search of each case, and that none of them is right."""
    groups = []
    for case in cases:
        family = str(case["meta"].get("family", case["id"]))
        with model.using(halves[part(family, 2)]):
            groups.append(choices_of(case["code"], case["fixed"][0], family))
    return groups


def as_model(messages: Mapping[str, str], weights: Mapping[str, float]) -> model.Model:
    """Return a model with these weights of edits and a judge that trusts them."""
    return model.from_data({"messages": messages, "weights": nested(weights, swap=True), "judge": {"": {"cost": -1.0}}})


def nested(weights: Mapping[str, float], *, swap: bool = False) -> dict[str, dict[str, float]]:
    """Return weights by template and feature, or with `swap` by feature and template, rounded."""
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for name, weight in weights.items():
        template, _, feature = name.partition("|") if "|" in name else ("", "", name)
        outer, inner = (feature, template) if swap else (template, feature)
        found[outer][inner] = round(weight, 2)
    return found


def message_classes(cases: Sequence[dict[str, Any]]) -> dict[str, str]:
    """Return the short name of each class of messages that is not rare."""
    counts: Counter[str] = Counter()
    for case in cases:
        if error := compiles(case["code"]):
            view = View(Broken.of(case["code"], error))
            counts.update({view.message, view.probe_message} - {""})
    return {message: str(i) for i, (message, n) in enumerate(counts.most_common()) if n >= RARE_MESSAGE}


def main() -> None:
    """Fit both models, report the cross-validation, write the data file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", type=Path)
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--limit", type=int, default=None, help="use only so many cases, drawn at random")
    options = parser.parse_args()
    cases = [json.loads(line) for line in options.cases.read_text("utf-8").splitlines()]
    cases = [case for case in cases if case.get("fixed") and compiles(case["code"])]
    if options.limit is not None:
        cases = random.Random(0).sample(cases, options.limit)
    messages = message_classes(cases)
    edits = Choices(edit_groups(cases, messages))
    half = np.array([part(g.family, 2) for g in edits.groups])
    halves = [as_model(messages, edits.fit(half != k, EDIT_WEIGHTS, EDIT_L2, 6)) for k in (0, 1)]
    weights = edits.fit(half >= 0, EDIT_WEIGHTS, EDIT_L2, 8)
    candidates = Choices(judge_groups(cases, halves))
    fold = np.array([part("x" + g.family, FOLDS) for g in candidates.groups])
    ranks: list[int | None] = []
    for k in range(FOLDS):
        ranks += candidates.ranks(candidates.fit(fold != k, JUDGE_WEIGHTS, JUDGE_L2, LEAST), fold == k)
    shares = {k: sum(r is not None and r <= k for r in ranks) / len(ranks) for k in (1, 3, 10)}
    print(f"{len(ranks)} cases, cross-validated:", ", ".join(f"{s:.1%} at {k}" for k, s in shares.items()))
    judged = candidates.fit(fold >= 0, JUDGE_WEIGHTS, JUDGE_L2, LEAST)
    data = {"messages": messages, "weights": nested(weights, swap=True), "judge": nested(judged)}
    options.out.write_text(json.dumps(data, separators=(",", ":")), "utf-8")


if __name__ == "__main__":
    main()
