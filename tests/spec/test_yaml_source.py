from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from adcli.errors import InvalidInput, Problem
from adcli.spec.yaml_source import parse_document, read_document

_FAST = 30.0
"""Seconds that tell a bomb that went off from a busy machine: a hundredth of it is used on an idle one."""


def parsed(text: str, file: str = "c.yaml") -> Any:
    document = parse_document(text.encode(), file)
    assert document.problems == []
    return document.root.plain()


def problems(text: str | bytes, file: str = "c.yaml") -> tuple[Problem, ...]:
    data = text if isinstance(text, bytes) else text.encode()
    try:
        return tuple(parse_document(data, file).problems)
    except InvalidInput as error:
        return error.problems


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("yes", "yes"),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("012", 12),
        ("0o14", 12),
        ("0x1F", 31),
        ("-7", -7),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("1_000", "1_000"),
        ("1:30", "1:30"),
        ("9:16", "9:16"),
        ("22:22:22", "22:22:22"),
        ("2026-01-02", "2026-01-02"),
        (".inf", ".inf"),
        (".nan", ".nan"),
        ("1e999", "1e999"),
        ("=", "="),
        ("'12'", "12"),
        ('"no"', "no"),
        ('"\\ud83d\\ude00"', "😀"),
    ],
)
def test_scalars_follow_the_core_schema_of_yaml_1_2(written: str, value: object) -> None:
    found = parsed(f"field: {written}\n")["field"]
    assert found == value
    assert type(found) is type(value)


def test_ratios_need_no_quotes_in_a_list() -> None:
    assert parsed("r: [9:16, 4:5, 16:9]") == {"r": ["9:16", "4:5", "16:9"]}


def test_keys_are_taken_as_they_are_written() -> None:
    assert parsed("{1: a, no: b, 4K: c, null: d}") == {"1": "a", "no": "b", "4K": "c", "null": "d"}


def test_values_know_their_line_and_column() -> None:
    document = parse_document(b"a: 1\nlist:\n  - x\n  - {deep: 5}\n", "c.yaml")
    found = document.problem_at("list.1.deep", "odd")
    assert (found.line, found.column, found.field) == (4, 12, "list.1.deep")


def test_a_field_whose_key_holds_dots_is_found() -> None:
    document = parse_document(b"prices:\n  replicate:flux-1.1-pro: {usd: 1}\n", "c.yaml")
    assert document.problem_at("prices.replicate:flux-1.1-pro.usd", "odd").column == 33


def test_anchors_and_aliases_stand_for_their_value() -> None:
    assert parsed("a: &x {k: [1, 2]}\nb: *x\n") == {"a": {"k": [1, 2]}, "b": {"k": [1, 2]}}


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm() -> None:
    assert parsed("\ufeffa: 1\r\nb: x\r\n") == {"a": 1, "b": "x"}


def test_json_may_be_indented_with_tabs_and_say_where_it_is_wrong() -> None:
    assert parsed('{\n\t"a":1,\n\t"b": [true, null, "\\/"]\n}', "c.json") == {"a": 1, "b": [True, None, "/"]}
    [problem] = problems('{\n\t"a": 1,\n\t"b" 2\n}', "c.json")
    assert (problem.line, problem.field) == (3, "json")


def test_duplicate_keys_tags_and_merge_keys_are_all_reported_with_their_lines() -> None:
    text = "a: 1\nb: !!python/object/apply:os.system ['id']\na: 2\nc: {<<: {x: 1}}\nd: ! x\n"
    found = problems(text)
    assert [(p.line, p.field) for p in found] == [(2, "b"), (3, "a"), (4, "c.<<"), (5, "d")]
    assert "the first is on line 1" in found[1].message


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{','.join(['*' + chr(97 + i)] * 9)}]\n" for i in range(8)
)

HOSTILE: dict[str, str | bytes] = {
    "empty": "",
    "only spaces and comments": "  \n# nothing\n",
    "100,000 opening brackets": "[" * 100_000,
    "100,000 nested block maps": "".join(" " * min(n, 9000) + "a:\n" for n in range(100)) + "{" * 100_000,
    "100,000 dashes": "- " * 100_000,
    "an alias bomb": BOMB,
    "repeated long text": "a: &a '" + "x" * 300_000 + "'\nb: [*a, *a, *a, *a]\n",
    "a self reference": "a: &a [*a]\n",
    "a self reference in a map": "&a {k: *a}\n",
    "an alias to nothing": "a: *b\n",
    "a deep alias": "a: &a " + "[" * 40 + "]" * 40 + "\nb: " + "[" * 20 + "*a" + "]" * 20 + "\n",
    "a number of 5,000 digits": "a: " + "9" * 5000,
    "binary": b"\x89PNG\r\n\x1a\n\x00\x00\xff\xfe" * 50,
    "a NUL": b"name: a\0b\n",
    "an escape character": "name: \x1b[2J\n",
    "not UTF-8": "name: Мария".encode("cp1251"),
    "UTF-16": "name: x".encode("utf-16"),
    "10 MB": b"a: " + b"x" * 10_000_000,
    "120,000 values": "[" + "1," * 120_000 + "]",
    "two documents": "a: 1\n---\nb: 2\n",
    "a tab as indentation": "a:\n\tb: 1\n",
    "an unclosed quote": 'a: "x\nb: 1\n',
    "an unclosed list": "a: [1, 2\n",
    "a colon inside text": "a: b: c\n",
    "a bad indentation": "a: 1\n  b: 2\n",
    "an unknown escape": 'a: "\\q"\n',
    "half a surrogate pair": 'a: "\\ud83d"\n',
    "a map as a key": "{[1]: 2}\n",
    "a directive for another version": "%YAML 3.0\n---\na: 1\n",
    "a reserved character": "a: @x\n",
    "a block with a bad header": "a: |x\n  y\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_and_broken_files_are_refused_fast_with_a_place_and_in_plain_words(name: str) -> None:
    started = time.perf_counter()
    found = problems(HOSTILE[name])
    assert time.perf_counter() - started < _FAST
    assert found
    for problem in found:
        assert problem.line and problem.column and problem.field
        assert "found" in problem.message
        assert "expected" in problem.message
        assert len(problem.message) < 250
        assert problem.message.isprintable()


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (Path.absolute, "does not exist"),
        (Path.mkdir, "is a folder"),
        (os.mkfifo, "no ordinary file"),
    ],
)
def test_what_is_no_readable_file_is_an_input_error(
    tmp_path: Path, make: Callable[[Path], object], words: str
) -> None:
    make(tmp_path / "c.yaml")
    with pytest.raises(InvalidInput, match=words) as caught:
        read_document(tmp_path / "c.yaml")
    assert caught.value.exit_code == 3


def test_a_campaign_of_1000_characters_is_read_quickly() -> None:
    text = "characters:\n" + "".join(
        f"  - {{id: {n}, name: Maria {n}, prompt: 'woman, 30', voice: Rachel}}\n" for n in range(1000)
    )
    started = time.perf_counter()
    assert len(parsed(text)["characters"]) == 1000
    assert time.perf_counter() - started < _FAST
