"""The operands of an operator that did not go together."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from bestfix.generate.python.reading.site import Site

__all__ = ["operands", "told_kinds"]

_OPERAND_MESSAGES = (
    "unsupported operand", "can only concatenate", "can't concat", "must be str", "not supported between",
    "can't multiply sequence", "bad operand type", "can't compare", "can't subtract",
    "did not contain a loop",
)  # fmt: skip


def operands(site: Site) -> Iterator[tuple[ast.expr, ast.expr, str, str, str]]:
    """Yield the operands that did not go together: left, right, their classes, and the operator's symbol."""
    if not site.says(*_OPERAND_MESSAGES) and not _joins_text(site.node):
        return
    match site.node:
        case ast.BinOp(left=left, op=op, right=right):
            yield left, right, *told_kinds(site, left, right), _symbol(op)
        case ast.AugAssign(target=left, op=op, value=right):
            yield left, right, *told_kinds(site, left, right), _symbol(op) + "="
        case ast.Compare(left=left, ops=ops, comparators=rights):
            for before, comparison, after in zip([left, *rights], ops, rights, strict=False):
                yield before, after, *told_kinds(site, before, after), _symbol(comparison)


def _joins_text(node: ast.AST) -> bool:
    """Whether something is joined to a text that is written out."""
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Add):
        return False
    sides = (node.left, node.right)
    return any(isinstance(side, ast.Constant) and isinstance(side.value, str) for side in sides)


def told_kinds(site: Site, left: ast.expr, right: ast.expr) -> tuple[str, str]:
    """Return the classes of two operands, from the values and else from the message."""
    a, b = site.kind(left), site.kind(right)
    if told := re.search(r"'([\w.]+)' and '([\w.]+)'", site.message):
        return a or told[1], b or told[2]
    if told := re.match(r'can only concatenate (\w+) \(not "([\w.]+)"\)', site.message):
        return a or told[1], b or told[2]
    return a, b


_SYMBOLS = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**",
    ast.BitXor: "^", ast.BitAnd: "&", ast.BitOr: "|", ast.MatMult: "@", ast.LShift: "<<", ast.RShift: ">>",
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
}  # fmt: skip


def _symbol(op: ast.operator | ast.cmpop) -> str:
    return _SYMBOLS.get(type(op), "")
