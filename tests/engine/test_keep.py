"""What a campaign keeps besides its videos: which files, when they are made, and what they replace."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from adcli.engine.links import links
from adcli.engine.prepare import Settings, check_campaign, prepare
from adcli.errors import TaskFailed
from adcli.state.store import Store
from tests.engine.studio import Studio, TinyMakers
from tests.graph.campaigns import graph_of, plan_of

ALL = ["images", "clips", "voice", "subtitles", "script"]
TEXTS = {"voice.m4a", "subtitles.srt", "script.yaml"}


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    return Studio(tmp_path)


def keep(*kinds: str) -> dict[str, Any]:
    return {"keep": list(kinds)}


def folder(studio: Studio, ad: str = "maria") -> Path:
    return studio.folder / "out" / "glow" / ad


def files(studio: Studio, ad: str = "maria") -> set[str]:
    return {path.name for path in folder(studio, ad).iterdir()} if folder(studio, ad).exists() else set()


def scenes(studio: Studio) -> list[str]:
    found = [row.scene for row in prepare(studio.file, Settings()).plan.graph.tasks.values() if row.scene]
    return list(dict.fromkeys(str(name) for name in found))


def test_all_of_it_stands_in_a_folder_of_the_ad(studio: Studio) -> None:
    studio.edit(output=keep(*ALL)).run()
    assert studio.result["exit_code"] == 0
    names = scenes(studio)
    moving = [name for name in names if name != "cta"]
    assert files(studio) == {f"{n}.png" for n in names} | {f"{n}.mp4" for n in moving} | TEXTS
    (ad,) = studio.result["ads"]
    assert {Path(path).name for path in ad["kept"]} == files(studio)
    assert all(path.startswith("glow/maria/") for path in ad["kept"])
    assert [output["type"] for output in ad["outputs"]] == ["video", "video"]
    assert studio.run() == set()


KINDS: list[tuple[str, set[str]]] = [
    ("images", {"hook.png", "cta.png"}),
    ("clips", {"hook.mp4", "body-1.mp4"}),
    ("voice", {"voice.m4a"}),
    ("subtitles", {"subtitles.srt"}),
    ("script", {"script.yaml"}),
]


@pytest.mark.parametrize(("kind", "some"), KINDS)
def test_one_kind_keeps_no_other(studio: Studio, kind: str, some: set[str]) -> None:
    studio.edit(output=keep(kind)).run()
    found = files(studio)
    assert some <= found
    assert len({Path(name).suffix for name in found}) == 1


def test_keeping_more_of_a_finished_campaign_makes_those_files_only(studio: Studio) -> None:
    studio.run()
    before = set(studio.statuses())
    made = studio.edit(output=keep(*ALL)).run()
    assert {name.rpartition("/")[2] for name in made} == {
        *("picture", "clip", "narration", "subtitles", "screenplay", "publish")
    }
    assert not any("@" in name for name in made)
    assert before <= set(studio.statuses())
    assert made == set(studio.statuses()) - before


def test_without_it_nothing_is_there(studio: Studio) -> None:
    studio.run()
    assert files(studio) == set()
    assert studio.result["ads"][0]["kept"] == []
    assert not any(name.count("/") == 2 and name.endswith("/publish") for name in studio.statuses())


def test_what_is_gone_is_copied_again_and_what_was_changed_too(studio: Studio) -> None:
    studio.edit(output=keep("images", "script")).run()
    picture, script = folder(studio) / "hook.png", folder(studio) / "script.yaml"
    before = picture.read_bytes(), script.read_bytes()
    picture.unlink()
    script.write_text("mine")
    assert studio.run() == {"maria/hook/publish", "maria/publish"}
    assert (picture.read_bytes(), script.read_bytes()) == before


def test_somebody_elses_file_stays(studio: Studio) -> None:
    folder(studio).mkdir(parents=True)
    theirs = folder(studio) / "voice.m4a"
    theirs.write_bytes(b"theirs")
    studio.edit(output=keep("voice", "script")).run()
    assert studio.statuses()["maria/publish"] == "failed"
    assert studio.result["exit_code"] == 5
    assert theirs.read_bytes() == b"theirs"
    assert studio.result["ads"][0]["kept"] == []
    studio.run(overwrite=True)
    assert theirs.read_bytes() != b"theirs"


def test_a_draft_keeps_its_own_beside_its_videos(studio: Studio) -> None:
    studio.edit(output=keep("script", "images")).run(draft=True)
    draft = studio.folder / "out" / "glow" / "draft"
    assert {"script.yaml", "hook.png"} <= {path.name for path in (draft / "maria").iterdir()}
    assert (draft / "maria_9x16.mp4").exists()
    assert files(studio) == set()


def test_user_and_project_come_first(studio: Studio) -> None:
    studio.edit(output=keep("script") | {"to": "there", "user_id": "u1", "project_id": "p1"}).run()
    assert (studio.folder / "there/u1/p1/glow/maria/script.yaml").exists()
    assert studio.result["ads"][0]["kept"] == ["u1/p1/glow/maria/script.yaml"]


def test_every_hook_has_a_folder_of_its_own_and_work_is_shared(studio: Studio) -> None:
    studio.edit(hooks=2, output=keep("images", "clips", "voice")).run()
    assert files(studio) == files(studio, "maria-h2")
    ended = studio.statuses()
    assert ended["maria-h2/body-1/clip"] == ended["maria-h2/body-1/picture"] == "shared"
    assert ended["maria-h2/body-1/publish"] == ended["maria-h2/narration"] == "done"


def test_a_clip_with_effects_is_kept_as_it_is(studio: Studio) -> None:
    studio.edit(output=keep("clips"), scenes={"hook": {"effects": ["MirrorX"]}}).run()
    graph = check_campaign(studio.file)[1]
    assert "maria/hook/clip" not in graph.tasks
    assert [item.task for item in graph.tasks["maria/hook/publish"].inputs] == ["maria/hook/effects"]


def test_addresses_of_kept_files_are_listed(studio: Studio) -> None:
    studio.edit(output=keep("script", "voice")).run()
    rows = [str(row["url"]) for row in links(prepare(studio.file, Settings()), "1h")]
    assert [url.rpartition("/")[2] for url in rows] == [
        "maria_9x16.mp4",
        "maria_1x1.mp4",
        "voice.m4a",
        "script.yaml",
    ]


def test_pictures_keep_what_they_have_and_say_what_they_lack(studio: Studio) -> None:
    studio.edit(template="image", duration=5, output=keep(*ALL)).run()
    assert files(studio) == {"hook.png", "script.yaml"}
    warnings = check_campaign(studio.file)[1].warnings
    assert warnings == ("output.keep: template image makes no clips, voice, subtitles; left out",)


def test_a_voice_pipeline_keeps_its_texts_with_its_sound(studio: Studio) -> None:
    studio.edit(template="voice", duration=5, output=keep(*ALL)).run()
    assert files(studio) == TEXTS
    (ad,) = studio.result["ads"]
    assert [output["type"] for output in ad["outputs"]] == ["audio"]
    assert len(ad["kept"]) == 3


def test_a_kept_file_that_fails_leaves_the_videos_alone(studio: Studio) -> None:
    mute = TinyMakers(lambda task: TaskFailed("no") if task.endswith("/narration") else None)
    studio.edit(output=keep("voice")).run(mute)
    (ad,) = studio.result["ads"]
    assert ad["status"] == "failed"
    assert [output["type"] for output in ad["outputs"]] == ["video", "video"]
    assert ad["kept"] == []


def test_nothing_more_is_bought_to_be_kept(tmp_path: Path) -> None:
    plain, kept = plan_of(tmp_path), plan_of(tmp_path, output=keep(*ALL))
    assert kept.max_usd == plain.max_usd
    assert {name: row.task.recipe for name, row in plain.rows.items()}.items() <= {
        name: row.task.recipe for name, row in kept.rows.items()
    }.items()
    added = [row.task for name, row in kept.rows.items() if name not in plain.rows]
    assert {task.provider for task in added} == {"local"}


def test_borrowed_scenes_keep_their_part_of_the_clip_and_no_picture(tmp_path: Path) -> None:
    graph = graph_of(tmp_path, output=keep("images", "clips"))
    segments = [task for task in graph.tasks.values() if task.stage == "scene" and "at" in task.params]
    borrowed = [task for task in segments if f"maria/{task.scene}/image" not in graph.tasks]
    assert borrowed
    for segment in borrowed:
        clip = graph.tasks[f"maria/{segment.scene}/clip"]
        assert clip.params["at"] == segment.params["at"]
        assert clip.params["frames"] == segment.params["frames"]
        assert f"maria/{segment.scene}/picture" not in graph.tasks


def test_records_of_kept_files_are_in_the_checkpoint(studio: Studio) -> None:
    studio.edit(output=keep("script", "voice")).run()
    store = Store(studio.folder / ".adcli")
    (found,) = [row for row in store.checkpoints() if row.task == "maria/publish"]
    assert {uri.rpartition("/")[2] for uri in found.targets} == {"voice.m4a", "script.yaml"}
    assert all(row["sha256"] and row["bytes"] for row in found.targets.values())
