"""What an expression's value is, as far as the session and the text tell; nothing is run."""

from __future__ import annotations

import ast
import builtins
import inspect
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bestfix.capture import LiveValue
from bestfix.core import Context, Key, Kind, Value
from bestfix.lang.python import Tree

__all__ = ["Instance", "class_value", "instance_of", "value_of"]

DEPTH = 12
"""Steps from name to assignment to call … that are followed."""

_RESULTS: Mapping[tuple[str, str], str] = {
    ("str", "str"): (
        "capitalize casefold center expandtabs format format_map join ljust lower lstrip removeprefix removesuffix "
        "replace rjust rstrip strip swapcase title translate upper zfill"
    ),
    ("str", "list"): "split rsplit splitlines",
    ("str", "int"): "count find index rfind rindex",
    ("str", "tuple"): "partition rpartition",
    ("str", "bool"): "startswith endswith isdigit isalpha isalnum isspace isupper islower isnumeric isdecimal",
    ("str", "bytes"): "encode",
    ("bytes", "str"): "decode hex",
    ("list", "NoneType"): "append extend insert remove reverse sort clear",
    ("list", "int"): "count index",
    ("list", "list"): "copy",
    ("set", "NoneType"): "add discard remove clear update difference_update intersection_update",
    ("set", "set"): "union intersection difference symmetric_difference copy",
    ("dict", "NoneType"): "update clear",
    ("dict", "dict"): "copy",
    ("_io.TextIOWrapper", "str"): "read readline",
    ("_io.TextIOWrapper", "list"): "readlines",
    ("builtins", "int"): "len ord hash id",
    ("builtins", "str"): "input chr repr hex bin oct format ascii",
    ("builtins", "list"): "sorted dir",
    ("builtins", "bool"): "isinstance issubclass callable any all hasattr",
    ("builtins", "dict"): "vars globals locals",
    ("builtins", "tuple"): "divmod",
    ("builtins", "NoneType"): "print setattr delattr exec",
    ("builtins", "_io.TextIOWrapper"): "open",
    ("random", "NoneType"): "shuffle seed",
    ("random", "int"): "randint randrange",
    ("random", "float"): "random uniform gauss",
    ("numpy", "numpy.ndarray"): (
        "array asarray arange linspace zeros ones empty full eye identity zeros_like ones_like full_like diag "
        "concatenate stack vstack hstack loadtxt genfromtxt logspace sort unique"
    ),
}
"""What functions give that carry no annotation: (module or class that holds them, class of the result)."""
_RETURNS: Mapping[str, str] = {
    f"{owner}.{name}": result for (owner, result), names in _RESULTS.items() for name in names.split()
}
_DISPLAYS: Mapping[type[ast.expr], str] = {
    ast.List: "list", ast.ListComp: "list", ast.Tuple: "tuple", ast.Dict: "dict", ast.DictComp: "dict", ast.Set: "set",
    ast.SetComp: "set", ast.GeneratorExp: "generator", ast.JoinedStr: "str", ast.Lambda: "function",
    ast.Compare: "bool",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Instance:
    """Some instance of a class: its methods are known, its contents are not."""

    cls: Value

    @property
    def kind(self) -> Kind:
        """An instance."""
        return Kind.INSTANCE

    @property
    def type_name(self) -> str:
        """The qualified name of the class."""
        return self.cls.type_name

    @property
    def bases(self) -> tuple[str, ...]:
        """The classes above it."""
        return self.cls.bases

    def attributes(self) -> Sequence[str]:
        """The names that the class gives its instances."""
        return self.cls.attributes()

    def attribute(self, name: str) -> Value | None:
        """What the class holds under the name; a method without its first parameter."""
        found = self.cls.attribute(name)
        return _Method(found) if found is not None and found.kind is Kind.FUNCTION else found

    def has(self, name: str) -> bool:
        """Whether the class gives its instances the attribute."""
        return self.cls.has(name)

    def keys(self) -> Sequence[Key]:
        """Nothing is known."""
        return ()

    def index_labels(self) -> Sequence[Key]:
        """Nothing is known."""
        return ()

    def item(self, key: Key) -> Value | None:  # noqa: ARG002 - every implementation of the protocol is given it
        """Nothing is known."""
        return None

    def signature(self) -> inspect.Signature | None:
        """Nothing is known."""
        return None

    def documentation(self) -> str:
        """Nothing is known."""
        return ""

    def length(self) -> int | None:
        """Nothing is known."""
        return None

    def shape(self) -> tuple[int, ...] | None:
        """Nothing is known."""
        return None

    def dtype(self) -> str:
        """Nothing is known."""
        return ""

    def literal(self) -> object | None:
        """Nothing is known."""
        return None


@dataclass(frozen=True, slots=True)
class _Method(Instance):
    """A function of a class, seen through an instance."""

    @property
    def kind(self) -> Kind:
        return Kind.METHOD

    def documentation(self) -> str:
        return self.cls.documentation()

    def has(self, name: str) -> bool:
        return name in {"__func__", "__self__"} or self.cls.has(name)

    def signature(self) -> inspect.Signature | None:
        found = self.cls.signature()
        if found is None or not found.parameters:
            return found
        first, *rest = found.parameters.values()
        return found if first.kind is first.VAR_POSITIONAL else found.replace(parameters=rest)


def attribute_of(owner: Value, name: str) -> Value | None:
    """Return an attribute of an object; of a pandas frame a column too, which it offers as one."""
    found = owner.attribute(name)
    if found is None and owner.type_name == "pandas.DataFrame" and not owner.has(name) and name in list(owner.keys()):
        return owner.item(name)
    return found


def class_value(qualified: str, context: Context) -> Value | None:
    """Return the class of that qualified name; a builtin one is known without a session."""
    if qualified == "NoneType":
        return LiveValue(type(None))
    found = context.class_named(qualified)
    if found is None and isinstance(cls := vars(builtins).get(qualified), type):
        return LiveValue(cls)
    return found


def instance_of(qualified: str, context: Context) -> Value | None:
    """Return some instance of the class of that qualified name."""
    cls = class_value(qualified, context)
    return Instance(cls) if cls is not None else None


def value_of(  # noqa: C901 - one case for each form of expression
    expr: ast.expr, tree: Tree, context: Context, *, depth: int = DEPTH
) -> Value | None:
    """Return the value of an expression of `tree`, or `None` when neither session nor text tells.

    Names are what the failing frame holds; a name that it does not hold is what the text assigns to it last before
    the expression. Literals, attributes, constant subscripts, and calls whose result's class is known are followed.
    """
    if depth <= 0:
        return None
    down = depth - 1
    match expr:
        case ast.Constant(value=value):
            return LiveValue(value)
        case ast.Name(id=name):
            return context.value(name) or _assigned(expr, name, tree, context, down) or _builtin(name)
        case ast.NamedExpr(value=inner) | ast.Await(value=inner):
            return value_of(inner, tree, context, depth=down)
        case ast.Attribute(value=owner, attr=name):
            found = value_of(owner, tree, context, depth=down)
            return None if found is None else attribute_of(found, name)
        case ast.Subscript(value=owner):
            found = value_of(owner, tree, context, depth=down)
            return None if found is None else _item(found, expr.slice, context)
        case ast.Call(func=function):
            return _returned(function, tree, context, down)
        case ast.BinOp():
            return _operated(expr, tree, context, down)
        case ast.UnaryOp(op=ast.Not()):
            return instance_of("bool", context)
        case ast.UnaryOp(operand=operand):
            return value_of(operand, tree, context, depth=down)
        case ast.IfExp(body=body):
            return value_of(body, tree, context, depth=down)
    display = _DISPLAYS.get(type(expr))
    return instance_of(display, context) if display else None


def _builtin(name: str) -> Value | None:
    space = vars(builtins)
    return LiveValue(space[name]) if name in space and not name.startswith("_") else None


def _item(owner: Value, index: ast.expr, context: Context) -> Value | None:
    if isinstance(index, ast.UnaryOp) and isinstance(index.op, ast.USub) and isinstance(index.operand, ast.Constant):
        length = owner.length()
        number = index.operand.value
        return owner.item(length - number) if length and isinstance(number, int) else _element(owner, context)
    if isinstance(index, ast.Slice):
        return owner if owner.type_name in {"str", "list", "tuple", "bytes", "pandas.DataFrame"} else None
    if isinstance(index, ast.Constant) and isinstance(index.value, str | int | float | bool | None):
        return owner.item(index.value) or _element(owner, context)
    if isinstance(index, ast.List) and owner.type_name == "pandas.DataFrame":
        return owner
    return _element(owner, context)


def _element(owner: Value, context: Context) -> Value | None:
    """Return an item of a container whose items are surely of one class."""
    return instance_of("str", context) if owner.type_name == "str" else None


def _returned(function: ast.expr, tree: Tree, context: Context, depth: int) -> Value | None:
    """Return what a call of the expression gives."""
    called = value_of(function, tree, context, depth=depth)
    owner = value_of(function.value, tree, context, depth=depth) if isinstance(function, ast.Attribute) else None
    if called is not None and called.kind is Kind.CLASS:
        return Instance(called)
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    home = owner.type_name if owner is not None else "builtins"
    if (known := _RETURNS.get(f"{home}.{name}")) is not None and called is not None:
        return instance_of(known, context)
    signature = called.signature() if called is not None else None
    if signature is None:
        return None
    return _annotated(signature.return_annotation, home, context)


def _annotated(annotation: object, home: str, context: Context) -> Value | None:
    """Return an instance of the class that an annotation names; `home` is what the function belongs to."""
    if annotation is inspect.Signature.empty:
        return None
    if isinstance(annotation, type):
        return Instance(LiveValue(annotation))
    if not isinstance(annotation, str) or annotation == "Self":
        return instance_of(home, context) if annotation == "Self" else None
    choices = [c for c in (part.strip() for part in annotation.split("|")) if c not in {"None", "TextFileReader"}]
    if len(choices) != 1 or not re.fullmatch(r"[\w.]+", choices[0]):
        return None
    name = choices[0].rpartition(".")[2]
    package = home.partition(".")[0]
    places = (f"{package}.{name}", name, f"{home}.{name}")
    return next((found for place in places if (found := instance_of(place, context)) is not None), None)


def _operated(expr: ast.BinOp, tree: Tree, context: Context, depth: int) -> Value | None:
    """Return the result of an operation whose class the classes of its operands decide."""
    left = value_of(expr.left, tree, context, depth=depth)
    right = value_of(expr.right, tree, context, depth=depth)
    names = {v.type_name for v in (left, right) if v is not None}
    if left is not None and left.type_name in {"str", "bytes"} and isinstance(expr.op, ast.Mod):
        return instance_of(left.type_name, context)
    for name in ("numpy.ndarray", "pandas.DataFrame", "pandas.Series"):
        if name in names:
            return instance_of(name, context)
    if None in {left, right} or not names <= {"int", "float", "str", "list", "tuple", "bool"}:
        return None
    if isinstance(expr.op, ast.Div):
        return instance_of("float", context) if names <= {"int", "float", "bool"} else None
    if isinstance(expr.op, ast.Mult) and names & {"str", "list", "tuple"}:
        return instance_of(min(names & {"str", "list", "tuple"}), context)
    if names <= {"int", "float", "bool"}:
        return instance_of("float" if "float" in names else "int", context)
    return instance_of(names.pop(), context) if len(names) == 1 else None


def _assigned(expr: ast.expr, name: str, tree: Tree, context: Context, depth: int) -> Value | None:
    """Return what the text binds a name to last before an expression, in its function or else at the top level."""
    here = tree.function(expr)
    before = (expr.lineno, expr.col_offset)
    for scope in dict.fromkeys((here, None)):
        found: Value | None = None
        for node in ast.walk(scope or tree.root):
            if getattr(node, "lineno", 0) and (node.lineno, node.col_offset) < before:  # type: ignore[attr-defined]  # every node that the walk gives has a line
                found = _binding(node, name, tree, context, depth) or found
        if found is not None:
            return found
    return None


def _binding(node: ast.AST, name: str, tree: Tree, context: Context, depth: int) -> Value | None:
    """Return what a node binds a name to, when it does."""
    match node:
        case ast.Assign(targets=targets, value=value) if any(_is(name, target) for target in targets):
            return value_of(value, tree, context, depth=depth)
        case ast.AnnAssign(target=target, annotation=annotation) if _is(name, target):
            return _annotated(ast.unparse(annotation), "builtins", context)
        case ast.arg(arg=arg, annotation=ast.expr() as annotation) if arg == name:
            return _annotated(ast.unparse(annotation), "builtins", context)
        case ast.Import(names=aliases):
            return next((context.module(module) for module, bound in _modules(aliases) if bound == name), None)
        case ast.ImportFrom(module=str(module), names=aliases):
            for alias in aliases:
                if (alias.asname or alias.name) == name:
                    home = context.module(module)
                    return context.module(f"{module}.{alias.name}") or (home.attribute(alias.name) if home else None)
    return None


def _modules(aliases: Sequence[ast.alias]) -> Iterator[tuple[str, str]]:
    """Yield the module and the name that it is bound to, of each imported name."""
    for alias in aliases:
        yield (alias.name, alias.asname) if alias.asname else (alias.name.partition(".")[0],) * 2


def _is(name: str, target: ast.expr) -> bool:
    return isinstance(target, ast.Name) and target.id == name
