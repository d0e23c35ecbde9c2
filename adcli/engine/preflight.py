"""Before anything of a run is sent: asks the services' free lists about models, fields and voices."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from typing import Any

from adcli.engine.clients import Clients
from adcli.engine.prepare import Prepared
from adcli.errors import InvalidInput, NotSent, OutcomeUnknown, Problem, RateLimited, Rejected
from adcli.graph.task import Task
from adcli.keys import canonical, digest
from adcli.plan.resume import Decision

SENT = (Decision.RUN, Decision.MAYBE, Decision.FIND)
_WRITTEN_LATER = "text"
_LONG = 80
"""Characters from which a text is surely a prompt, and no name that a service would know."""


def verify(made: Prepared, environ: Mapping[str, str]) -> None:
    """Raises InvalidInput for calls that a service would refuse, CredentialError for a key it refuses.

    A service that can't be reached now is left to the run, which waits for it.
    """
    calls = dict(_calls(made))
    if calls:
        problems = asyncio.run(_verified(made, calls, environ))
        if problems:
            raise InvalidInput(problems)


def _calls(made: Prepared) -> Iterator[tuple[str, Task]]:
    """One task of each kind of call that may be sent, by what is asked of the service."""
    for name in made.plan.ids(*SENT):
        task = made.plan.rows[name].task
        if name in made.selected and made.catalogue.provider(task.provider).SPEC.paid:
            asked = [task.stage, task.provider, task.model, _outline(task.params)]
            yield digest(canonical(asked)), task


async def _verified(made: Prepared, calls: Mapping[str, Task], environ: Mapping[str, str]) -> list[Problem]:
    clients = Clients(made.catalogue, environ)
    problems: dict[str, Problem] = {}
    unreached: set[str] = set()
    try:
        for task in calls.values():
            if task.provider in unreached:
                continue
            try:
                client = clients.get(task.provider)
                await client.verify(task.stage, task.model or "", _spelled_out(task.params))
            except Rejected as error:
                told = f"{error.message}; {error.hint}" if error.hint else error.message
                problems.setdefault(told, made.loaded.problem(_field(made, task), f"{task.id}: {told}"))
            except (NotSent, OutcomeUnknown, RateLimited):
                unreached.add(task.provider)
    finally:
        await clients.close()
    return list(problems.values())[:20]


def _field(made: Prepared, task: Task) -> str:
    extra = made.loaded.campaign.models.get(task.stage)
    return f"models.{task.stage}" if extra else f"providers.{task.stage}"


def _outline(value: Any) -> Any:
    """What of a call a service's lists can know: no prompts, seeds or files."""
    if isinstance(value, Mapping):
        if value.keys() & {"$input", "$asset", "$text"}:
            return None
        return {name: _outline(item) for name, item in value.items() if name != "seed"}
    if isinstance(value, list | tuple):
        return [_outline(item) for item in value]
    return None if isinstance(value, str) and len(value) > _LONG else value


def _spelled_out(value: Any) -> Any:
    """A body whose texts still to be written are stood in for; files stay references."""
    if isinstance(value, Mapping):
        if value.keys() == {"$text"}:
            return _WRITTEN_LATER
        return {name: _spelled_out(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_spelled_out(item) for item in value]
    return value
