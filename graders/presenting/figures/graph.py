"""A computational graph from left to right: inputs, operations, values on the nodes and on the edges."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from app.domain.values import Value
from graders.presenting.figures.canvas import Canvas, DrawingError, Point
from graders.presenting.figures.label import spoken, width
from graders.presenting.figures.reading import items, record, text

RADIUS = 20
ACROSS = 48
DOWN = 74
MOST_NODES = 40
MOST_EDGES = 80


@dataclass(frozen=True, slots=True)
class Node:
    """A node: a box where it is an input, else a circle. `value` stands below it."""

    id: str
    label: str
    value: str

    @property
    def half(self) -> float:
        """Half the width of its shape."""
        return max(RADIUS, width(self.label, 15) / 2 + 9)


@dataclass(frozen=True, slots=True)
class Edge:
    """From node to node: `above` stands above the edge (what flows forward), `below` what flows back."""

    start: str
    end: str
    above: str
    below: str


def graph(of: Value) -> Canvas:
    """Nodes in layers by their distance from the inputs; edges curve past what lies between.

    `of`: {nodes: […], edges: […]}. A node is [id, label, value below it] (the label defaults to the id) or a
    record {id, label, value}; an edge is [from, to, text above, text below] or {from, to, above, below}.
    """
    data = record(of, "A graph", ("nodes", "edges"), ("nodes", "edges"))
    nodes: dict[str, Node] = {}
    for node in map(_node, items(data["nodes"], "The nodes", MOST_NODES)):
        if node.id in nodes:
            raise DrawingError(f"Two nodes are called `{node.id}`.")
        nodes[node.id] = node
    edges = [_edge(item, nodes) for item in items(data["edges"], "The edges", MOST_EDGES)]
    ranks = _ranks(nodes, edges)
    routes, order = _ordered(nodes, edges, ranks)
    places = _places(nodes, edges, ranks, order)

    canvas = Canvas()
    entered = {edge.end for edge in edges}
    for edge, route in zip(edges, routes, strict=True):
        meeting = [other.end for other in edges].count(edge.end) > 1
        parting = [other.start for other in edges].count(edge.start) > 1
        along = 0.48 if meeting == parting else 0.36 if meeting else 0.6
        _draw_edge(canvas, edge, nodes, route, places, along)
    for node in nodes.values():
        x, y = places[node.id]
        if node.id not in entered:
            canvas.box(x - node.half, y - RADIUS + 3, 2 * node.half, 2 * RADIUS - 6, radius=7)
        elif node.half > RADIUS:
            canvas.box(x - node.half, y - RADIUS, 2 * node.half, 2 * RADIUS, radius=RADIUS, filled=True)
        else:
            canvas.circle(x, y, RADIUS, filled=True)
        canvas.text(x, y, node.label)
        if node.value:
            canvas.text(x, y + RADIUS + 12, node.value, size=13, tone="accent")
            canvas.says.append(f"{spoken(node.label)} = {spoken(node.value)}.")
    for edge in edges:
        pair = f"{spoken(nodes[edge.start].label)} to {spoken(nodes[edge.end].label)}"
        told = ", ".join(spoken(said) for said in (edge.above, edge.below) if said)
        canvas.says.append(f"{pair}: {told}." if told else f"{pair}.")
    return canvas


def _node(value: Value) -> Node:
    if isinstance(value, dict):
        data = record(value, "A node", ("id", "label", "value"), ("id",))
        listed = [data["id"], data.get("label"), data.get("value")]
    else:
        listed = [*items(value, "A node", 3)] if isinstance(value, list) else [value]
    name, label, said = [text(item, "A piece of a node") for item in [*listed, None, None][:3]]
    return Node(name, label or name, said)


def _edge(value: Value, nodes: dict[str, Node]) -> Edge:
    if isinstance(value, dict):
        data = record(value, "An edge", ("from", "to", "above", "below"), ("from", "to"))
        listed = [data["from"], data["to"], data.get("above"), data.get("below")]
    else:
        listed = items(value, "An edge", 4)
    start, end, above, below = [text(item, "A piece of an edge") for item in [*listed, None, None, None][:4]]
    for name in (start, end):
        if name not in nodes:
            raise DrawingError(f"An edge names the node `{name}`, which the graph does not have.")
    return Edge(start, end, above, below)


def _ranks(nodes: dict[str, Node], edges: list[Edge]) -> dict[str, int]:
    """The column of each node: one after its latest predecessor; inputs stand just before what they feed."""
    ranks = dict.fromkeys(nodes, 0)
    for _ in nodes:
        moved = False
        for edge in edges:
            if ranks[edge.end] <= ranks[edge.start]:
                ranks[edge.end] = ranks[edge.start] + 1
                moved = True
        if not moved:
            break
    else:
        raise DrawingError("A computational graph has no cycles, but this one has.")
    entered = {edge.end for edge in edges}
    for name in nodes:
        following = [ranks[edge.end] for edge in edges if edge.start == name]
        if name not in entered and following:
            ranks[name] = min(following) - 1
    return ranks


def _ordered(
    nodes: dict[str, Node], edges: list[Edge], ranks: dict[str, int]
) -> tuple[list[list[str]], list[list[str]]]:
    """Each edge's route through the columns (with stopovers), and the columns ordered with few crossings."""
    columns: list[list[str]] = [[] for _ in range(max(ranks.values()) + 1)]
    for name in nodes:
        columns[ranks[name]].append(name)
    routes: list[list[str]] = []
    for number, edge in enumerate(edges):
        route = [edge.start]
        for column in range(ranks[edge.start] + 1, ranks[edge.end]):
            stop = f"\0{number}:{column}"
            columns[column].append(stop)
            route.append(stop)
        routes.append([*route, edge.end])
    pairs = [pair for route in routes for pair in pairwise(route)]
    for turn in range(8):
        forward = turn % 2 == 0
        for names in columns if forward else columns[::-1]:
            place = {name: index - len(other) / 2 for other in columns for index, name in enumerate(other)}
            keys: dict[str, float] = {}
            for name in names:
                near = (
                    [place[a] for a, b in pairs if b == name] if forward else [place[b] for a, b in pairs if a == name]
                )
                keys[name] = sum(near) / len(near) if near else place[name]
            names.sort(key=keys.__getitem__)
    return routes, columns


def _places(
    nodes: dict[str, Node], edges: list[Edge], ranks: dict[str, int], order: list[list[str]]
) -> dict[str, Point]:
    """Where every node and stopover stands; columns are as wide as their nodes and the texts before them."""
    places: dict[str, Point] = {}
    x = 0.0
    tallest = max(len(column) for column in order)
    down = DOWN + 14 if any(edge.above and edge.below for edge in edges) else DOWN
    for number, column in enumerate(order):
        half = max([nodes[name].half for name in column if name in nodes], default=RADIUS)
        said = [
            width(piece, 13)
            for edge in edges
            if ranks[edge.end] == number
            for piece in (edge.above, edge.below)
            if piece
        ]
        x += half if number == 0 else max([ACROSS, *(long + 26 for long in said)]) + half
        for index, name in enumerate(column):
            places[name] = (x, (index + (tallest - len(column)) / 2) * down)
        x += half
    return places


def _draw_edge(
    canvas: Canvas,
    edge: Edge,
    nodes: dict[str, Node],
    route: list[str],
    places: dict[str, Point],
    along: float,
) -> None:
    """A straight arrow between neighbours, a curve past other columns; texts stand on the last stretch."""
    stops = [places[name] for name in route]
    if len(stops) == 2:
        start, end = _meet(nodes[edge.start], stops[0], stops[1]), _meet(nodes[edge.end], stops[1], stops[0])
        canvas.line([start, end], arrow=True)
    else:
        last = (stops[-1][0] - nodes[edge.end].half, stops[-1][1])
        canvas.curve([(stops[0][0] + nodes[edge.start].half, stops[0][1]), *stops[1:-1], last])
        start, end = stops[-2], last
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = math.hypot(dx, dy)
    nx, ny = dy / length, -dx / length
    x, y = start[0] + dx * along, start[1] + dy * along
    tones: tuple[tuple[str, int, Literal["text", "accent"]], ...]
    tones = ((edge.above, 1, "text"), (edge.below, -1, "accent"))
    for label, side, tone in tones:
        if label:
            away = side * (abs(nx) * width(label, 13) / 2 + abs(ny) * 8 + 5)
            canvas.text(x + nx * away, y + ny * away, label, size=13, tone=tone)


def _meet(node: Node, at: Point, other: Point) -> Point:
    """Where the straight line from the middle of a node towards another point leaves its shape."""
    dx, dy = other[0] - at[0], other[1] - at[1]
    length = math.hypot(dx, dy)
    reach = RADIUS if node.half == RADIUS else min(node.half * length / abs(dx), RADIUS * length / max(abs(dy), 1e-9))
    return (at[0] + dx / length * reach, at[1] + dy / length * reach)
