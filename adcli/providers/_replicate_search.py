"""Looks for a lost call in the account's list of predictions: same model, same inputs, same files."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from adcli.errors import Held, OutcomeUnknown
from adcli.providers._base import Accepted, Call
from adcli.providers._http import Http
from adcli.providers._replicate_files import Files, is_file
from adcli.providers._replicate_wire import NAME, document, expires, moment
from adcli.providers._replicate_words import sent

SENDING = timedelta(minutes=5)
"""From the start of the search: a call sent 2 min later has surely arrived, or timed out, by then."""
_PAGES = 300
"""Of a hundred each: more than an account may create in the hour for which inputs are kept."""


class Likeness(Enum):
    """What can be said of a listed job. ``FORGOTTEN``: its inputs are deleted; ``PERHAPS``: its files are."""

    OTHER = 0
    PERHAPS = 1
    FORGOTTEN = 2
    SAME = 3


@dataclass(frozen=True, slots=True)
class Search:
    """One search for ``call`` among jobs created since then and not claimed by anyone."""

    http: Http
    files: Files
    call: Call
    since: datetime
    claimed: frozenset[str]

    async def found(self) -> tuple[Accepted, ...]:
        """Jobs that are the lost one, else those that were forgotten and may be it.

        Raises Held when a job may be it and nothing can tell: another's clip must not end up in this ad.
        """
        kinds: dict[Likeness, list[Accepted]] = {likeness: [] for likeness in Likeness}
        async for row in self._rows():
            kinds[await self._likeness(row)].append(Accepted(str(row["id"]), expires(row)))
        same, forgotten, perhaps = (
            kinds[likeness] for likeness in (Likeness.SAME, Likeness.FORGOTTEN, Likeness.PERHAPS)
        )
        if perhaps and not same:
            jobs = ", ".join(job.job for job in perhaps)
            message = f"a paid call may be job {jobs}, but its files can't be compared any more"
            hint = f"look at it on replicate.com/predictions, then: adcli jobs resolve TASK --adopt {jobs}"
            raise Held(message, hint=hint)
        return tuple(same or forgotten)

    async def _rows(self) -> AsyncIterator[Mapping[str, Any]]:
        page: str | None = "/v1/predictions"
        for _ in range(_PAGES):
            answer = document(await self.http.request("GET", page or ""))
            rows = answer.get("results")
            if not isinstance(rows, list):
                raise OutcomeUnknown(NAME, "the list of predictions could not be read")
            for row in rows:
                created = moment(row.get("created_at")) if isinstance(row, Mapping) else None
                if created is not None and created < self.since:
                    return
                if created is not None and row.get("id") and row["id"] not in self.claimed:
                    yield row
            page = _next(answer.get("next"))
            if page is None:
                return
        raise OutcomeUnknown(NAME, "the list of predictions has no end")

    async def _likeness(self, row: Mapping[str, Any]) -> Likeness:
        if not _is_of_model(row, self.call.model):
            return Likeness.OTHER
        listed = row.get("input")
        if row.get("data_removed") or not isinstance(listed, Mapping) or not listed:
            created = moment(row.get("created_at"))
            near = created is not None and created < self.since + SENDING
            return Likeness.FORGOTTEN if near else Likeness.OTHER
        found = Likeness.SAME
        for name, value in sent(self.call.body).items():
            same = await self._is_same(value, listed.get(name))
            if same is False:
                return Likeness.OTHER
            found = Likeness.PERHAPS if same is None else found
        return found

    async def _is_same(self, asked: Any, shown: Any) -> bool | None:
        """None where files can't be compared any more."""
        if is_file(asked):
            return await self.files.is_same(shown, self.call.file(asked))
        if isinstance(asked, Mapping):
            return await self._are_same(asked, shown) if isinstance(shown, Mapping) else False
        if isinstance(asked, list | tuple):
            pairs = dict(enumerate(asked))
            return await self._are_same(pairs, dict(enumerate(shown))) if isinstance(shown, list) else False
        return bool(asked == shown)

    async def _are_same(self, asked: Mapping[Any, Any], shown: Mapping[Any, Any]) -> bool | None:
        if asked.keys() != shown.keys():
            return False
        answers = [await self._is_same(value, shown[name]) for name, value in asked.items()]
        return False if False in answers else None if None in answers else True


def _is_of_model(row: Mapping[str, Any], model: str) -> bool:
    name, _, version = model.partition(":")
    shown = str(row.get("version") or "")
    if version and len(shown) == len(version):
        return shown == version
    return row.get("model") == name


def _next(url: object) -> str | None:
    """The path of the next page: behind a proxy the service still names its own host."""
    found = str(url or "").partition("/v1/")[2]
    return f"/v1/{found}" if found else None
