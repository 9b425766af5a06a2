"""Trees as author text: `parse_author(to_source(node))` is the same tree again."""

from __future__ import annotations

from typing import Final

from app.domain.language.author import AND, BINDING, COMPARE, NOT, OR, SUM
from app.domain.language.tree import (
    Attribute,
    Binary,
    Call,
    Choice,
    Compare,
    Comprehension,
    Constant,
    Index,
    Logic,
    Name,
    Node,
    Number,
    Record,
    Sequence,
    Slice,
    Text,
    Unary,
)

_ANY: Final = 0
_SIGN: Final = 7
_POWER: Final = 8
_ATOM: Final = 9
_ESCAPES: Final = str.maketrans({"\\": r"\\", "'": r"\'", "\n": r"\n", "\t": r"\t"})


def to_source(node: Node) -> str:
    """The text of a tree in the author grammar, with no more brackets than needed."""
    return _write(node)[0]


def _at_least(level: int, node: Node) -> str:
    """The text of a node, in brackets when it binds less strongly than `level`."""
    text, own = _write(node)
    return text if own >= level else f"({text})"


def _write(node: Node) -> tuple[str, int]:
    """Text, and how strongly it binds."""
    match node:
        case Number(text=text, value=value):
            return (text, _ATOM) if text else (str(value), _ANY)
        case Name(id=name):
            return name, _ATOM
        case Text(value=value):
            return _quoted(value), _ATOM
        case Constant(value=value):
            return str(value), _ATOM
        case Attribute(target=target, name=name):
            return f"{target}.{name}", _ATOM
        case Unary(op="not", operand=operand):
            return f"not {_at_least(NOT, operand)}", NOT
        case Unary(op=op, operand=operand):
            return op + _at_least(_SIGN, operand), _SIGN
        case Binary(op="**", left=left, right=right):
            return f"{_at_least(_ATOM, left)}**{_at_least(_SIGN, right)}", _POWER
        case Binary(op=op, left=left, right=right):
            level = BINDING[op]
            return f"{_at_least(level, left)} {op} {_at_least(level + 1, right)}", level
        case Compare(first=first, rest=rest):
            chain = "".join(f" {op} {_at_least(SUM, item)}" for op, item in rest)
            return _at_least(SUM, first) + chain, COMPARE
        case Logic(op=op, operands=operands):
            level = OR if op == "or" else AND
            return f" {op} ".join(_at_least(level + 1, operand) for operand in operands), level
        case Choice(condition=condition, then=then, otherwise=otherwise):
            return f"{_at_least(OR, then)} if {_at_least(OR, condition)} else {to_source(otherwise)}", _ANY
        case _:
            return _bracketed(node), _ATOM


def _bracketed(node: Node) -> str:
    """Text of what carries its own brackets."""
    match node:
        case Call(function=function, args=args, kwargs=kwargs):
            given = [to_source(arg) for arg in args] + [f"{key}={to_source(item)}" for key, item in kwargs]
            return f"{function}({', '.join(given)})"
        case Index(target=target, index=index):
            return f"{_at_least(_ATOM, target)}[{_index(index)}]"
        case Sequence(items=items):
            return f"[{', '.join(to_source(item) for item in items)}]"
        case Record(items=pairs):
            return f"{{{', '.join(f'{_quoted(key)}: {to_source(item)}' for key, item in pairs)}}}"
        case Comprehension(element=element, generators=generators):
            text = to_source(element)
            for one in generators:
                text += f" for {', '.join(one.targets)} in {_at_least(OR, one.source)}"
                text += "".join(f" if {_at_least(OR, condition)}" for condition in one.conditions)
            return f"[{text}]"
        case _:
            raise TypeError(f"{type(node).__name__} cannot stand alone")


def _index(node: Node) -> str:
    match node:
        case Slice(start=start, stop=stop, step=step):
            parts = ["" if part is None else to_source(part) for part in (start, stop, step)]
            return ":".join(parts if step is not None else parts[:2])
        case Sequence(items=items) if any(isinstance(item, Slice) for item in items):
            return ", ".join(_index(item) for item in items) + ("," if len(items) == 1 else "")
        case _:
            return to_source(node)


def _quoted(value: str) -> str:
    return f"'{value.translate(_ESCAPES)}'"
