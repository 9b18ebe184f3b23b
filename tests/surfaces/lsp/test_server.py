"""The language server, as an editor meets it: a real client, over standard input and output."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from lsp_editor import Editor, editor
from lsprotocol import types

NAMES = "file:///project/names.py"
QUERIES = "untitled:Queries.sql"
VERSIONED = types.ClientCapabilities(
    workspace=types.WorkspaceClientCapabilities(
        workspace_edit=types.WorkspaceEditClientCapabilities(document_changes=True), configuration=True
    )
)


def session(work: Callable[[Editor], Awaitable[None]], **arguments: object) -> None:
    """Run what an editor does, from its start to its end."""

    async def run() -> None:
        async with editor(**arguments) as editing:
            await work(editing)

    asyncio.run(run())


def fixed(text: str, action: types.CodeAction) -> str:
    """The text with the edits of an action made; columns must be those of a text without characters beyond UTF-16."""
    lines = text.splitlines(keepends=True)
    (edits,) = action.edit.changes.values()
    for edit in sorted(edits, key=lambda e: (e.range.start.line, e.range.start.character), reverse=True):
        start, end = edit.range.start, edit.range.end
        assert start.line == end.line
        line = lines[start.line]
        lines[start.line] = line[: start.character] + edit.new_text + line[end.character :]
    return "".join(lines)


def test_a_syntax_error_is_marked_and_its_fix_offered_at_once():
    async def work(editing: Editor) -> None:
        text = "for n in range(3)\n    print(n)\n"
        editing.open(NAMES, text)
        (mark,) = await editing.marked(NAMES)
        assert (mark.code, mark.severity, mark.range.start.line) == ("SyntaxError", types.DiagnosticSeverity.Error, 0)
        action, *_ = await editing.actions(NAMES, 0, 2, invoked=False)
        assert action.is_preferred
        assert action.title.endswith(" → for n in range(3):")
        assert fixed(text, action) == "for n in range(3):\n    print(n)\n"
        assert action.data["diff"].startswith("--- names.py\n+++ names.py\n")

    session(work)


def test_each_place_of_an_undefined_name_is_marked_and_an_unsure_fix_comes_only_when_asked_for():
    async def work(editing: Editor) -> None:
        editing.open(NAMES, "def f():\n    return qwzx(1)\n\nqwzx(2)\n")
        marks = await editing.marked(NAMES)
        assert [(m.code, m.range.start.line) for m in marks] == [("NameError", 1), ("NameError", 3)]
        assert all(m.severity is types.DiagnosticSeverity.Warning for m in marks)
        assert await editing.actions(NAMES, 1, 12, invoked=False) == []
        for action in await editing.actions(NAMES, 1, 12):
            assert action.title.startswith("Unsure (")
            assert not action.is_preferred

    session(work)


def test_typing_is_followed_in_the_editors_units_of_utf_16_and_by_its_lines():
    async def work(editing: Editor) -> None:
        editing.open(NAMES, "😀 = 1\n")
        assert len(await editing.marked(NAMES)) == 1
        editing.type(NAMES, ((0, 0, 0, 2), "s"), ((0, 0, 0, 0), "# 😀😀\x0c still one line\r\n"))
        assert await editing.marked(NAMES) == ()
        editing.type(NAMES, ((1, 5, 1, 5), "\nprint('😀', nmae)"), ((0, 0, 0, 2), "#"), ((0, 1, 0, 5), ""))
        (mark,) = await editing.marked(NAMES)
        assert (mark.range.start.line, mark.range.start.character, mark.range.end.character) == (2, 12, 16)

    session(work)


def test_several_texts_are_kept_apart_and_marks_go_when_one_is_closed():
    async def work(editing: Editor) -> None:
        other = "file:///project/other.py"
        editing.open(NAMES, "print(")
        editing.open(other, "print()")
        assert len(await editing.marked(NAMES)) == 1
        assert await editing.marked(other) == ()
        editing.close(NAMES)
        assert await editing.marked(NAMES) == ()
        assert await editing.actions(NAMES, 0, 5) == []

    session(work)


def test_an_action_edits_the_version_that_it_was_made_for_and_its_command_is_taken():
    async def work(editing: Editor) -> None:
        editing.open(NAMES, "print('a'")
        action, *_ = await editing.actions(NAMES, 0, 5)
        (change,) = action.edit.document_changes
        assert change.text_document == types.OptionalVersionedTextDocumentIdentifier(NAMES, 1)
        command = types.ExecuteCommandParams(action.command.command, action.command.arguments)
        assert await editing.client.workspace_execute_command_async(command) is None

    session(work, capabilities=VERSIONED)


def test_the_statements_of_a_file_are_checked_against_the_configured_database(duck_file: Path):
    text = (
        "SELECT name FROM customers;\nCREATE TABLE new AS SELECT 1 AS x;\nSELECT y FROM new;\nSELECT pricce FROM orders"
    )

    async def work(editing: Editor) -> None:
        editing.open(QUERIES, text, "sql")
        (mark,) = await editing.marked(QUERIES)
        assert (mark.code, mark.range.start.line, mark.range.start.character) == ("UnknownColumn", 3, 7)
        action, *_ = await editing.actions(QUERIES, 3, 8, invoked=False)
        assert fixed(text, action) == text.replace("pricce", "price")

    session(work, options={"database": duck_file.name}, folder=duck_file.parent)
    assert tables(duck_file) == ["customers", "orders", "regions"]


def test_the_options_may_come_from_the_editors_settings_and_marks_may_be_off(duck_file: Path):
    async def work(editing: Editor) -> None:
        await editing.asked.wait()
        editing.open(QUERIES, "SELECT nmae FROM customers", "sql")
        found = await editing.actions(QUERIES, 0, 8)
        assert found[0].edit.document_changes[0].edits[0].new_text == "name"
        assert QUERIES not in editing.marks

    settings = {"database": str(duck_file), "diagnostics": False}
    session(work, capabilities=VERSIONED, configuration=settings)


def test_a_database_that_cannot_be_opened_is_told_once_and_python_goes_on():
    async def work(editing: Editor) -> None:
        editing.open(QUERIES, "SELECT 1", "sql")
        assert await editing.marked(QUERIES) == ()
        assert "there is no database file" in await editing.told()
        editing.type(QUERIES, ((0, 8, 0, 8), "0"))
        await editing.marked(QUERIES)
        editing.open(NAMES, "print(")
        assert len(await editing.marked(NAMES)) == 1
        assert len(editing.messages) == 1

    session(work, options={"database": "nowhere.duckdb"})


def test_an_option_that_does_not_exist_is_told():
    async def work(editing: Editor) -> None:
        assert "no option 'databse'" in await editing.told()

    session(work, options={"databse": "shop.duckdb"})


def test_statements_are_bound_on_postgres_and_not_run(postgres, contents):
    before = contents(postgres)
    postgres.commit()

    async def work(editing: Editor) -> None:
        editing.open(QUERIES, "DELETE FROM orders;\nDELETE FROM ordres;\n", "sql")
        (mark,) = await editing.marked(QUERIES)
        assert (mark.code, mark.range.start.line, mark.range.start.character) == ("UnknownTable", 1, 12)
        action, *_ = await editing.actions(QUERIES, 1, 12)
        (edit,) = action.edit.changes[QUERIES]
        assert edit.new_text == "orders"

    info = postgres.info
    session(work, options={"database": f"postgresql://{info.user}@{info.host}:{info.port}/{info.dbname}"})
    assert contents(postgres) == before


def tables(path: Path) -> list[str]:
    """The tables of a DuckDB file, which nobody else may have locked."""
    import duckdb

    with duckdb.connect(str(path)) as connection:
        return sorted(row[0] for row in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall())
