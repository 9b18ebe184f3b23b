"""An editor for tests: pygls' own client, which starts the language server and talks to it over its pipes."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Union

from lsprotocol import types
from pygls.lsp.client import LanguageClient
from pygls.protocol import default_converter

__all__ = ["Editor", "editor"]

SECONDS = 30
"""How long an answer is awaited on a busy machine."""


class Editor:
    """One editor with its server.

    Attributes:
        client: the client of the protocol.
        marks: the diagnostics of each text, as they were last published, with the version that they are of.
        messages: what the server told the user.
        configuration: our section of the editor's settings.
        asked: set once the server has asked for them.
    """

    def __init__(self) -> None:
        self.client = LanguageClient("test-editor", "1", converter_factory=_converter)
        self.marks: dict[str, types.PublishDiagnosticsParams] = {}
        self.messages: list[str] = []
        self.configuration: dict[str, Any] | None = None
        self.asked = asyncio.Event()
        self._versions: dict[str, int] = {}
        self._news = asyncio.Condition()
        self.client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(self._marked())
        self.client.feature(types.WINDOW_SHOW_MESSAGE)(self._told())
        self.client.feature(types.WORKSPACE_CONFIGURATION)(self._asked())

    def _marked(self) -> Any:
        async def marked(params: types.PublishDiagnosticsParams) -> None:
            async with self._news:
                self.marks[params.uri] = params
                self._news.notify_all()

        return marked

    def _told(self) -> Any:
        async def told(params: types.ShowMessageParams) -> None:
            async with self._news:
                self.messages.append(params.message)
                self._news.notify_all()

        return told

    def _asked(self) -> Any:
        def asked(_: types.ConfigurationParams) -> list[Any]:
            self.asked.set()
            return [self.configuration]

        return asked

    def open(self, uri: str, text: str, language: str = "python") -> None:
        """Open a text, unsaved as it may be."""
        self._versions[uri] = 1
        item = types.TextDocumentItem(uri, language, 1, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))

    def type(self, uri: str, *changes: tuple[tuple[int, int, int, int], str]) -> None:
        """Replace ranges, each given by its start and end as lines and columns in the editor's units."""
        self._versions[uri] += 1
        events = [
            types.TextDocumentContentChangePartial(_range(*place), text) for place, text in changes
        ]  # fmt: skip
        identifier = types.VersionedTextDocumentIdentifier(self._versions[uri], uri)
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(identifier, events))

    async def marked(self, uri: str) -> Sequence[types.Diagnostic]:
        """Return the diagnostics of the newest version of a text, once they are there; of a closed one, the last."""
        version = self._versions.get(uri)

        def there() -> bool:
            return uri in self.marks and self.marks[uri].version == version

        async with self._news:
            await asyncio.wait_for(self._news.wait_for(there), SECONDS)
        return self.marks[uri].diagnostics

    def close(self, uri: str) -> None:
        """Close a text."""
        del self._versions[uri]
        self.client.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri)))

    async def told(self) -> str:
        """Return the newest message to the user, once there is one."""
        async with self._news:
            await asyncio.wait_for(self._news.wait_for(lambda: bool(self.messages)), SECONDS)
        return self.messages[-1]

    async def actions(self, uri: str, line: int, column: int, *, invoked: bool = True) -> list[types.CodeAction]:
        """Return what the server offers at a place."""
        kind = types.CodeActionTriggerKind.Invoked if invoked else types.CodeActionTriggerKind.Automatic
        place = _range(line, column, line, column)
        params = types.CodeActionParams(
            types.TextDocumentIdentifier(uri), place, types.CodeActionContext([], trigger_kind=kind)
        )
        found = await asyncio.wait_for(self.client.text_document_code_action_async(params), SECONDS)
        return [action for action in found or () if isinstance(action, types.CodeAction)]


def _converter() -> Any:
    """Return pygls' converter, mended: it takes an action that has a command for a bare command."""
    converter = default_converter()

    def structured(document: Any, _: Any) -> types.Command | types.CodeAction:
        is_command = isinstance(document.get("command"), str)
        return converter.structure(document, types.Command if is_command else types.CodeAction)

    converter.register_structure_hook(types.Command | types.CodeAction, structured)
    converter.register_structure_hook(Union[types.Command, types.CodeAction], structured)  # noqa: UP007 - how it is written there
    return converter


def _range(first: int, start: int, last: int, end: int) -> types.Range:
    return types.Range(types.Position(first, start), types.Position(last, end))


@asynccontextmanager
async def editor(
    options: dict[str, Any] | None = None,
    *,
    folder: Path | None = None,
    capabilities: types.ClientCapabilities | None = None,
    configuration: dict[str, Any] | None = None,
) -> AsyncIterator[Editor]:
    """Start a server, shake hands with it, and end it properly."""
    editing = Editor()
    editing.configuration = configuration
    client = editing.client
    await client.start_io(sys.executable, "-m", "bestfix", "lsp")
    try:
        params = types.InitializeParams(
            capabilities=capabilities or types.ClientCapabilities(),
            initialization_options=options,
            root_uri=folder.as_uri() if folder else None,
        )
        await asyncio.wait_for(client.initialize_async(params), SECONDS)
        client.initialized(types.InitializedParams())
        yield editing
        await asyncio.wait_for(client.shutdown_async(None), SECONDS)
    finally:
        client.exit(None)
        await asyncio.wait_for(client.stop(), SECONDS)
