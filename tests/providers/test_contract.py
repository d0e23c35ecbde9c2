"""What every paid provider has to keep, also one that is added tomorrow."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import pytest

from adcli.errors import CredentialError
from adcli.providers._base import PaidClient
from adcli.registry import catalogue
from adcli.spec.prices import load_prices
from tests.emulator.app import SERVICES, environment

PAID = sorted(name for name, module in catalogue().providers.items() if module.SPEC.paid)
METHODS = [name for name, _ in inspect.getmembers(PaidClient, inspect.isfunction) if not name.startswith("_")]
HERE = Path(__file__).parent
EMULATOR = environment("http://127.0.0.1:1")


def module_of(name: str) -> Any:
    return catalogue().provider(name)


@pytest.mark.parametrize("name", PAID)
def test_it_has_tests_of_its_own_and_an_emulated_service(name: str) -> None:
    assert list(HERE.glob(f"test_{name}*.py")), f"write tests/providers/test_{name}.py"
    assert any(service.name == name or not service.name for service in SERVICES.values())
    assert module_of(name).SPEC.base_url in EMULATOR


@pytest.mark.parametrize("name", PAID)
def test_its_stages_exist_and_have_versions(name: str) -> None:
    spec = module_of(name).SPEC
    assert spec.versions
    assert set(spec.versions) <= set(catalogue().stages)
    assert set(spec.abilities) <= set(spec.versions)
    assert all(version >= 1 for version in spec.versions.values())


@pytest.mark.parametrize("name", PAID)
def test_its_client_does_what_the_engine_asks_for(name: str) -> None:
    client = module_of(name).client(EMULATOR)
    assert client.spec is module_of(name).SPEC
    for method in METHODS:
        wanted = list(inspect.signature(getattr(PaidClient, method)).parameters)[1:]
        assert list(inspect.signature(getattr(client, method)).parameters) == wanted, method


@pytest.mark.parametrize("name", PAID)
def test_a_missing_key_is_named_before_anything_is_sent(name: str) -> None:
    spec = module_of(name).SPEC
    without = {k: v for k, v in EMULATOR.items() if k not in {*spec.credentials, *spec.or_credentials}}
    with pytest.raises(CredentialError, match=spec.credentials[0]):
        module_of(name).client(without)


@pytest.mark.parametrize("name", PAID)
@pytest.mark.parametrize("key", ["a b", "key\n", "schlüssel", "\x1b[2J"])
def test_a_key_that_can_not_be_one_is_refused_without_being_shown(name: str, key: str) -> None:
    spec = module_of(name).SPEC
    given = {**EMULATOR, spec.credentials[0]: key}
    for other in spec.or_credentials:
        given.pop(other, None)
    with pytest.raises(CredentialError) as found:
        module_of(name).client(given)
    assert key not in f"{found.value} {found.value.hint}"


@pytest.mark.parametrize("name", PAID)
@pytest.mark.parametrize("address", ["http://api.example.com", "http://10.0.0.1", "ftp://127.0.0.1", "api"])
def test_its_address_is_https_or_on_this_machine(name: str, address: str) -> None:
    variable = str(module_of(name).SPEC.base_url)
    with pytest.raises(CredentialError, match=variable):
        module_of(name).client({**EMULATOR, variable: address})


def test_every_price_has_a_unit_a_source_and_a_date() -> None:
    for model, price in load_prices({}).items():
        assert price.get("source"), model
        assert price.get("as_of"), model
        assert model.partition(":")[0] in {*PAID, "anthropic"}, model


def test_variants_of_a_price_are_never_above_it() -> None:
    for model, price in load_prices({}).items():
        variants: Any = price.get("variants", [])
        assert all(variant["usd"] <= price["usd"] for variant in variants), model
