"""Only what changed is made again: every edit of the table, as exact sets of tasks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from PIL import Image

from tests.engine.studio import CAMPAIGN, Studio

RATIOS = ("9x16", "1x1")


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    found = Studio(tmp_path)
    found.run()
    assert found.result["exit_code"] == 0, found.result
    return found


def ids(*patterns: str, ad: str = "maria") -> set[str]:
    """``@`` at an end stands for every ratio."""
    found = set()
    for pattern in patterns:
        owner = "" if pattern.startswith("campaign/") else f"{ad}/"
        ends = [f"{pattern}{ratio}" for ratio in RATIOS] if pattern.endswith("@") else [pattern]
        found |= {owner + end for end in ends}
    return found


FINISH = ("assemble@", "publish@")


def captioned(studio: Studio) -> set[str]:
    """Scenes with captions: those in which somebody speaks, but the packshot."""
    voices = {task["scene_name"] for task in scenes(studio) if task["stage"] == "voice"}
    return {name for name in voices if name != "cta"}


def scenes(studio: Studio) -> list[dict[str, Any]]:
    rows = [task["id"].split("/") for task in studio.result["tasks"]]
    return [{"scene_name": row[1], "stage": row[2].partition("@")[0]} for row in rows if len(row) == 3]


def test_nothing_changed_makes_nothing(studio: Studio) -> None:
    assert studio.run() == set()
    assert set(studio.statuses().values()) <= {"reused", "shared"}


def test_a_caption_colour_makes_the_captioned_segments_again(studio: Studio) -> None:
    spoken = captioned(studio)
    assert spoken
    made = studio.edit(captions={"active_color": "#00FF00"}).run()
    assert made == ids(*(f"{name}/scene@" for name in spoken), *FINISH)


def test_a_voice_line_makes_its_own_voice_scene_and_sound_again(studio: Studio) -> None:
    lipsync = "maria/body-2/lipsync" in studio.statuses()
    made = studio.edit(scenes={"body-2": {"voiceover": "Calm skin, finally."}}).run()
    expected = ids("body-2/voice", "body-2/scene@", "master", *FINISH)
    assert made == (expected | ids("body-2/lipsync") if lipsync else expected)


def test_a_prompt_makes_its_own_picture_and_scene_again(studio: Studio) -> None:
    before = {"scenes": {"body-1": {"prompt": "a tidy bathroom"}}}
    studio.edit(**before).run()
    made = studio.edit(scenes={"body-1": {"prompt": "a bright bathroom"}}).run()
    sources = clip_users(studio, "body-1")
    own = [name for name in ("image", "animate", "lipsync") if f"maria/body-1/{name}" in studio.statuses()]
    assert made == ids(*(f"body-1/{name}" for name in own), *(f"{s}/scene@" for s in sources), *FINISH)


def clip_users(studio: Studio, scene: str) -> set[str]:
    """Scenes whose segment reads a clip of ``scene``: its own, those that take their picture from it,
    and the next one where it comes in by a transition."""
    from adcli.engine.prepare import check_campaign

    _, graph = check_campaign(studio.file)
    return {
        task.scene
        for task in graph.tasks.values()
        if task.stage == "scene" and task.scene
        for item in task.inputs
        if item.task.startswith(f"maria/{scene}/") and item.output == "clip"
    }


def test_a_transition_ties_a_scene_to_the_one_before(tmp_path: Path) -> None:
    studio = Studio(tmp_path)
    base = {"body-1": {"prompt": "one"}, "body-2": {"prompt": "two", "transition": "cut"}}
    studio.edit(scenes=base).run()
    cut = studio.edit(scenes=base | {"body-1": {"prompt": "one more"}}).run()
    assert "maria/body-2/scene@1x1" not in cut
    swiped = {"body-1": {"prompt": "one"}, "body-2": {"prompt": "two", "transition": "swipe"}}
    studio.edit(scenes=swiped).run()
    tied = studio.edit(scenes=swiped | {"body-1": {"prompt": "another one"}}).run()
    assert "maria/body-2/scene@1x1" in tied


def test_another_music_file_makes_the_sound_again(studio: Studio) -> None:
    for name, tone in (("a.wav", 1), ("b.wav", 2)):
        (studio.folder / name).write_bytes(wav(tone))
    studio.edit(music={"file": "a.wav"}).run()
    made = studio.edit(music={"file": "b.wav"}).run()
    assert made == ids("campaign/music", "master", *FINISH)


def wav(tone: int) -> bytes:
    import io
    import wave

    data = io.BytesIO()
    with wave.open(data, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes([tone, 0]) * 800)
    return data.getvalue()


def test_a_packshot_text_makes_the_closing_scene_again(studio: Studio) -> None:
    people = [{"name": "Maria", "prompt": "woman, 30", "packshot": "bottle"}]
    studio.edit(characters=people, packshots={"bottle": {"headline": "Glow", "cta": "Shop now"}}).run()
    made = studio.edit(packshots={"bottle": {"headline": "Glow", "cta": "Buy today"}}).run()
    assert made == ids("cta/scene@", *FINISH)


def test_a_ratio_more_makes_that_ratio_alone(studio: Studio) -> None:
    made = studio.edit(aspect_ratios=["9:16", "1:1", "4:5"]).run()
    names = {task["scene_name"] for task in scenes(studio)}
    expected = {f"maria/{name}/scene@4x5" for name in names} | {"maria/assemble@4x5", "maria/publish@4x5"}
    assert made == expected


def test_a_character_more_makes_their_tasks_alone(studio: Studio) -> None:
    people = [*CAMPAIGN["characters"], {"name": "Tom", "prompt": "man, 40"}]
    made = studio.edit(characters=people).run()
    assert made
    assert all(name.startswith("tom/") for name in made)


def test_more_hooks_make_the_script_and_what_belongs_to_them(studio: Studio) -> None:
    made = studio.edit(hooks=5).run()
    others = {name for name in made if not name.startswith(tuple(f"maria-h{n}/" for n in range(2, 6)))}
    assert others == {"maria/script"}
    for n in range(2, 6):
        own = {name.removeprefix(f"maria-h{n}/") for name in made if name.startswith(f"maria-h{n}/")}
        assert {"hook/voice", "hook/scene@9x16", "master", "assemble@1x1", "publish@1x1"} <= own
        assert not {name for name in own if name.startswith(("body-", "cta/"))}


def test_another_target_publishes_again(studio: Studio) -> None:
    made = studio.edit(output={"to": "elsewhere"}).run()
    assert made == ids("publish@")
    assert len(list((studio.folder / "elsewhere").rglob("*.mp4"))) == 2


def test_limits_comments_and_key_order_change_nothing(studio: Studio) -> None:
    turned = dict(reversed(studio.campaign.items())) | {"limits": {"replicate": {"concurrency": 1}}}
    studio.file.write_text("# a comment\n" + yaml.safe_dump(turned, sort_keys=False))
    assert studio.run() == set()


def test_a_retake_makes_what_reads_it_again_and_stays(studio: Studio) -> None:
    made = studio.run(retake=("maria/hook/image",))
    assert "maria/hook/image" in made
    assert "maria/hook/scene@1x1" in made
    assert studio.run() == set()


def test_a_product_photo_change_makes_its_pictures_again(studio: Studio) -> None:
    Image.new("RGB", (8, 8), "blue").save(studio.folder / "bottle.png")
    made = studio.run()
    assert "maria/hook/image" in made
    assert not {name for name in made if "/voice" in name}
