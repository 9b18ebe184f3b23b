"""The kernel's side of the card: a real kernel, real comm messages, and jupyter_client for a page."""

from __future__ import annotations

import pytest

pytest.importorskip("ipykernel")

from notebook_page import Page, cells, started
from scripted_endpoint import says, scripted_endpoint, slow

pytestmark = pytest.mark.xdist_group("kernel")


@pytest.fixture(scope="module")
def kernel(tmp_path_factory):
    with started(tmp_path_factory.mktemp("home")) as client:
        yield client


@pytest.fixture
def page(kernel):
    """A page of the module's kernel; what an earlier test has defined is gone."""
    page = Page(kernel)
    page.run("%reset -f")
    yield page
    page.close()


def test_a_failing_cell_comes_as_a_decision_and_nothing_is_displayed(page):
    page.attach(cells=cells("x = 1", "pritn(x)"))
    assert page.said("hello")["settings"]["threshold"] == 0.05
    page.run("x = 1", "c1")
    assert not page.seen
    shown = page.outputs("pritn(x)")
    assert [out["kind"] for out in shown] == ["error"]
    told = page.said("decision")
    assert (told["text"], told["cell"], told["asked"]) == ("pritn(x)", "c2", False)
    assert told["decision"]["code"] == "print(x)"
    assert told["decision"]["ranked"][0]["brief"] == "ran clean"
    assert told["failure"]


def test_the_id_of_the_cell_is_the_one_that_ran_and_attaching_again_changes_nothing(page):
    page.attach(cells=cells("pritn(1)", "pritn(1)"))
    page.attach(cells=cells("pritn(1)", "pritn(1)"))
    page.run("pritn(1)", "c1")
    told = page.said("decision")
    assert told["cell"] == "c1"
    assert set(told["cells"].values()) == {"c1"}
    assert not [data for data in page.seen if data["type"] == "decision"]


def test_without_a_page_a_notebook_gets_the_static_card(page):
    page.attach()
    page.close()
    error, card = page.outputs("pritn('<b>')")
    assert error["kind"] == "error"
    assert set(card["data"]) == {"text/plain", "text/html"}
    assert "&lt;b&gt;" in card["data"]["text/html"]


def test_a_page_that_opens_later_is_told_of_the_failure_that_stands(page):
    page.attach()
    page.run("pritn(1)", "c1")
    first = page.said("decision")
    other = Page(page.client)
    other.open(cells=cells("pritn(1)"))
    assert other.said("decision") == first
    page.run("1")
    other.close()
    other.seen.clear()
    other.open()
    assert other.said("hello")
    assert not other.seen
    other.close()


def test_the_place_to_fix_may_be_another_cell(page):
    page.attach(cells=cells("def double(number):\n    return 2 * nunber", "double(4)"))
    page.run("def double(number):\n    return 2 * nunber", "c1")
    page.run("double(4)", "c2")
    told = page.said("decision")
    source = told["decision"]["ranked"][0]["candidate"]["patch"]["source"]
    assert told["cells"][source] == "c1"
    assert told["decision"]["sources"][source] == "def double(number):\n    return 2 * nunber"


def test_a_cell_that_has_not_run_is_to_be_run_first(page):
    page.attach(cells=cells("import math", "rate_of_tax = 0.2", "print(rate_of_tax)"))
    page.run("print(rate_of_tax)", "c3")
    told = page.said("decision")
    label = told["decision"]["ranked"][0]["candidate"]["run_first"]
    assert told["cells"][label] == "c2"
    assert f"is defined in {label}: run it first" in told["decision"]["reason"]


def test_what_changed_in_the_notebook_is_known(page):
    page.attach(cells=cells("a_price = 3", "print(a_prise)"))
    page.say("cells", order=["c2", "c9"], changed={"c9": {"text": "a_prise = 1", "label": "the cell `a_prise = 1`"}})
    page.run("print(a_prise)", "c2")
    told = page.said("decision")
    assert told["cells"]["the cell `a_prise = 1`"] == "c9"
    assert "run it first, or move it up" in told["decision"]["reason"]


def test_settings_of_the_page_hold_for_its_kernel(page):
    page.attach(settings={"automatic": False, "threshold": 0.5})
    hello = page.said("hello")
    assert (hello["settings"]["automatic"], hello["settings"]["threshold"]) == (False, 0.5)
    page.run("pritn(1)", "c1")
    run = {"cell": "c1", "text": "pritn(1)", "error": "NameError: name 'pritn' is not defined"}
    assert page.said("failed").items() >= run.items()
    assert not page.seen
    page.say("ask", cell="c1", text="pritn(1)")
    assert page.said("decision")["asked"]
    page.say("ask", cell="c7", text="other")
    assert "has not failed" in page.said("nothing")["reason"]
    page.say("settings", settings={"threshold": 7})
    assert "threshold must lie between 0 and 1" in page.said("hello")["missing"][0]
    page.say("settings", settings={"selector": "nobody may"})
    assert page.said("hello")["settings"]["selector"] == "trees"


def test_a_fix_of_a_file_is_written_when_the_user_has_accepted_it(page, tmp_path):
    file = tmp_path / "helper_of_a_page.py"
    file.write_text("def double(number):\n    return 2 * nunber\n")
    page.attach()
    page.run(f"import sys; sys.path.insert(0, {str(tmp_path)!r})\nfrom helper_of_a_page import double", "c1")
    page.run("double(4)", "c2")
    told = page.said("decision")
    taken = {"failure": told["failure"], "text": told["decision"]["code"]}
    page.say("write", **taken, candidate=99)
    assert "not known any more" in page.said("written")["problem"]
    page.say("write", **taken, candidate=0)
    written = page.said("written")
    assert (written["problem"], written["place"]) == ("", str(file))
    assert file.read_text() == "def double(number):\n    return 2 * number\n"
    page.say("write", **taken, candidate=0)
    assert "changed since" in page.said("written")["problem"]


def test_a_transaction_that_the_failure_aborted_is_over_when_the_fix_runs(page):
    page.attach()
    page.run("import duckdb\ncon = duckdb.connect()\ncon.execute('create table t as select 1 as name')", "c1")
    page.run("con.begin()\ncon.execute('select nam from t').fetchall()", "c2")
    told = page.said("decision")
    fixed = told["decision"]["code"]
    assert "select name from t" in fixed
    page.say("running", failure=told["failure"], candidate=0, text=fixed)
    assert page.outputs(fixed)[-1]["data"]["text/plain"] == "[(1,)]"


@pytest.mark.parametrize(
    ("message", "wrong"), [({"order": 3}, "order"), ({"order": ["c1"], "changed": {"c1": 4}}, "changed"), ({}, "order")]
)
def test_a_strange_message_harms_nothing(page, message, wrong):
    page.attach()
    page.said("hello")
    page.say("cells", **message)
    page.say("nonsense")
    page.run("pritn(1)", "c1")
    assert page.said("decision")["decision"]["code"] == "print(1)"
    assert wrong in "".join(out.get("text", "") for out in page.outputs("%bestfix status"))


@pytest.mark.parametrize("number", range(3))
def test_the_first_cell_of_a_session_wins_the_race(tmp_path, number):
    with started(tmp_path) as client:
        page = Page(client)
        page.run("pritn(1)", "c1")
        page.attach(cells=cells("pritn(1)"))
        assert page.said("decision")["cell"] == "c1"


FAILING = "rows = ['1', 'x3']\nsum(int(r) for r in rows)"
ANSWER = (
    "The second is no number.\n<<<<<<< SEARCH\nsum(int(r) for r in rows)\n=======\n"
    "sum(int(r.lstrip('x')) for r in rows)\n>>>>>>> REPLACE\n"
)


def test_a_better_fix_comes_while_another_cell_runs(tmp_path):
    with scripted_endpoint() as endpoint:
        endpoint.script = slow(1.5, says(*[ANSWER] * 8))
        model = {"MODEL": "m-1", "BASE_URL": endpoint.url, "DEADLINE": "30"}
        with started(tmp_path, **{f"BESTFIX_LLM_{name}": value for name, value in model.items()}) as client:
            page = Page(client)
            page.attach()
            page.run(FAILING, "c1")
            first = page.said("decision")
            assert first["decision"]["pending"]
            running = client.execute("import time; time.sleep(40)")
            while (better := page.said("decision"))["decision"]["pending"]:
                pass
            assert running not in page.over
    assert "int(r.lstrip('x'))" in better["decision"]["code"]
    assert (better["cell"], better["text"]) == ("c1", FAILING)
    assert better["decision"]["ranked"][0]["verdict"]["untried"] == "the session has gone on since the failure"
