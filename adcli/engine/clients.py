"""Clients of paid providers, made when first needed and closed with the run."""

from __future__ import annotations

from collections.abc import Mapping

from adcli.providers._base import PaidClient
from adcli.providers._secrets import discreet, secrets_of
from adcli.registry import Catalogue


class Clients:
    """One client a provider and run; keys come from ``environ`` and go nowhere else."""

    def __init__(self, catalogue: Catalogue, environ: Mapping[str, str]) -> None:
        self._catalogue = catalogue
        self._environ = environ
        self._made: dict[str, PaidClient] = {}

    def get(self, provider: str) -> PaidClient:
        """The provider's client; raises CredentialError when its key is missing."""
        if provider not in self._made:
            module = self._catalogue.provider(provider)
            secrets = secrets_of(module.SPEC, self._environ)
            self._made[provider] = discreet(module.client(self._environ), secrets)
        return self._made[provider]

    async def close(self) -> None:
        """Closes all of them."""
        for client in self._made.values():
            await client.close()
