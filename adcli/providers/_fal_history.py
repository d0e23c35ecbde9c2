"""fal's history of requests: finds a lost call, and a result that the queue has forgotten.

It lists what has ended (fal.ai/docs: platform APIs, requests by endpoint); whether it also lists
what still runs is not documented, hence the long settle time in ``fal.SPEC``.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from adcli.errors import OutcomeUnknown
from adcli.providers._base import Accepted, Call
from adcli.providers._fal_storage import is_other_file
from adcli.providers._http import Http

PATH = "/v1/models/requests/by-endpoint"
PAGES = 100
SENDING = timedelta(minutes=10)
"""From the start of a search: a call sent 2 min later has surely arrived, or timed out, by then."""
_NO_MATCH, _MAY_BE, _SAME_FILES = range(3)


class History:
    """Requests of the key's account, over fal's platform API."""

    def __init__(self, api: Http) -> None:
        self._api = api

    async def look(self) -> None:
        """Shows whether the key may read it."""
        await self._api.request("GET", PATH, params={"endpoint_id": "fal-ai/flux/dev", "limit": "1"})

    async def request(self, model: str, job: str) -> Mapping[str, Any] | None:
        """One request with its input and output; None when the history doesn't hold it."""
        query = {"endpoint_id": model, "request_id": job, "expand": "payloads", "limit": "2"}
        rows, _ = _page((await self._api.request("GET", PATH, params=query)).fields)
        return next((row for row in rows if row.get("request_id") == job), None)

    async def find(self, call: Call, since: datetime, claimed: frozenset[str]) -> tuple[Accepted, ...]:
        """Requests sent since then with this input and not claimed; failed ones too: they were the call.

        Where the names of the files tell, the requests with the same files, else all that may be it.
        """
        found: dict[str, int] = {}
        async for row in self._since(call.model, since):
            job = row.get("request_id")
            if isinstance(job, str) and job not in claimed:
                found[job] = max(found.get(job, _NO_MATCH), _likeness(row, call, since))
        best = max(found.values(), default=_NO_MATCH)
        return tuple(Accepted(job) for job, rank in found.items() if rank == best != _NO_MATCH)

    async def _since(self, model: str, since: datetime) -> AsyncIterator[Mapping[str, Any]]:
        start = since.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        query = {"endpoint_id": model, "start": start, "expand": "payloads", "limit": "50"}
        for _ in range(PAGES):
            rows, cursor = _page((await self._api.request("GET", PATH, params=query)).fields)
            for row in rows:
                yield row
            if cursor is None or cursor == query.get("cursor"):
                return
            query["cursor"] = cursor
        raise OutcomeUnknown("fal", f"the history of {model} has more than {PAGES} pages since {start}")


def _page(body: Mapping[str, Any]) -> tuple[list[Mapping[str, Any]], str | None]:
    """Rows of a page, and the cursor of the next one if there is one."""
    rows, cursor = body.get("items"), body.get("next_cursor")
    if not isinstance(rows, list):
        raise OutcomeUnknown("fal", "the history of requests could not be read")
    more = body.get("has_more") is not False and isinstance(cursor, str) and cursor
    return [row for row in rows if isinstance(row, Mapping)], cursor if more else None


def _likeness(row: Mapping[str, Any], call: Call, since: datetime) -> int:
    """How surely a request is the call; a doubt counts as "may be": a miss would pay twice."""
    sent, listed = _moment(row.get("sent_at")), row.get("json_input")
    if sent is not None and sent < since:
        return _NO_MATCH
    if not isinstance(listed, Mapping) or not listed:
        return _MAY_BE if sent is None or sent < since + SENDING else _NO_MATCH
    same = 0
    for name, value in call.body.items():
        if name not in listed:
            continue
        if not isinstance(value, Mapping | list | tuple):
            if str(value) != str(listed[name]):
                return _NO_MATCH
        elif isinstance(value, Mapping) and value.keys() & {"$input", "$asset"}:
            other = is_other_file(listed[name], call.file(value))
            if other:
                return _NO_MATCH
            same += other is False
    return _SAME_FILES if same else _MAY_BE


def _moment(written: object) -> datetime | None:
    """A time of fal's, which writes UTC with and without saying so."""
    try:
        found = datetime.fromisoformat(str(written))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
