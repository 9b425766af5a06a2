"""Random trees of the question language, and Python's own reading of the same text."""

from __future__ import annotations

import ast
import dataclasses
import keyword
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from app.domain.language.tree import (
    Attribute,
    Binary,
    Call,
    Choice,
    Compare,
    Comprehension,
    Constant,
    Generator,
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


def bare(node: Any) -> Any:
    """The same tree without places."""
    if isinstance(node, tuple):
        return tuple(bare(item) for item in node)
    if not dataclasses.is_dataclass(node):
        return node
    values = {field.name: bare(getattr(node, field.name)) for field in dataclasses.fields(node)}
    make: Any = type(node)
    return make(**{**values, "span": (0, 0)})


def unspelled(node: Any) -> Any:
    """The same tree without the spelling of its numbers."""
    if isinstance(node, tuple):
        return tuple(unspelled(item) for item in node)
    if isinstance(node, Number):
        return Number(node.value, "")
    if not dataclasses.is_dataclass(node):
        return node
    values = {field.name: unspelled(getattr(node, field.name)) for field in dataclasses.fields(node)}
    make: Any = type(node)
    return make(**{**values, "span": (0, 0)})


BINARY = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.MatMult: "@",
}
UNARY = {ast.USub: "-", ast.UAdd: "+", ast.Not: "not"}
COMPARE = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.In: "in",
    ast.NotIn: "not in",
}  # fmt: skip


def from_python(tree: ast.AST | None) -> Any:
    """Python's tree as ours, without places and spellings."""
    match tree:
        case None:
            return None
        case ast.Constant(value=bool() | None as value):
            return Constant(value)
        case ast.Constant(value=str() as value):
            return Text(value)
        case ast.Constant(value=value):
            return Number(Fraction(repr(value)), "")
        case ast.Name(id=name):
            return Name(name)
        case ast.Attribute(value=ast.Name(id=target), attr=name):
            return Attribute(target, name)
        case ast.UnaryOp(op=op, operand=operand):
            return Unary(UNARY[type(op)], from_python(operand))
        case ast.BinOp(left=left, op=op, right=right):
            return Binary(BINARY[type(op)], from_python(left), from_python(right))
        case ast.Compare(left=left, ops=ops, comparators=rest):
            pairs = zip(ops, rest, strict=True)
            return Compare(from_python(left), tuple((COMPARE[type(op)], from_python(item)) for op, item in pairs))
        case ast.BoolOp(op=op, values=values):
            return Logic("and" if isinstance(op, ast.And) else "or", tuple(map(from_python, values)))
        case ast.IfExp(test=test, body=body, orelse=orelse):
            return Choice(from_python(test), from_python(body), from_python(orelse))
        case ast.Call(func=ast.Name(id=function), args=args, keywords=keywords):
            kwargs = tuple((str(one.arg), from_python(one.value)) for one in keywords)
            return Call(function, tuple(map(from_python, args)), kwargs)
        case ast.Subscript(value=value, slice=index):
            return Index(from_python(value), from_python(index))
        case ast.Slice(lower=lower, upper=upper, step=step):
            return Slice(from_python(lower), from_python(upper), from_python(step))
        case ast.List(elts=items) | ast.Tuple(elts=items):
            return Sequence(tuple(map(from_python, items)))
        case ast.Dict(keys=keys, values=values):
            names = [str(key.value) for key in keys if isinstance(key, ast.Constant)]
            return Record(tuple(zip(names, map(from_python, values), strict=True)))
        case ast.ListComp(elt=element, generators=generators) | ast.GeneratorExp(elt=element, generators=generators):
            return Comprehension(from_python(element), tuple(map(_generator, generators)))
    raise NotImplementedError(ast.dump(tree))


def _generator(one: ast.comprehension) -> Generator:
    targets = one.target.elts if isinstance(one.target, ast.Tuple) else [one.target]
    names = tuple(target.id for target in targets if isinstance(target, ast.Name))
    return Generator(names, from_python(one.iter), tuple(map(from_python, one.ifs)))


def read_by_python(text: str) -> Any:
    """Python's reading of a text."""
    return from_python(ast.parse(f"({text}\n)", mode="eval").body)


words = st.from_regex(r"[a-z][a-z0-9_]{0,3}", fullmatch=True).filter(lambda word: not keyword.iskeyword(word))
texts = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"], include_characters=" "), max_size=6)
numbers = st.one_of(
    st.integers(0, 10**6).map(str),
    st.decimals(0, 1000, places=2, allow_nan=False, allow_infinity=False).map(str),
    st.from_regex(r"[0-9]{1,3}(\.[0-9]{0,3})?e-?[0-9]", fullmatch=True),
).map(lambda text: Number(Fraction(text), text))


def grow(below: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    """One level more."""
    some = st.lists(below, max_size=3).map(tuple)
    optional = st.none() | below
    slices = st.builds(Slice, optional, optional, optional)
    index = st.one_of(
        below,
        slices,
        st.tuples(slices, below).map(Sequence),
        st.tuples(slices).map(Sequence),
        st.tuples(below, below).map(Sequence),
    )
    generators = st.builds(
        Generator,
        st.lists(words, min_size=1, max_size=2).map(tuple),
        below,
        st.lists(below, max_size=2).map(tuple),
    )
    return st.one_of(
        st.builds(Unary, st.sampled_from(["-", "+", "not"]), below),
        st.builds(Binary, st.sampled_from(["+", "-", "*", "/", "//", "%", "**", "@"]), below, below),
        st.builds(
            Compare,
            below,
            st.lists(st.tuples(st.sampled_from(list(COMPARE.values())), below), min_size=1, max_size=2).map(tuple),
        ),
        st.builds(Logic, st.sampled_from(["and", "or"]), st.lists(below, min_size=2, max_size=3).map(tuple)),
        st.builds(Choice, below, below, below),
        st.builds(Call, words, some, st.dictionaries(words, below, max_size=2).map(lambda d: tuple(d.items()))),
        st.builds(Index, below, index),
        st.builds(Sequence, some),
        st.builds(Record, st.dictionaries(texts, below, max_size=2).map(lambda d: tuple(d.items()))),
        st.builds(Comprehension, below, st.lists(generators, min_size=1, max_size=2).map(tuple)),
    )


author_trees: st.SearchStrategy[Node] = st.recursive(
    st.one_of(
        numbers,
        st.builds(Name, words),
        st.builds(Text, texts),
        st.builds(Constant, st.sampled_from([True, False, None])),
        st.builds(Attribute, words, words),
    ),
    grow,
    max_leaves=12,
)
