"""Which graders there are, and what happens to plugins."""

from __future__ import annotations

from importlib.metadata import EntryPoint

import pytest

import graders
from graders import registry
from graders.number import Number


class Plugin(Number):
    name = "spectrum"
    version = 7


class Impostor(Number):
    name = "vector"


BROKEN = object()


@pytest.fixture
def offered(monkeypatch):
    monkeypatch.setattr(registry, "GRADERS", dict(registry.GRADERS))

    def offer(**values):
        entries = [EntryPoint(name, value, registry.GROUP) for name, value in values.items()]
        monkeypatch.setattr(registry, "entry_points", lambda group: entries if group == registry.GROUP else [])

    return offer


def test_the_public_door_is_exact():
    assert graders.__all__ == sorted(graders.__all__)
    assert [name for name in graders.__all__ if not hasattr(graders, name)] == []


def test_the_built_in_graders_are_known_by_name():
    assert graders.names() == sorted(registry.GRADERS)
    assert {"choice", "expression", "graph", "number", "program", "vector"} <= set(graders.names())
    assert graders.find_grader("number").name == "number"


def test_an_unknown_grader_says_which_there_are():
    with pytest.raises(ValueError, match="There is no grader called `oracle`; there are choice, derivation, "):
        graders.find_grader("oracle")


def test_two_graders_of_one_name_are_refused():
    with pytest.raises(ValueError, match="There are two graders called `vector`"):
        registry.register(Impostor())


def test_the_fingerprint_names_every_grader_and_its_version():
    assert graders.fingerprint().startswith("choice 1, derivation 2, drawing 1, expression 2, graph 1, matrix 1")
    assert all(f"{name} " in graders.fingerprint() for name in graders.names())


def test_plugins_are_loaded_when_asked_for_and_once(offered, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "a_plugin", __import__("types").SimpleNamespace(Plugin=Plugin))
    offered(spectrum="a_plugin:Plugin")
    assert graders.load_plugins() == []
    assert graders.load_plugins() == []
    assert graders.find_grader("spectrum").version == 7
    assert "spectrum 7" in graders.fingerprint()


def test_a_plugin_may_be_an_instance(offered, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "a_plugin", __import__("types").SimpleNamespace(it=Plugin()))
    offered(spectrum="a_plugin:it")
    assert graders.load_plugins() == []
    assert graders.find_grader("spectrum").name == "spectrum"


def test_a_broken_plugin_is_named_and_the_others_are_loaded(offered, monkeypatch):
    module = __import__("types").SimpleNamespace(Plugin=Plugin, Impostor=Impostor, broken=BROKEN)
    monkeypatch.setitem(__import__("sys").modules, "a_plugin", module)
    offered(
        good="a_plugin:Plugin",
        twice="a_plugin:Impostor",
        odd="a_plugin:broken",
        missing="no_such_module_at_all:x",
    )
    problems = graders.load_plugins()
    assert len(problems) == 3
    assert "The plugin `missing` cannot be used: No module named 'no_such_module_at_all'" in problems
    assert "The plugin `twice` cannot be used: There are two graders called `vector`." in problems
    assert graders.find_grader("spectrum").version == 7
