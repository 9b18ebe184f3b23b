"""SQL in Python code is fixed where it is written, with the database that it ran on."""

import sqlite3

import pytest

import bestfix
from bestfix.config import Settings

LOW = Settings(threshold=0.05)


def fixed(code, /, **names):
    """Run code that fails and return the fixed code."""
    names = {"__name__": "__main__", **names}
    try:
        exec(compile(code, "<cell>", "exec"), names)
    except Exception as error:  # noqa: BLE001 - every driver has its own
        decision = bestfix.fix(code, error=error, namespace=names, settings=LOW)
        assert not decision.failures
        return decision.code
    pytest.fail("the code runs")


@pytest.mark.parametrize(
    "code",
    [
        'con.execute("SELECT nmae FROM customers")',
        "con.execute('SELECT nmae '  # comment\n  'FROM customers')",
        'con.execute("""\n  SELECT c.nmae\n  FROM customers c\n""").fetchall()',
        'con.execute(r"SELECT nmae FROM customers")',
        'con.execute("SELECT nmae, \\"country\\" FROM customers -- \\u00e9\\t")',
        'con.cursor().execute("SELECT nmae FROM customers")',
        'con.cursor().execute("SELECT nmae FROM customers").fetchone()',
        'query = "SELECT nmae FROM customers"\nother = 1\ncon.execute(query)',
        'queries = {"a": "SELECT nmae FROM customers"}\ncon.execute(queries["a"])',
        'def ask(query):\n    return con.execute(query).fetchall()\nask("SELECT nmae FROM customers")',
        'table = "customers"\ncon.execute(f"SELECT nmae FROM {table} WHERE customer_id > {1 + 1} AND {1} = {1!r}")',
        'table = "customers"\ncon.execute("SELECT nmae FROM " + table)',
        'con.execute("SELECT nmae FROM {}".format("customers"))',
        'con.execute("SELECT nmae FROM customers".strip())',
        'con.cursor().execute("SELECT nmae FROM customers") if con else con.execute("SELECT 1 AS x")',
    ],
)
def test_the_edit_lands_inside_the_literal(shop, code):
    assert fixed(code, con=shop) == code.replace("nmae", "name")


def test_parameters_are_kept(shop):
    mark = "%s" if type(shop).__module__.startswith("psycopg") else "?"
    code = f'con.execute("SELECT nmae FROM customers WHERE customer_id = {mark}", (1,))'
    assert fixed(code, con=shop) == code.replace("nmae", "name")


def test_parts_that_are_not_known_are_kept(shop):
    code = 'def table():\n    return "customers"\ncon.execute(f"SELECT nmae FROM {table()}")'
    assert fixed(code, con=shop) in {None, code.replace("nmae", "name")}
    if type(shop).__module__.startswith("psycopg"):
        shop.rollback()
    code = 'con.execute(f"SELECT nmae FROM customers WHERE customer_id = {len([1])}")'
    assert fixed(code, con=shop) == code.replace("nmae", "name")


def test_what_is_inserted_is_escaped(duck):
    duck.execute('CREATE TABLE sales ("Net Total" INTEGER)')
    code = 'con.execute("SELECT Net Total FROM sales")'
    assert fixed(code, con=duck) == 'con.execute("SELECT \\"Net Total\\" FROM sales")'
    code = 'con.execute("""SELECT Net Total FROM sales""")'
    assert fixed(code, con=duck) == 'con.execute("""SELECT "Net Total" FROM sales""")'


def test_the_open_transaction_stays_usable(shop, contents):
    if not type(shop).__module__.startswith("psycopg"):
        shop.execute("BEGIN")
    shop.execute("DELETE FROM regions")
    shop.execute("ROLLBACK")
    assert fixed('con.execute("DELETE FROM regoins")', con=shop) == 'con.execute("DELETE FROM regions")'
    if type(shop).__module__.startswith("psycopg"):
        shop.rollback()
    assert len(contents(shop)[2]) == 2


def test_duckdb_sees_the_frames_of_the_session():
    duckdb, pd = pytest.importorskip("duckdb"), pytest.importorskip("pandas")
    frame = pd.DataFrame({"region": ["a"], "sales": [1]})
    code = 'duckdb.sql("SELECT regin, sum(sales) FROM frame GROUP BY region")'
    assert fixed(code, duckdb=duckdb, frame=frame) == code.replace("regin,", "region,")
    code = 'def total(frame):\n    return duckdb.sql("SELECT sum(salse) FROM frame")\ntotal(rows)'
    assert fixed(code, duckdb=duckdb, rows=frame) == code.replace("salse", "sales")
    code = 'duckdb.sql("SELECT sum(sales) FROM farme")'
    assert fixed(code, duckdb=duckdb, frame=frame) == code.replace("farme", "frame")
    with pytest.raises(Exception, match="frame"):
        duckdb.default_connection().cursor().execute("SELECT * FROM bestfix_frame_unknown")


@pytest.mark.parametrize(
    "code",
    ["pd.read_sql('SELECT nmae FROM customers', con)", "pd.read_sql_query(sql='SELECT nmae FROM customers', con=con)"],
)
def test_pandas(sqlite, code):
    pd = pytest.importorskip("pandas")
    assert fixed(code, pd=pd, con=sqlite) == code.replace("nmae", "name")


def test_polars(sqlite):
    pl = pytest.importorskip("polars")
    code = "pl.read_database('SELECT nmae FROM customers', connection=con)"
    assert fixed(code, pl=pl, con=sqlite) == code.replace("nmae", "name")


def test_sqlalchemy(tmp_path):
    sa = pytest.importorskip("sqlalchemy")
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'shop.db'}")
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE customers (id INTEGER, name TEXT)"))
    for code in (
        'with engine.connect() as c:\n    c.execute(text("SELECT nmae FROM customers WHERE id = :id"), {"id": 1})',
        'statement = text("SELECT nmae FROM customers")\nwith engine.connect() as c:\n    c.execute(statement)',
    ):
        assert fixed(code, engine=engine, text=sa.text) == code.replace("nmae", "name")
    engine.dispose()


def test_a_closed_connection_leaves_what_the_error_says():
    connection = sqlite3.connect(":memory:")
    connection.close()
    assert fixed('con.execute("SELECT 1 AS a")', con=connection) is None


def test_other_errors_are_not_taken_for_sql(sqlite):
    assert fixed('query = "SELECT name FROM customers"\ncon.execute(qurey)', con=sqlite).endswith("con.execute(query)")


def test_objects_that_resist_are_left_alone(sqlite):
    class Meta(type):
        def __getattribute__(cls, name):
            raise RuntimeError(name)

    class Hostile(metaclass=Meta):
        def __getattribute__(self, name):
            raise RuntimeError(name)

    code = "def run(con):\n    con.execute('SELECT nmae FROM customers')\nrun(con)"
    assert fixed(code, con=sqlite, hostile=object.__new__(Hostile)) == code.replace("nmae", "name")


def test_from_duckdb_import_sql(duck):
    duckdb = pytest.importorskip("duckdb")
    code = 'sql("SELECT frist FROM (SELECT 1 AS first)")'
    assert fixed(code, sql=duckdb.sql) == code.replace("frist", "first")


@pytest.mark.parametrize("method", ["execute", "sql"])
def test_one_of_several_statements(duck, method):
    code = f'con.{method}("""CREATE TABLE extra (a INTEGER);\nSELECT b FROM extra; SELECT 1""")'
    assert fixed(code, con=duck) == code.replace("SELECT b", "SELECT a")


def test_a_script_of_sqlite(sqlite):
    code = 'con.executescript("INSERT INTO regions VALUES (1, 2, 3); UPDATE regions SET cuontry = 1;")'
    assert fixed(code, con=sqlite) == code.replace("cuontry", "country")


@pytest.mark.parametrize(
    "code",
    [
        'query = "SELECT nmae"\nquery += " FROM customers"\ncon.execute(query)',
        'query = " ".join(["SELECT nmae", "FROM customers"])\ncon.execute(query)',
        "con.execute(\"SELECT nmae FROM customers WHERE country = '%s'\" % 'France')",
        'class Shop:\n    QUERY = "SELECT nmae FROM customers"\nshop = Shop()\ncon.execute(shop.QUERY)',
    ],
)
def test_statements_that_are_put_together(shop, code):
    assert fixed(code, con=shop) == code.replace("nmae", "name")


def test_relations_that_only_the_user_can_see_are_not_unknown_tables(duck):
    code = 'names = con.sql("SELECT name AS first FROM customers")\ncon.sql("SELECT frist FROM names")'
    assert fixed(code, con=duck) == code.replace("frist", "first")


def test_spark_by_what_its_error_says():
    message = (
        "[UNRESOLVED_COLUMN.WITH_SUGGESTION] A column, variable, or function parameter with name `nmae` cannot be "
        "resolved. Did you mean one of the following? [`name`, `country`]. SQLSTATE: 42703; line 1 pos 7"
    )
    error = type("AnalysisException", (Exception,), {"__module__": "pyspark.errors.exceptions.captured"})

    def sql(self, query):
        raise error(message)

    spark = type("SparkSession", (), {"__module__": "pyspark.sql.session", "sql": sql})()
    code = 'spark.sql("SELECT nmae FROM customers").show()'
    assert fixed(code, spark=spark) == code.replace("nmae", "name")
