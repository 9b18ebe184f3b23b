"""What notebooks go through: all cells run, kernels restarted or bare, pages closed and opened, much of all."""

from __future__ import annotations

import json
import sys

import pytest
from lab import Notebook
from playwright.sync_api import expect

pytestmark = pytest.mark.xdist_group("lab")


def test_run_all_stops_at_the_failure_and_the_card_is_there(notebook):
    page = notebook("a = 1", "print(b_c)", "b_c = 2")
    page.execute("notebook:run-all-cells")
    expect(page.cell(2).locator(".bf-card")).to_be_visible()
    expect(page.card).to_have_count(1)


def test_a_restarted_kernel_answers_again(notebook):
    page = notebook("pritn(1)")
    page.run(1)
    expect(page.card).to_be_visible()
    page.js("() => panel().sessionContext.restartKernel()")
    expect(page.status).to_have_text("bestfix: on")
    page.run(1)
    expect(page.card).to_contain_text("1 of ")
    page.button("Accept & Run").click()
    expect(page.cell(1).locator(".jp-OutputArea-output")).to_have_text("1\n")


def test_a_notebook_that_is_closed_and_opened_again_has_its_card(host, context):
    page = host.open(context.new_page(), "pritn(1)")
    page.run(1)
    expect(page.card).to_be_visible()
    page.execute("docmanager:save")
    page.page.close()
    again = Notebook(context.new_page(), page.host, page.name).opened()
    expect(again.card).to_contain_text("pritn is not defined")
    again.button("Accept").click()
    assert again.text(1) == "print(1)"
    assert again.errors() == []


def test_the_first_cell_wins_the_race(host, context):
    page = Notebook(context.new_page(), host, host.written(["pritn(1)"]))
    page.page.goto(host.url(page.name))
    page.page.wait_for_function("() => window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel")
    page.page.evaluate("() => { jupyterapp.commands.execute('notebook:run-cell'); }")
    expect(page.card).to_be_visible()


def test_a_notebook_of_500_cells(notebook):
    page = notebook(
        "value_7 = 7", "print(valeu_7 + far_below)", *(f"value_{n} = {n}" for n in range(8, 505)), "far_below = 1"
    )
    page.run(1)
    page.done(1)
    page.run(2)
    expect(page.card).to_contain_text("value_7")
    page.button("Accept & Run").click()
    expect(page.card.get_by_role("button", name="Run that cell first")).to_be_visible()


def test_the_card_is_in_sight_above_a_huge_output(notebook):
    page = notebook("for n in range(3000):\n    print('x' * 200)\npritn('end')")
    page.run(1)
    expect(page.card).to_be_in_viewport()
    page.button("Accept").click()
    assert page.text(1).endswith("\nprint('end')")


def test_a_kernel_without_bestfix_says_what_to_do(host, context):
    folder = host.home / "jupyter" / "kernels" / "bare"
    folder.mkdir(parents=True)
    start = "import sys; sys.modules['bestfix'] = None; from ipykernel.kernelapp import launch_new_instance as go; go()"
    spec = {
        "argv": [sys.executable, "-c", start, "-f", "{connection_file}"],
        "display_name": "Bare",
        "language": "python",
    }
    (folder / "kernel.json").write_text(json.dumps(spec))
    file = host.written(["pritn(1)"])
    path = host.home / file
    path.write_text(path.read_text().replace('"name": "python3"', '"name": "bare"'))
    page = Notebook(context.new_page(), host, file)
    page.page.goto(host.url(file))
    expect(page.status).to_have_text("bestfix: not in this kernel")
    assert '%pip install "bestfix[jupyter]"' in page.status.get_attribute("title")
