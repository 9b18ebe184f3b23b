"""A frozen context answers as the live one does, crosses a wire, and holds no data of the user's."""

import inspect
import json

import pytest

from bestfix import QuickFix, Settings
from bestfix.capture import LiveContext, report_exception
from bestfix.capture.snapshot import Snapshot
from bestfix.core import Cell, Kind, Source
from bestfix.core.document import DocumentError


class Account:
    secret = "s3cret"

    def pay(self, amount, /, to, *rest, when=None, **more):
        return amount


def snapshot(code, namespace, **options):
    error = None
    try:
        exec(compile(code, "<cell>", "exec"), namespace)
    except Exception as raised:  # noqa: BLE001 - any error is a case
        error = raised
    report = report_exception(error, Source("<cell>", code))
    context = LiveContext.of(namespace, error, notebook=[Cell("cell 1", "x = 1", ran=True)])
    taken = Snapshot.of(context, report, **options)
    return report, Snapshot.from_json(json.loads(json.dumps(taken.to_json())))


def test_what_the_code_names_is_there():
    data = {"price": 1, 2: "two"}
    _, frozen = snapshot("data['prise']; account.pay", {"data": data, "account": Account(), "other": 1})
    assert "other" in frozen.names()
    assert frozen.value("other") is None
    assert frozen.value("data").keys() == ["price", 2]
    assert frozen.value("data").length() == 2
    account = frozen.value("account")
    assert (account.kind, account.has("secret"), account.has("nothing")) == (Kind.INSTANCE, True, False)
    live = inspect.signature(Account().pay)
    taken = account.attribute("pay").signature()
    assert [(p.name, p.kind) for p in taken.parameters.values()] == [(p.name, p.kind) for p in live.parameters.values()]
    assert taken.parameters["when"].default is ...
    assert frozen.cells() == (Cell("cell 1", "x = 1", ran=True),)


def test_literals_go_along_only_when_asked_for():
    namespace = {"password": "hunter2", "account": Account()}
    _, bare = snapshot("password + 1 + account.secret", dict(namespace))
    assert "hunter2" not in json.dumps(bare.to_json())
    assert "s3cret" not in json.dumps(bare.to_json())
    _, full = snapshot("password + 1", dict(namespace), literals=True)
    assert full.value("password").literal() == "hunter2"


def test_a_fix_is_found_from_the_snapshot_alone():
    report, frozen = snapshot("print(totl)", {"total": 1})
    assert QuickFix(Settings(threshold=0.05)).fix(report, frozen).code == "print(total)"


def test_it_is_bounded():
    namespace = {f"name_{n}": n for n in range(50_000)} | {"d": dict.fromkeys(range(100_000))}
    _, frozen = snapshot("d['a']", namespace)
    assert len(json.dumps(frozen.to_json())) < 1_000_000


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ([], "document: must be an object"),
        ({"visible": "abc"}, "visible: must be a list"),
        ({"values": {"x": {"kind": "thing", "type_name": "int"}}}, r"values\.x\.kind: must be one of module"),
        ({"values": {"x": {"kind": "class"}}}, r"values\.x\.type_name: is missing"),
        ({"more": 1}, "more: there is no such field"),
    ],
)
def test_a_wrong_document_is_refused_by_the_field(document, message):
    with pytest.raises(DocumentError, match=message):
        Snapshot.from_json(document)
