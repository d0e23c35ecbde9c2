from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from adcli.spec.scaffold import scaffold_folder
from adcli.spec.schema import FILE_NAME, campaign_schema, schema_text
from adcli.spec.yaml_source import parse_document
from tests.spec.test_campaign import EXAMPLE


def mismatches(value: Any, schema: dict[str, Any], root: dict[str, Any], path: str = "") -> Iterator[str]:
    """Where a value breaks a schema: the few keywords that ours uses."""
    if "$ref" in schema:
        yield from mismatches(value, root["definitions"][schema["$ref"].rpartition("/")[2]], root, path)
    for part in schema.get("allOf", ()):
        yield from mismatches(value, part, root, path)
    for choice in ("anyOf", "oneOf"):
        branches = [list(mismatches(value, part, root, path)) for part in schema.get(choice, ())]
        if branches and all(branches):
            yield f"{path}: no branch fits"
    if "type" in schema and not _is_of(value, schema["type"]):
        yield f"{path}: {value!r} is no {schema['type']}"
        return
    if value not in schema.get("enum", [schema.get("const", value)]):
        yield f"{path}: {value!r} is none of the values"
    if isinstance(value, str) and not re.search(schema.get("pattern", ""), value):
        yield f"{path}: {value!r} does not match"
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from mismatches(item, schema.get("items", {}), root, f"{path}.{index}")
    if isinstance(value, dict):
        yield from _fields(value, schema, root, path)


def _is_of(value: object, name: str) -> bool:
    if isinstance(value, bool) or value is None:
        return name == ("null" if value is None else "boolean")
    if isinstance(value, float):
        return name == "number"
    return (
        name in {str: ["string"], int: ["integer", "number"], list: ["array"], dict: ["object"]}[type(value)]
    )


def _fields(value: dict[str, Any], schema: dict[str, Any], root: dict[str, Any], path: str) -> Iterator[str]:
    for name in schema.get("required", ()):
        if name not in value:
            yield f"{path}.{name} is missing"
    for name, item in value.items():
        found = [s for pattern, s in schema.get("patternProperties", {}).items() if re.search(pattern, name)]
        found += [schema["properties"][name]] if name in schema.get("properties", {}) else []
        rest = schema.get("additionalProperties", True)
        if not found and rest is False:
            yield f"{path}.{name} is not allowed"
        for part in found or ([rest] if isinstance(rest, dict) else []):
            yield from mismatches(item, part, root, f"{path}.{name}")


def faults(text: str) -> list[str]:
    schema = campaign_schema()
    return list(mismatches(parse_document(text.encode(), "c.yaml").root.plain(), schema, schema))


def test_the_contracts_example_fits_the_schema() -> None:
    assert faults(EXAMPLE) == []


def test_other_spellings_fit_and_unknown_fields_do_not() -> None:
    assert faults("name: x\naspectRatios: [9:16]\noutputFolder: o\ncaptions: {useBounce: true}\n") == []
    assert (
        faults("name: x\ncharacters: [{name: M, voiceSettings: {similarityBoost: 1}, packshotType: p}]\n")
        == []
    )
    assert faults("name: x\nwrong: 1\n") == [".wrong is not allowed"]
    assert faults("name: x\naspect_ratios: [9:17]\n") != []
    assert faults("name: X Y\n") != []
    assert faults("duration: 15\n") == [".name is missing"]


def test_operations_are_offered_with_their_settings_and_other_names_are_let_through() -> None:
    good = "[fade, {trim: {from: 1}}, {blurBackground: {blur: 0.3}}, {captions: {maxWords: 3}}]"
    assert faults(f"name: x\npost: {good}\n") == []
    for bad in ("{trim: {from: soon}}", "{trim: {form: 1}}", "{slider: {}}", "3"):
        assert faults(f"name: x\npost: [{bad}]\n"), bad
    crop = campaign_schema()["properties"]["post"]["items"]["anyOf"][1]["properties"]["crop"]
    assert crop["description"]
    assert all(field["description"] for field in crop["properties"].values())


def objects(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        for item in node.values():
            yield from objects(item)
    elif isinstance(node, list):
        for item in node:
            yield from objects(item)


def test_it_keeps_to_what_draft_07_knows() -> None:
    schema = campaign_schema()
    assert schema["$schema"].startswith("http://json-schema.org/draft-07/")
    for node in objects(schema):
        assert "$defs" not in node
        assert "prefixItems" not in node
        assert "discriminator" not in node
        if "$ref" in node:
            assert len(node) == 1
            assert node["$ref"].rpartition("/")[2] in schema["definitions"]


def test_every_field_of_a_campaign_and_a_character_is_described() -> None:
    schema = campaign_schema()
    character = schema["definitions"]["Character"]
    for name, field in {**schema["properties"], **character["properties"]}.items():
        body = schema["definitions"][field["allOf"][0]["$ref"].rpartition("/")[2]] if "allOf" in field else {}
        assert field.get("description") or body.get("description"), name


def test_the_schema_beside_the_demo_is_the_present_one() -> None:
    path = scaffold_folder() / FILE_NAME
    assert path.read_text() == schema_text(), f"write it anew: adcli schema > {path}"
