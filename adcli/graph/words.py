"""What each scene of an ad says and shows as text: the user's words first, the script's slots else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from adcli.graph.brief import AdIdentity, Brief
from adcli.graph.fit import FittedScene
from adcli.graph.lines import line_window, split_script, words_that_fit
from adcli.graph.task import Ref
from adcli.units import to_seconds

Text = str | Ref


def window(scene: FittedScene) -> tuple[float, float]:
    """Start of a scene's line after the scene's own start, and the seconds it may last: the sound of a given
    clip begins with the clip.
    """
    if scene.sounds:
        return 0.0, to_seconds(scene.sounds)
    return line_window(scene.template.role, to_seconds(scene.frames))


def most_words(scene: FittedScene, slot: str, language: str) -> int:
    """A slot's own limit; what is spoken must also fit the scene."""
    rule, fitting = scene.template.slots[slot], words_that_fit(window(scene)[1], language)
    return min(rule.max_words or fitting, fitting) if slot == "voiceover" else rule.max_words or fitting


def copy_language(scene: FittedScene, language: str) -> str:
    """The language whose sentence patterns the draft uses: English where the template lacks the ad's own."""
    base = language.partition("-")[0].lower()
    return base if base in scene.template.lines else "en"


def speaking_scenes(brief: Brief) -> tuple[FittedScene, ...]:
    """Scenes in which a line is spoken."""
    return tuple(scene for scene in brief.scenes if "voiceover" in scene.template.slots)


def spoken(brief: Brief, ad: AdIdentity, script: str) -> dict[str, Text]:
    """The line of each speaking scene; scenes whose line is empty are left out.

    A scene's override wins, then the campaign's hook lines, then the character's script or
    the shared voice-over, then what the task ``script`` writes.
    """
    given = dict(_given_lines(brief, ad))
    lines: dict[str, Text] = {}
    for scene in speaking_scenes(brief):
        line: Text = given.get(scene.name, Ref(script, ad.slot(scene.name, "voiceover")))
        if isinstance(line, Ref) or line.strip():
            lines[scene.name] = line
    return lines


def _given_lines(brief: Brief, ad: AdIdentity) -> Iterator[tuple[str, str]]:
    scenes, hooks = speaking_scenes(brief), brief.campaign.hooks
    listed = hooks if isinstance(hooks, tuple) else ()
    script = ad.character.script or brief.campaign.voiceover_text
    if isinstance(script, Mapping):
        yield from script.items()
    elif script:
        rest = [scene for scene in scenes if not (listed and scene.name == "hook")]
        parts = split_script(script, [(scene.name, window(scene)[1]) for scene in rest], ad.language)
        yield from ((scene.name, parts.get(scene.name, "")) for scene in rest)
    if listed:
        yield "hook", listed[ad.hook - 1]
    for name, override in brief.campaign.scenes.items():
        if override.voiceover is not None and not (name == "hook" and ad.hook > 1):
            yield name, override.voiceover


def hook_text(brief: Brief, ad: AdIdentity, script: str) -> Text:
    """What the hook of an ad is called in results: its line, or the script's slot."""
    listed = brief.texts or (brief.campaign.hooks if isinstance(brief.campaign.hooks, tuple) else ())
    said = None if brief.texts else spoken(brief, ad, script).get("hook")
    return said or (listed[ad.hook - 1] if listed else "")


def shown(brief: Brief, ad: AdIdentity, scene: FittedScene, script: str) -> Text | None:
    """Text on the screen during a scene, apart from captions; None for none."""
    override = brief.override(scene.name)
    if override.text is not None:
        return override.text or None
    hooks = brief.campaign.hooks
    if scene.name == "hook" and isinstance(hooks, tuple):
        return hooks[ad.hook - 1]
    return Ref(script, ad.slot(scene.name, "text")) if "text" in scene.template.slots else None
