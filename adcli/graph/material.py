"""Tasks that fetch what a campaign names on the web or in S3: one for each address."""

from __future__ import annotations

from collections.abc import Mapping

from adcli.graph.build import Builder, Place
from adcli.graph.task import Ref, RemoteFile
from adcli.spec.addresses import named, stem
from adcli.spec.load import Loaded
from adcli.spec.values import slugify

_LONGEST_SLUG = 64


def fetched(loaded: Loaded) -> dict[str, Ref]:
    """What stands for each remote file, by its address as written: the output of a task still to be added."""
    refs: dict[str, Ref] = {}
    taken: set[str] = set()
    last: dict[str, int] = {}
    for written in dict.fromkeys(file.written for file in loaded.remote):
        slug = name = slugify(stem(written))[:_LONGEST_SLUG].strip("-") or "file"
        while slug in taken:
            last[name] = last.get(name, 1) + 1
            slug = f"{name}-{last[name]}"
        taken.add(slug)
        refs[written] = Ref(_place(slug).id("fetch"), "file")
    return refs


def add_fetches(loaded: Loaded, builder: Builder, refs: Mapping[str, Ref]) -> None:
    """Adds the tasks; those that no ad needs drop out with all that nothing needs.

    Params hold the address without its query, which may be a signature: a new one changes nothing.
    """
    uses: dict[str, set[str]] = {}
    for file in loaded.remote:
        uses.setdefault(file.written, set()).add(file.use.name.lower())
    for written, ref in refs.items():
        place = _place(ref.task.split("/")[1])
        builder.add(place, "fetch", {"address": named(written), "uses": sorted(uses[written])})


def remote_files(loaded: Loaded) -> dict[str, RemoteFile]:
    """Where each address really leads, and which field of the campaign to correct when it leads nowhere."""
    found: dict[str, RemoteFile] = {}
    for file in loaded.remote:
        field = ".".join(map(str, file.field))
        remote = RemoteFile(file.written, loaded.problem(field, ""))
        found.setdefault(named(file.written), remote)
    return found


def _place(slug: str) -> Place:
    return Place("campaign", None, slug)
