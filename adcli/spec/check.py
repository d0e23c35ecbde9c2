"""Problems between the fields of a campaign, and between it and its template."""

from __future__ import annotations

from collections.abc import Iterator

from adcli.spec.campaign import Campaign, character_ids, character_slugs
from adcli.spec.document import Path, clip
from adcli.spec.template import Template

_LONGEST_SLUG = 120


def problems_of(
    campaign: Campaign, template: Template | None, *, language_given: bool
) -> Iterator[tuple[Path, str]]:
    """Each problem with the path of the field to change. Without a template its own checks are left out."""
    if campaign.languages and language_given:
        yield ("languages",), "found languages beside language; expected one of them"
    yield from _ids(campaign)
    yield from _ad_names(campaign)
    if template is not None:
        yield from _against(campaign, template)


def _against(campaign: Campaign, template: Template) -> Iterator[tuple[Path, str]]:
    if template.characters == "required" and not campaign.characters:
        yield ("characters",), "found no character; expected at least one"
    if template.made_from == "videos":
        if not campaign.inputs.all_videos:
            yield ("inputs",), f"found no video; expected inputs.video or inputs.videos for {template.name}"
        return
    span = template.seconds
    if not span.min <= campaign.duration <= span.max:
        found = f"found {campaign.duration:g} s"
        yield ("duration",), f"{found}; expected {span.min:g} to {span.max:g} s for template {template.name}"


def _ids(campaign: Campaign) -> Iterator[tuple[Path, str]]:
    ids = character_ids(campaign.characters)
    first = {id_: index for index, id_ in reversed(list(enumerate(ids)))}
    for index, id_ in enumerate(ids):
        if first[id_] != index:
            own = campaign.characters[index].id is not None
            field: Path = ("characters", index, "id") if own else ("characters", index)
            other = campaign.characters[first[id_]].name
            yield field, f"found id {id_} again ({clip(other)} has it); expected unique ids"


def _ad_names(campaign: Campaign) -> Iterator[tuple[Path, str]]:
    """Two ads must not share a name, such as hook 2 of ``maria`` and hook 1 of ``maria-h2``."""
    hooks = campaign.hooks if isinstance(campaign.hooks, int) else len(campaign.hooks)
    languages = (campaign.languages or ())[1:]
    endings = [f"-h{n}" for n in range(2, hooks + 1)] + [f"-{tag}" for tag in languages]
    endings += [f"-h{n}-{tag}" for n in range(2, hooks + 1) for tag in languages]
    slugs = character_slugs(campaign.characters)
    names = {slug + ending for slug in slugs for ending in endings}
    for index, slug in enumerate(slugs):
        field: Path = ("characters", index, "name")
        if slug in names:
            yield (
                field,
                f"found a name whose ads would be called {clip(slug)} like another's; expected another name",
            )
        if len(slug) > _LONGEST_SLUG:
            yield field, f"found a name of {len(slug)} letters in ASCII; expected at most {_LONGEST_SLUG}"
