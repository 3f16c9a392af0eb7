"""Expressions over named numbers, and rounding: null passes through, division by nothing is null."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal

from tests.oracle.edition import Value

_TWO: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul
}  # fmt: skip
_COMPARED: dict[type[ast.cmpop], Callable[[float, float], bool]] = {
    ast.Gt: operator.gt, ast.GtE: operator.ge, ast.Lt: operator.lt, ast.LtE: operator.le
}  # fmt: skip


def computed(expression: str, names: Mapping[str, Value]) -> Value:
    """The value of an expression (+ − × ÷, comparisons, ln, abs, least, greatest); None where a part of it is missing or not finite."""
    value = _of(ast.parse(str(expression).strip(), mode="eval").body, names)
    return value if value is not None and math.isfinite(value) else None


def steadied(number: float) -> float:
    """To twelve significant digits: what differs by noise alone is alike."""
    return 0.0 if number == 0 else round(number, 11 - math.floor(math.log10(abs(number))))


def _of(node: ast.expr, names: Mapping[str, Value]) -> Value:
    match node:
        case ast.Constant(value=int() | float() as number):
            return float(number)
        case ast.Name(id=name):
            return names[name]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            value = _of(operand, names)
            return None if value is None else -value
        case ast.BinOp(left=left, op=sign, right=right):
            return _joined(sign, _of(left, names), _of(right, names))
        case ast.Compare(left=left, ops=[compare], comparators=[right]):
            a, b = _of(left, names), _of(right, names)
            return None if a is None or b is None else float(_COMPARED[type(compare)](a, b))
        case ast.Call(func=ast.Name(id=function), args=parts):
            return _called(function, [_of(part, names) for part in parts])
    raise ValueError(f"the oracle does not know {ast.unparse(node)}")


def _joined(sign: ast.operator, a: Value, b: Value) -> Value:
    if a is None or b is None:
        return None
    if isinstance(sign, ast.Div):
        return None if b == 0 else a / b
    return _TWO[type(sign)](a, b)


def _called(function: str, parts: list[Value]) -> Value:
    numbers = [part for part in parts if part is not None]
    if len(numbers) < len(parts):
        return None
    match function:
        case "ln":
            return math.log(numbers[0]) if numbers[0] > 0 else None
        case "abs":
            return abs(numbers[0])
        case "least":
            return min(numbers)
        case "greatest":
            return max(numbers)
    raise ValueError(f"the oracle does not know {function}()")


def rounded(value: float, decimals: int) -> Decimal:
    """Half away from zero, on the decimal of nine places nearest to the number."""
    nine = Decimal(repr(value)).quantize(Decimal("1e-9"), ROUND_HALF_UP)
    return nine.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
