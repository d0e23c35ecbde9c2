"""Selectors over a small graph with two ads that share work."""

from __future__ import annotations

import pytest

from adcli.errors import UsageError
from adcli.graph.select import select
from adcli.graph.task import Graph, Input, Task


def task(name: str, recipe: str, *inputs: str, ad: str | None = None, variant: str | None = None) -> Task:
    stage = name.rpartition("/")[2].partition("@")[0]
    edges = tuple(Input(one, "x") for one in inputs)
    return Task(name, stage, "local", None, 1, {}, edges, recipe, ad=ad, variant=variant)


TASKS = (
    task("a/voice", "v", ad="a"),
    task("a/scene@9x16", "s", "a/voice", ad="a", variant="9x16"),
    task("a/publish@9x16", "pa", "a/scene@9x16", ad="a", variant="9x16"),
    task("b/voice", "v", ad="b"),
    task("b/scene@9x16", "s", "b/voice", ad="b", variant="9x16"),
    task("b/publish@9x16", "pb", "b/scene@9x16", ad="b", variant="9x16"),
)
GRAPH = Graph("c", {one.id: one for one in TASKS}, (), ())
ALL = set(GRAPH.tasks)


def chosen(*selectors: str, without: tuple[str, ...] = ()) -> set[str]:
    return set(select(GRAPH, selectors, without, {"a/voice": "failed"}))


def test_nothing_named_means_everything() -> None:
    assert chosen() == ALL


def test_a_target_brings_what_is_upstream() -> None:
    assert chosen("a/scene@9x16") == chosen("+a/scene@9x16") == {"a/voice", "a/scene@9x16"}


def test_a_plus_adds_what_depends_on_it() -> None:
    assert chosen("a/voice+") == {"a/voice", "a/scene@9x16", "a/publish@9x16"}


def test_work_that_is_shared_comes_with_the_task_that_does_it() -> None:
    assert chosen("b/publish@9x16") == ALL - {"a/publish@9x16"}


def test_globs_fields_and_unions() -> None:
    assert chosen("a/*@9x16") == chosen("ad:a") == {"a/voice", "a/scene@9x16", "a/publish@9x16"}
    assert chosen("a/voice", "b/voice") == {"a/voice", "b/voice"}
    assert chosen("status:failed") == {"a/voice"}
    assert chosen("stage:publish", "variant:9x16") == ALL


def test_what_is_left_out_takes_along_all_that_needs_it() -> None:
    assert chosen(without=("a/scene@9x16",)) == ALL - {"a/scene@9x16", "a/publish@9x16"}
    assert chosen("variant:9x16", without=("ad:b",)) == {"a/voice", "a/scene@9x16", "a/publish@9x16"}


@pytest.mark.parametrize("selector", ["nothing/*", "stage:none", "colour:red", "status:held"])
def test_a_selector_without_a_match_is_an_error(selector: str) -> None:
    with pytest.raises(UsageError):
        chosen(selector)
