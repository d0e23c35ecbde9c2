"""Every request to a service goes through its own client, which sends it once and follows nothing."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import adcli

ROOT = Path(adcli.__file__).parent
SDKS = {
    "replicate": "replicate",
    "elevenlabs": "elevenlabs",
    "openai": "openai",
    "runwayml": "runway",
    "google.genai": "google",
    "fal_client": "fal",
    "anthropic": "anthropic",
}
"""Import name → the service whose modules may use it."""
WIRES = ("httpx", "httpx2", "httpcore", "requests", "aiohttp", "urllib3", "urllib.request", "http.client")
SDK_CLIENTS = ("AsyncOpenAI", "AsyncRunwayML", "OpenAI", "RunwayML", "Anthropic", "AsyncAnthropic")
HTTP_CLIENTS = ("httpx.AsyncClient", "httpx.Client", "httpx2.AsyncClient", "httpx2.Client")
Rule = Callable[[str, ast.AST], Iterator[str]]


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return []


def _is_in(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def sdks_at_home(place: str, node: ast.AST) -> Iterator[str]:
    """A service's SDK is imported by that service's own modules only."""
    for name in _imported(node):
        for package, service in SDKS.items():
            if _is_in(name, package) and not place.startswith(f"providers/_{service}_"):
                yield f"imports {name}"


def wires_at_home(place: str, node: ast.AST) -> Iterator[str]:
    """Only clients know what an HTTP library is."""
    for name in _imported(node):
        if any(_is_in(name, wire) for wire in WIRES) and not place.startswith("providers/_"):
            yield f"imports {name}"


def posts_at_home(place: str, node: ast.AST) -> Iterator[str]:
    """Nothing is posted but by a service's client, and nothing is sold but by the module that counts it."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return
    posts = node.func.attr == "post" or any(
        isinstance(given, ast.Constant) and given.value == "POST" for given in node.args
    )
    if posts and not place.startswith("providers/_"):
        yield "sends a POST"
    renders = place.startswith("media/")  # hands work to threads, and knows no client
    if node.func.attr == "submit" and place != "engine/paid.py" and not renders:
        yield "submits a paid call"


def sends_once(_place: str, node: ast.AST) -> Iterator[str]:
    """SDKs are told not to repeat a request, HTTP clients not to follow redirects or read the environment."""
    if not isinstance(node, ast.Call):
        return
    name = ast.unparse(node.func)
    given = {word.arg: ast.unparse(word.value) for word in node.keywords if word.arg}
    if name.rpartition(".")[2] in SDK_CLIENTS:
        if given.get("max_retries") != "0":
            yield f"{name} without max_retries=0"
        if "http_client" not in given:
            yield f"{name} with an HTTP client of its own"
    if name in HTTP_CLIENTS:
        wanted = {"follow_redirects": "False", "trust_env": "False"}
        yield from (
            f"{name} without {word}={value}" for word, value in wanted.items() if given.get(word) != value
        )


RULES: tuple[Rule, ...] = (sdks_at_home, wires_at_home, posts_at_home, sends_once)


def _broken(rule: Rule, place: str, source: str) -> list[str]:
    return [
        f"adcli/{place}:{getattr(node, 'lineno', 0)}: {found}"
        for node in ast.walk(ast.parse(source))
        for found in rule(place, node)
    ]


@pytest.mark.parametrize("rule", RULES, ids=[rule.__name__ for rule in RULES])
def test_the_whole_package_keeps_the_rule(rule: Rule) -> None:
    modules = sorted(ROOT.rglob("*.py"))
    assert len(modules) > 100
    broken = [
        found
        for path in modules
        for found in _broken(rule, path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))
    ]
    assert broken == []


@pytest.mark.parametrize(
    ("rule", "place", "source"),
    [
        (sdks_at_home, "stages/voice.py", "from elevenlabs.client import ElevenLabs"),
        (sdks_at_home, "providers/_fal_client.py", "import replicate"),
        (sdks_at_home, "providers/google.py", "from google import genai"),
        (sdks_at_home, "providers/_fal_client.py", "def f():\n    from openai import OpenAI"),
        (wires_at_home, "engine/paid.py", "import httpx"),
        (wires_at_home, "providers/fal.py", "from urllib import request"),
        (wires_at_home, "stages/fetch.py", "import requests.sessions"),
        (posts_at_home, "stages/image.py", "client.post('https://x', json={})"),
        (posts_at_home, "stages/image.py", "http.request('POST', '/x')"),
        (posts_at_home, "engine/orphans.py", "await client.submit(call, folder)"),
        (sends_once, "providers/_openai_client.py", "AsyncOpenAI(api_key=k, http_client=h)"),
        (sends_once, "providers/_openai_client.py", "openai.OpenAI(max_retries=2, http_client=h)"),
        (sends_once, "providers/_openai_client.py", "AsyncOpenAI(max_retries=0)"),
        (sends_once, "providers/_http.py", "httpx.AsyncClient(follow_redirects=False)"),
        (sends_once, "providers/_http.py", "httpx.AsyncClient(trust_env=False, follow_redirects=True)"),
    ],
)
def test_the_rule_sees_a_breach(rule: Rule, place: str, source: str) -> None:
    assert _broken(rule, place, source)
