"""SQL in cells: JupySQL's magics and calls of Python, in a real IPython shell."""

import sqlite3

import pytest

pytest.importorskip("IPython")
pytest.importorskip("sql")

from bestfix.surfaces.ipython import load

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")


@pytest.fixture
def ip(shell, own_folders, monkeypatch):
    """A fresh shell with JupySQL and bestfix."""
    monkeypatch.setenv("PLOOMBER_STATS_ENABLED", "false")
    monkeypatch.setenv("HOME", str(own_folders))
    shell.run_line_magic("load_ext", "sql")
    shell.run_line_magic("config", "SqlMagic.displaycon = False")
    load(shell)
    yield shell
    from sql.connection import ConnectionManager

    ConnectionManager.close_all()


@pytest.fixture
def cell(ip, capsys):
    """Run a cell as the user does and return what bestfix printed."""

    def run(text):
        capsys.readouterr()
        ip.run_cell(text, store_history=True)
        captured = capsys.readouterr()
        return captured.out.rpartition("bestfix cell")[2]

    return run


@pytest.fixture
def connected(ip, duck):
    """The shell with DuckDB as the connection of its magics."""
    ip.user_ns["con"] = duck
    ip.run_cell("%sql con --alias shop", store_history=True)
    return ip


def test_a_cell_of_sql_is_fixed_in_its_own_text(connected, cell):
    shown = cell("%%sql\nSELECT nmae\nFROM customers")
    assert "- 2 │ SELECT nmae\n+ 2 │ SELECT name\n" in shown
    cell("%fix")
    assert connected.rl_next_input == "%%sql\nSELECT name\nFROM customers"


def test_what_stands_on_the_magic_line_is_kept(connected, cell):
    cell("%%sql shop --save cheap\nSELECT nmae FROM customers")
    cell("%fix")
    assert connected.rl_next_input == "%%sql shop --save cheap\nSELECT name FROM customers"


def test_a_line_of_sql_is_fixed(connected, cell):
    cell("a = 1\nfound = %sql SELECT nmae FROM customers\nb = 2")
    cell("%fix")
    assert connected.rl_next_input == "a = 1\nfound = %sql SELECT name FROM customers\nb = 2"


def test_templates_and_assigned_results_are_kept(connected, cell):
    connected.user_ns["limit"] = 1
    cell("%%sql found <<\nSELECT nmae FROM customers LIMIT {{limit}}")
    cell("%fix")
    assert connected.rl_next_input == "%%sql found <<\nSELECT name FROM customers LIMIT {{limit}}"


def test_the_frames_of_the_session_are_tables(connected, cell):
    pd = pytest.importorskip("pandas")
    connected.user_ns["sales"] = pd.DataFrame({"region": ["a"], "amount": [1]})
    cell("%%sql\nSELECT regin FROM sales")
    cell("%fix")
    assert connected.rl_next_input == "%%sql\nSELECT region FROM sales"


def test_one_of_several_statements_in_a_cell(connected, cell):
    cell("%%sql\nSELECT 1 AS one;\nSELECT nmae FROM customers;")
    cell("%fix")
    assert connected.rl_next_input == "%%sql\nSELECT 1 AS one;\nSELECT name FROM customers;"


def test_an_error_that_jupysql_wraps(ip, cell, tmp_path):
    path = tmp_path / "shop.db"
    base = sqlite3.connect(path)
    base.execute("CREATE TABLE customers (name TEXT)")
    base.close()
    ip.run_cell(f"%sql sqlite:///{path}", store_history=True)
    assert "+ 2 │ SELECT name FROM customers" in cell("%%sql\nSELECT nmae FROM customers")


def test_fix_run_rolls_back_what_was_aborted(ip, cell, postgres):
    ip.user_ns["shop"] = postgres
    cell("shop.execute('SELECT nmae FROM customers')")
    cell("%fix run")
    assert ip.last_execution_result.success
    assert len(postgres.execute("SELECT name FROM customers").fetchall()) == 2


def test_fix_run_rolls_back_through_the_magics_connection(ip, cell, postgres):
    port = postgres.info.port
    ip.run_cell(f"%sql postgresql+psycopg://postgres@127.0.0.1:{port}/shop", store_history=True)
    shown = cell("%%sql\nSELECT nmae FROM customers")
    assert "+ 2 │ SELECT name FROM customers" in shown
    cell("%fix run")
    assert ip.last_execution_result.success


def test_a_right_statement_in_an_aborted_transaction(ip, cell, postgres):
    ip.user_ns["shop"] = postgres
    cell("shop.execute('SELECT nothing_of_the_kind')")
    assert "roll it back" in cell("rows = shop.execute('SELECT name FROM customers').fetchall()")
    cell("%fix run")
    assert len(ip.user_ns["rows"]) == 2


def test_sql_in_a_python_cell(connected, cell, duck):
    shown = cell('query = "SELECT nmae FROM customers"\nrows = con.execute(query).fetchall()')
    assert '+ 1 │ query = "SELECT name FROM customers"' in shown
    cell("%fix run")
    assert connected.user_ns["rows"] == [("Ada",), ("Bob",)]


def test_a_query_of_an_earlier_cell(connected, cell):
    cell('query = "SELECT nmae FROM customers"')
    cell("rows = con.execute(query).fetchall()")
    cell("%fix")
    assert connected.rl_next_input == 'query = "SELECT name FROM customers"'
