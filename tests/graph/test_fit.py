from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from adcli.graph.fit import CannotFit, FittedScene, fit
from adcli.spec.template import Kind, Role, SceneTemplate, Source, Span, Template, Visual
from adcli.units import to_frames
from tests.templates.shipped import ARCHETYPES, NAMES, TEMPLATES

LENGTHS = (5, 10, 15, 30, 50, 60)
COUNTS = {
    "before-after": (3, 4, 6, 12, 20, 24),
    "founder-story": (3, 4, 6, 11, 18, 22),
    "green-screen": (3, 4, 6, 12, 21, 25),
    "pov-reaction": (3, 4, 7, 13, 22, 26),
    "problem-solution": (3, 4, 6, 12, 20, 24),
    "testimonial": (3, 4, 6, 12, 20, 24),
    "tiktok-made-me-buy-it": (3, 5, 7, 14, 23, 28),
    "unboxing": (3, 4, 6, 12, 20, 24),
}


def span(low: float, ideal: float, high: float) -> Span:
    return Span(min=low, ideal=ideal, max=high)


def scene(id_: str, role: Role = Role.BODY, *, rank: int = 50, repeat: str | None = None,
          visual: Visual = Visual.ANIMATED, source: Source | None = None,
          seconds: Span | None = None) -> SceneTemplate:  # fmt: skip
    return SceneTemplate(
        id=id_, role=role, visual=visual, rank=rank, repeat=repeat, source=source,
        seconds=seconds or span(2, 2.5, 3),
    )  # fmt: skip


def template(*scenes: SceneTemplate, longest: float = 180) -> Template:
    hook = scene("open", Role.HOOK, seconds=span(1.5, 2, 2.5))
    cta = scene("close", Role.CTA, visual=Visual.PACKSHOT, seconds=span(1.5, 2, 3))
    return Template(
        name="mine", kind=Kind.ARCHETYPE, title="Mine", description="Mine", seconds=span(3, 15, longest),
        scenes=(hook, *scenes, cta),
    )  # fmt: skip


def names(scenes: tuple[FittedScene, ...]) -> list[str]:
    return [scene.template.id for scene in scenes]


def assert_sound(scenes: tuple[FittedScene, ...], seconds: float) -> None:
    assert sum(scene.frames for scene in scenes) == to_frames(seconds)
    start = 0
    for fitted in scenes:
        assert fitted.start == start
        low, high = to_frames(fitted.template.seconds.min), to_frames(fitted.template.seconds.max)
        assert max(1, low) <= fitted.frames <= max(1, high)
        start += fitted.frames
    by_name = {fitted.name: fitted for fitted in scenes}
    assert len(by_name) == len(scenes)
    for fitted in scenes:
        assert fitted.source is None or by_name[fitted.source].source is None
        assert fitted.source != fitted.name


@pytest.mark.parametrize("seconds", LENGTHS)
@pytest.mark.parametrize("name", NAMES)
def test_every_template_lasts_exactly_as_long_as_asked(name: str, seconds: int) -> None:
    scenes = fit(TEMPLATES[name], seconds)
    assert_sound(scenes, seconds)
    if name in COUNTS:
        assert len(scenes) == COUNTS[name][LENGTHS.index(seconds)]
        assert [scene.name for scene in scenes] == [
            "hook",
            *(f"body-{n}" for n in range(1, len(scenes) - 1)),
            "cta",
        ]


@pytest.mark.parametrize("name", ARCHETYPES)
@given(frames=st.integers(150, 5400))
@settings(max_examples=60, deadline=None)
def test_every_archetype_fits_every_length_from_five_seconds_to_three_minutes(name: str, frames: int) -> None:
    scenes = fit(TEMPLATES[name], frames / 30)
    assert_sound(scenes, frames / 30)
    assert scenes == fit(TEMPLATES[name], frames / 30)


@st.composite
def spans(draw: st.DrawFn) -> Span:
    low, ideal, high = sorted(draw(st.lists(st.integers(5, 60), min_size=3, max_size=3)))
    return span(low / 10, ideal / 10, high / 10)


@st.composite
def templates(draw: st.DrawFn) -> Template:
    count = draw(st.integers(1, 6))
    own = [draw(st.booleans()) or position == 0 for position in range(count)]
    with_clip = [f"s{position}" for position in range(count) if own[position]]
    bodies = [
        scene(
            f"s{position}",
            rank=draw(st.integers(0, 99)),
            repeat=draw(st.sampled_from([None, "one", "two"])),
            visual=draw(st.sampled_from([Visual.ANIMATED, Visual.STILL])),
            source=None
            if own[position]
            else Source(scene=draw(st.sampled_from(with_clip)), at=1.0, zoom=1.2),
            seconds=draw(spans()),
        )
        for position in range(count)
    ]
    return template(*bodies)


@given(templates(), st.floats(5, 180))
@settings(max_examples=300, deadline=None)
def test_any_template_fits_exactly_or_says_what_is_possible(mine: Template, seconds: float) -> None:
    try:
        scenes = fit(mine, seconds)
    except CannotFit as error:
        assert error.shortest <= error.longest
        assert (error.exit_code, error.seconds) == (3, seconds)
        return
    assert_sound(scenes, seconds)
    assert scenes == fit(mine, seconds)
    assert (scenes[0].name, scenes[-1].name) == ("hook", "cta")


@given(templates(), st.integers(150, 1800), st.integers(0, 3), st.integers(20, 120))
@settings(max_examples=150, deadline=None)
def test_seconds_given_to_a_scene_are_kept_exactly(
    mine: Template, frames: int, body: int, given_frames: int
) -> None:
    name = f"body-{body}" if body else "hook"
    try:
        scenes = fit(mine, frames / 30, {name: given_frames / 30})
    except CannotFit:
        assume(False)
    assert sum(fitted.frames for fitted in scenes) == frames
    lengths = {fitted.name: fitted.frames for fitted in scenes}
    assert lengths.get(name, given_frames) == given_frames


def test_five_seconds_are_hook_one_body_and_cta() -> None:
    for name in ARCHETYPES:
        best = min((s for s in TEMPLATES[name].scenes if s.role is Role.BODY), key=lambda s: s.rank)
        assert names(fit(TEMPLATES[name], 5))[1:-1] == [best.id]


def test_bodies_are_kept_by_rank_and_stand_in_the_files_order() -> None:
    mine = template(scene("a", rank=30), scene("b", rank=10), scene("c", rank=20))
    assert names(fit(mine, 6.5)) == ["open", "b", "close"]
    assert names(fit(mine, 9)) == ["open", "b", "c", "close"]
    assert names(fit(mine, 11.5)) == ["open", "a", "b", "c", "close"]


def test_a_group_runs_again_where_it_stands() -> None:
    mine = template(scene("a"), scene("b", repeat="g"), scene("c", repeat="g"), scene("d"))
    scenes = fit(mine, 21.5)
    assert names(scenes) == ["open", "a", "b", "c", "b", "c", "b", "d", "close"]
    assert [scene.cycle for scene in scenes if scene.template.id == "b"] == [0, 1, 2]


def test_a_scene_that_runs_again_takes_its_first_clip_from_another_place() -> None:
    mine = template(
        scene("a", repeat="g"), scene("b", repeat="g", source=Source(scene="a", at=2.0, zoom=1.2))
    )
    scenes = fit(mine, 14)
    first, borrowed, again, borrowed_again = scenes[1:5]
    assert (first.source, first.at, first.zoom) == (None, 0.0, 1.0)
    assert (borrowed.source, borrowed.at, borrowed.zoom) == ("body-1", 2.0, 1.2)
    assert again.source == "body-1"
    assert 0 < again.at <= 5 - again.seconds
    assert again.zoom > 1
    assert borrowed_again.source == "body-1"
    assert borrowed_again.zoom > 1.2


def test_a_still_that_runs_again_has_a_picture_of_its_own() -> None:
    mine = template(scene("a", repeat="g", visual=Visual.STILL))
    assert [fitted.source for fitted in fit(mine, 14)] == [None] * 6


def test_a_borrower_of_a_dropped_scene_has_a_clip_of_its_own() -> None:
    mine = template(scene("a", rank=90), scene("b", rank=1, source=Source(scene="a", at=2.0, zoom=1.2)))
    alone = fit(mine, 6.5)[1]
    assert (alone.template.id, alone.source, alone.at, alone.zoom) == ("b", None, 0.0, 1.0)
    assert fit(mine, 9)[2].source == "body-1"


def test_what_is_over_is_shared_by_the_room_each_scene_has() -> None:
    mine = template(scene("a", seconds=span(2, 2.5, 3)), longest=20)
    assert [fitted.frames for fitted in fit(mine, 6.5)] == [60, 75, 60]
    assert [fitted.frames for fitted in fit(mine, 8.5)] == [75, 90, 90]
    assert [fitted.frames for fitted in fit(mine, 5)] == [45, 60, 45]


def test_the_only_scene_of_a_pipeline_gets_all_the_time() -> None:
    (only,) = fit(TEMPLATES["animate"], 7.3)
    assert (only.name, only.frames, only.start) == ("hook", 219, 0)


def test_an_impossible_length_is_answered_with_the_possible_ones() -> None:
    mine = template(scene("a"), scene("b"))
    with pytest.raises(CannotFit) as caught:
        fit(mine, 40)
    assert (caught.value.shortest, caught.value.longest) == (5.0, 11.5)
    assert "5 to 11.5 s" in str(caught.value.hint)
    with pytest.raises(CannotFit):
        fit(mine, 4)
    with pytest.raises(CannotFit):
        fit(TEMPLATES["problem-solution"], 181)


def test_overridden_scenes_stay_and_the_others_make_room() -> None:
    scenes = fit(TEMPLATES["problem-solution"], 15, {"body-2": 4.0, "cta": 2.0})
    lengths = {scene.name: scene.frames for scene in scenes}
    assert (lengths["body-2"], lengths["cta"]) == (120, 60)
    assert sum(lengths.values()) == 450


def test_an_overridden_scene_is_in_the_ad_when_that_is_possible() -> None:
    scenes = fit(TEMPLATES["problem-solution"], 15, {"body-5": 2.0})
    assert "body-5" in {scene.name for scene in scenes}


def test_overrides_that_leave_no_room_are_refused() -> None:
    with pytest.raises(CannotFit, match="15 s"):
        fit(TEMPLATES["problem-solution"], 15, {"hook": 14.0})
