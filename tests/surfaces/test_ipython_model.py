"""bestfix in a real IPython shell, with a language model."""

import asyncio
import time

import pytest
from plain_strategies import Plain, use
from scripted_endpoint import never, says, scripted_endpoint, slow

pytest.importorskip("IPython")

from IPython.core.displaypub import CapturingDisplayPublisher

from bestfix.generate.llm.connections import connections
from bestfix.surfaces.ipython import load, session_of

FAILING = "total = sum([1])\nprint(totla_of_all)"
UNSURE, SURE = "print(total)", "print(totla_of_all + 1)"


@pytest.fixture
def endpoint(monkeypatch):
    """An endpoint that the settings name, and strategies that ask for the whole cell."""
    with scripted_endpoint() as served:
        use(monkeypatch, [Plain("a"), Plain("b")])
        monkeypatch.setenv("BESTFIX_LLM_MODEL", "m-1")
        monkeypatch.setenv("BESTFIX_LLM_BASE_URL", served.url)
        monkeypatch.setenv("BESTFIX_LLM_DEADLINE", "20")
        monkeypatch.setenv("BESTFIX_VERIFY", "static")
        yield served
        connections().close()


@pytest.fixture
def ip(shell):
    """A fresh shell with bestfix."""
    load(shell)
    return shell


@pytest.fixture
def cell(ip, capsys):
    """Run a cell as the user does and return what it printed after the traceback."""

    def run(text):
        capsys.readouterr()
        ip.run_cell(text, store_history=True)
        return capsys.readouterr().out

    return run


@pytest.fixture
def cards(ip):
    """What a notebook is shown: the plain text of each card, and whether it takes the place of another."""
    ip.kernel = object()
    ip.display_pub = CapturingDisplayPublisher(parent=ip)
    yield lambda: [(bool(o.get("update")), o["data"]["text/plain"]) for o in ip.display_pub.outputs]
    del ip.kernel


def until(condition):
    """Let the event loop run until something is so."""

    async def wait():
        async with asyncio.timeout(15):
            while not condition():  # noqa: ASYNC110 - it is the shell that changes, which has no event
                await asyncio.sleep(0.01)

    return wait()


def test_a_terminal_shows_what_the_model_says(cell, endpoint):
    endpoint.script = says("x = 1\n1 / 0.5")
    shown = cell("x = 1\n1 / 0")
    assert "+ 2 │ 1 / 0.5" in shown
    assert "proposed by: llm." in cell("%fix why")


def test_a_notebook_shows_it_when_it_comes_and_nobody_waits(ip, cards, endpoint):
    endpoint.script = slow(0.3, says("1 / 0.5"))

    async def session():
        started = time.monotonic()
        ip.run_cell("1 / 0", store_history=True)
        assert session_of(ip).following.active
        assert not cards()
        assert time.monotonic() - started < 10
        await until(lambda: not session_of(ip).following.active)

    asyncio.run(session())
    assert not cards()[0][0]
    assert "1 / 0.5" in cards()[-1][1]
    assert "being asked" not in cards()[-1][1]


def test_a_card_gives_way_to_a_better_one(ip, cards, endpoint):
    endpoint.script = slow(0.3, says("numbers = [1]\nlen(numbers)"))

    async def session():
        ip.run_cell("numbers = [1]\nlen(nunbers)", store_history=True)
        assert "being asked" in cards()[0][1]
        await until(lambda: not session_of(ip).following.active)

    asyncio.run(session())
    assert [update for update, _ in cards()] == [False] + [True] * (len(cards()) - 1)
    assert len(cards()) > 1
    assert "llm." in session_of(ip).offer.why()


def test_another_cell_ends_the_asking(ip, cards, endpoint):
    endpoint.script = never()

    async def session():
        ip.run_cell("1 / 0", store_history=True)
        await until(lambda: endpoint.busy == 2)
        ip.run_cell("x = 1", store_history=True)
        assert not session_of(ip).following.active
        await until(lambda: endpoint.dropped == 2)

    asyncio.run(session())
    assert endpoint.busy == 0
    assert not cards()


def test_what_is_shown_stands_when_another_cell_runs_and_no_longer_says_that_a_model_is_asked(ip, cards, endpoint):
    endpoint.script = never()

    async def session():
        ip.run_cell("numbers = [1]\nlen(nunbers)", store_history=True)
        assert "being asked" in cards()[-1][1]
        ip.run_cell("x = 1", store_history=True)

    asyncio.run(session())
    assert [update for update, _ in cards()] == [False, True]
    assert "being asked" not in cards()[-1][1]


def test_the_next_fix_has_a_card_of_its_own(ip, cards, endpoint):
    endpoint.script = never()

    async def session():
        ip.run_cell("length_a = 1\nlength_b = 2\nlength_c", store_history=True)
        ip.run_cell("%fix next", store_history=True)

    asyncio.run(session())
    assert cards()[-1][0] is False
    assert len([update for update, _ in cards() if not update]) == 2


def test_fix_waits_for_the_first_answer_where_nothing_is_shown_yet(ip, cards, endpoint):
    endpoint.script = slow(0.2, says("1 / 0.5"))

    async def session():
        ip.run_cell("1 / 0", store_history=True)
        ip.run_cell("%fix", store_history=True)

    asyncio.run(session())
    assert ip.rl_next_input == "1 / 0.5"


def test_after_the_last_fix_the_model_is_asked_again_and_told_what_was_not_wanted(cell, endpoint, monkeypatch):
    from bestfix.generate.llm import questions

    told = []
    original = questions.brief
    monkeypatch.setattr(questions, "brief", lambda *a, previous, **k: (told.append(previous), original(*a, **k))[1])
    connections().close()
    endpoint.script = [says("1 / 0.5"), says("1 / 0.5"), says("1 / 0.25")]
    cell("1 / 0")
    connections().close()
    assert "1 / 0.25" in cell("%fix next")
    assert [(tried.text, tried.rejected) for tried in told[-1]] == [("1 / 0.5", True)]
    connections().close()
    assert "no other fix" in cell("%fix next")


def test_a_fix_that_fails_too_is_known_to_the_second_try(cell, ip, endpoint):
    endpoint.script = says("1 / 0.0")
    cell("1 / 0")
    cell("%fix")
    cell(ip.rl_next_input)
    (tried,) = session_of(ip).failed.previous
    assert tried.text == "1 / 0"
    assert tried.error.startswith("ZeroDivisionError")


def test_what_the_model_could_not_say_is_told(cell, endpoint):
    endpoint.script = says("sorry, no")
    cell("1 / 0")
    assert "llm.a: AnswerError" in cell("%fix why")


def test_a_bug_of_ours_between_cells_is_noted(ip, cards, endpoint, monkeypatch):
    endpoint.script = slow(0.1, says("1 / 0.5"))

    async def session():
        ip.run_cell("1 / 0", store_history=True)
        monkeypatch.setattr(session_of(ip), "show", lambda offer: 1 / 0)
        await until(lambda: session_of(ip).trouble)

    asyncio.run(session())
    assert session_of(ip).trouble.startswith("ZeroDivisionError")
    assert not session_of(ip).following.active
