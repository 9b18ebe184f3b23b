"""Fixes that are not in the cell that failed: in another cell, in running one first, in SQL."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.xdist_group("lab")


def test_a_mistake_in_another_cell_is_shown_and_fixed_there(notebook):
    page = notebook("def double(number):\n    return 2 * nunber", "double(4)")
    page.run(1)
    page.run(2)
    expect(page.cell(1).locator(".bf-card")).to_contain_text("nunber")
    expect(page.cell(2).locator(".bf-pointer")).to_contain_text("The mistake is in cell 1")
    page.button("Accept & Run").click()
    expect(page.cell(2).locator(".jp-OutputArea-output")).to_have_text("8")
    assert page.text(1) == "def double(number):\n    return 2 * number"
    expect(page.page.locator(".bf-card")).to_have_count(0)


def test_a_cell_that_has_not_run_is_run_first_by_one_press(notebook):
    page = notebook("import math", "rate_of_tax = 0.2", "print(100 * rate_of_tax)")
    page.run(1)
    page.run(3)
    expect(page.card).to_contain_text("rate_of_tax is defined in")
    page.card.get_by_role("button", name="Run that cell first").click()
    expect(page.cell(3).locator(".jp-OutputArea-output")).to_have_text("20.0\n")


def test_a_cell_of_sql_is_fixed_in_its_own_text(notebook):
    page = notebook(
        "import duckdb\ncon = duckdb.connect()\ncon.execute('create table shop as select 1 as name, 2 as price')\n"
        "%load_ext sql\n%config SqlMagic.feedback = 0\n%sql con --alias shop",
        "%%sql\nselect nme, price from shop",
    )
    page.run(1)
    page.done(1)
    page.run(2)
    expect(page.card).to_contain_text("ran clean")
    page.button("Accept & Run").click()
    expect(page.cell(2).locator(".jp-OutputArea")).to_contain_text("price")
    assert page.text(2) == "%%sql\nselect name, price from shop"


def test_sql_in_python_is_fixed_inside_its_string(notebook):
    page = notebook(
        "import duckdb\ncon = duckdb.connect()\ncon.execute('create table t as select 7 as name').fetchall()\n"
        "con.begin().sql('select nam from t').fetchall()"
    )
    page.run(1)
    page.button("Accept & Run").click()
    expect(page.cell(1).locator(".jp-OutputArea-output")).to_have_text("[(7,)]")
