"""The language server: the desk behind the language server protocol."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from bestfix._version import __version__
from bestfix.config import Settings
from bestfix.core import Action
from bestfix.surfaces.databases import ConnectError
from bestfix.surfaces.lsp.actions import ACCEPTED, actions, diagnostics
from bestfix.surfaces.lsp.desk import PAUSE, Desk, Options, OptionsError
from bestfix.surfaces.lsp.document import Document, language_of

__all__ = ["Server", "make_server"]

SECTION = "bestfix"
"""The section of the editor's settings that is ours."""

log = logging.getLogger(__name__)


class Server(LanguageServer):
    """The server of one editor.

    Attributes:
        desk: what is open.
    """

    def __init__(self, settings: Settings) -> None:
        super().__init__("bestfix", __version__)
        self.desk = Desk(settings)
        self._waiting: dict[str, asyncio.Task[None]] = {}
        self._told: set[str] = set()

    def configure(self, document: object) -> None:
        """Take the options that the editor gives; tell the user of one that cannot be understood."""
        folder = to_fs_path(self.workspace.root_uri) if self.workspace.root_uri else None
        try:
            self.desk.options = Options.of(document, Path(folder) if folder else None, self.desk.options)
        except OptionsError as error:
            self.tell(str(error))
        self.desk.forget()
        for uri in self.desk.open:
            self.look_soon(uri)

    def look_soon(self, uri: str) -> None:
        """Look at a text once nobody has typed for a moment."""
        self.forget(uri)
        self._waiting[uri] = asyncio.get_running_loop().create_task(self._look(uri))

    def forget(self, uri: str) -> None:
        """Look at a text no more."""
        if (task := self._waiting.pop(uri, None)) is not None:
            task.cancel()

    async def _look(self, uri: str) -> None:
        await asyncio.sleep(PAUSE)
        if (document := self.desk.document(uri)) is not None and self.desk.options.diagnostics:
            await self.publish(document)

    async def publish(self, document: Document) -> None:
        """Mark what is wrong in a text, if it is still the same then."""
        try:
            found = await self.desk.findings(document)
        except ConnectError as error:
            self.tell(str(error))
            found = ()
        except Exception:  # whatever reading a text trips over, the editor goes on without a word of it
            log.exception("looking at %s", document.uri)
            found = ()
        if self.desk.document(document.uri) is document:
            self.mark(document.uri, document.version, diagnostics(document, found))

    def mark(self, uri: str, version: int | None, marks: list[types.Diagnostic]) -> None:
        """Put marks in the place of all earlier ones."""
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, marks, version))

    def tell(self, message: str) -> None:
        """Tell the user something, once."""
        if message not in self._told:
            self._told.add(message)
            self.window_show_message(types.ShowMessageParams(types.MessageType.Warning, f"bestfix: {message}"))

    def report_server_error(self, error: Exception, source: object) -> None:
        """Log an error of ours; the user is not bothered with it."""
        log.error("%s: %s", source, error)


def make_server(settings: Settings) -> Server:
    """Return a server that is ready to be started."""
    server = Server(settings)
    for feature, handler in (
        (types.INITIALIZE, _initialize),
        (types.INITIALIZED, _initialized),
        (types.WORKSPACE_DID_CHANGE_CONFIGURATION, _configured),
        (types.TEXT_DOCUMENT_DID_OPEN, _opened),
        (types.TEXT_DOCUMENT_DID_CHANGE, _changed),
        (types.TEXT_DOCUMENT_DID_SAVE, _saved),
        (types.TEXT_DOCUMENT_DID_CLOSE, _closed),
        (types.SHUTDOWN, _shut_down),
    ):
        server.feature(feature)(handler)
    options = types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix])
    server.feature(types.TEXT_DOCUMENT_CODE_ACTION, options)(_actions)
    server.command(ACCEPTED)(_accepted)
    return server


def _initialize(ls: Server, params: types.InitializeParams) -> None:
    ls.configure(params.initialization_options)


async def _initialized(ls: Server, _: types.InitializedParams) -> None:
    """Ask for the options, where the editor can be asked."""
    ls.desk.warm_up()
    workspace = ls.client_capabilities.workspace
    if workspace is None or not workspace.configuration:
        return
    item = types.ConfigurationItem(section=SECTION)
    given = await ls.workspace_configuration_async(types.ConfigurationParams([item]))
    if given and given[0]:
        ls.configure(given[0])


def _configured(ls: Server, params: types.DidChangeConfigurationParams) -> None:
    if isinstance(params.settings, Mapping) and SECTION in params.settings:
        ls.configure(params.settings[SECTION])


def _opened(ls: Server, params: types.DidOpenTextDocumentParams) -> None:
    item = params.text_document
    if (language := language_of(item)) is not None:
        encoding = types.PositionEncodingKind(ls.workspace.position_encoding or types.PositionEncodingKind.Utf16)
        ls.desk.put(Document(item.uri, language, item.version, item.text, encoding))
        ls.look_soon(item.uri)


def _changed(ls: Server, params: types.DidChangeTextDocumentParams) -> None:
    if (document := ls.desk.document(params.text_document.uri)) is not None:
        ls.desk.put(document.changed(params.text_document.version, params.content_changes))
        ls.look_soon(document.uri)


def _saved(ls: Server, params: types.DidSaveTextDocumentParams) -> None:
    """Look again: the database may have changed, though the text has not."""
    if ls.desk.document(params.text_document.uri) is not None:
        ls.desk.forget()
        ls.look_soon(params.text_document.uri)


def _closed(ls: Server, params: types.DidCloseTextDocumentParams) -> None:
    uri = params.text_document.uri
    if ls.desk.document(uri) is not None:
        ls.forget(uri)
        ls.desk.drop(uri)
        ls.mark(uri, None, [])


def _shut_down(ls: Server, _: None) -> None:
    ls.desk.close()


async def _actions(ls: Server, params: types.CodeActionParams) -> list[types.CodeAction]:
    """Offer the fixes for what is wrong where the user is; none of which it is not sure unless they ask."""
    document = ls.desk.document(params.text_document.uri)
    if document is None or not _wants_fixes(params.context.only):
        return []
    try:
        answers = await ls.desk.answers(document, document.span(params.range))
    except ConnectError as error:
        ls.tell(str(error))
        return []
    invoked = params.context.trigger_kind is not types.CodeActionTriggerKind.Automatic
    versioned = _takes_versions(ls.client_capabilities)
    offered: list[types.CodeAction] = []
    for answer in answers:
        found = list(actions(document, answer, invoked=invoked, versioned=versioned))
        offered += found
        if invoked and found:
            ls.desk.recorder.action(answer.failure, Action.SHOWN, candidate=0)
    return offered


def _wants_fixes(only: Sequence[types.CodeActionKind | str] | None) -> bool:
    return not only or any(kind in {"", types.CodeActionKind.QuickFix} for kind in only)


def _takes_versions(capabilities: types.ClientCapabilities) -> bool:
    workspace = capabilities.workspace
    edit = workspace.workspace_edit if workspace else None
    return bool(edit and edit.document_changes)


def _accepted(ls: Server, failure: str, index: int) -> None:
    """Log that the user took a fix."""
    ls.desk.recorder.action(failure, Action.ACCEPTED, candidate=index)
