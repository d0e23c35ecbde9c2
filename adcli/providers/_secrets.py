"""The last guard around keys: whatever a client raises, no key is in its words.

Each client takes care of that by itself; services repeat keys in places that nobody expects, though,
and errors go into the state, into reports and onto screens.
"""

from __future__ import annotations

import base64
import functools
import inspect
import traceback
from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import quote_plus

from adcli.errors import AdcliError
from adcli.providers._base import PaidClient
from adcli.registry import ProviderSpec

BLOT = "…"
_SHORTEST = 8
"""Characters below which a part of a key is no secret by itself, but might be an ordinary word."""


def secrets_of(spec: ProviderSpec, environ: Mapping[str, str]) -> tuple[str, ...]:
    """A provider's keys, the part after an id in them, and both as they are encoded; longest first."""
    keys = [environ.get(name, "") for name in (*spec.credentials, *spec.or_credentials)]
    parts = {part for key in keys for part in (key, key.partition(":")[2]) if len(part) >= _SHORTEST}
    encoded = {base64.b64encode(part.encode()).decode().rstrip("=") for part in parts}
    return tuple(sorted(parts | encoded | {quote_plus(part) for part in parts}, key=len, reverse=True))


def blotted(text: str, secrets: tuple[str, ...]) -> str:
    """The text with every secret taken out."""
    return functools.reduce(lambda found, secret: found.replace(secret, BLOT), secrets, text)


def discreet(client: PaidClient, secrets: tuple[str, ...]) -> PaidClient:
    """The same client, whose errors hold none of the secrets."""
    return cast(PaidClient, _Discreet(client, secrets))


class _Discreet:
    def __init__(self, client: PaidClient, secrets: tuple[str, ...]) -> None:
        self._client, self._secrets = client, secrets

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._client, name)
        if not inspect.iscoroutinefunction(found):
            return found

        @functools.wraps(found)
        async def guarded(*given: Any, **named: Any) -> Any:
            try:
                return await found(*given, **named)
            except Exception as error:
                if not self._tells(error):
                    raise
                raise self._without(error) from None

        return guarded

    def _tells(self, error: Exception) -> bool:
        """Whether a secret stands in the error, its hint or what it followed from."""
        told = "".join(traceback.format_exception(error)) + str(getattr(error, "hint", ""))
        return any(secret in told for secret in self._secrets)

    def _without(self, error: Exception) -> AdcliError:
        if not isinstance(error, AdcliError):
            return AdcliError(blotted(f"{type(error).__name__}: {error}", self._secrets))
        error.message = blotted(error.message, self._secrets)
        error.hint = blotted(error.hint, self._secrets) if error.hint else error.hint
        error.args = (error.message,)
        return error
