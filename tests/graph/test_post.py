"""Operations under ``post:``: which tasks they are, what they are told, and what is wrong with them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from PIL import Image

from adcli.errors import InvalidInput
from adcli.graph.brief import Options
from adcli.graph.expand import expand
from adcli.graph.task import Graph, Input
from adcli.graph.videos import fit_of
from adcli.plan.build import build
from adcli.plan.decide import Verdict
from adcli.plan.resume import Decision
from adcli.registry import catalogue
from adcli.spec.load import load_campaign
from adcli.spec.prices import load_prices
from adcli.units import AspectRatio
from tests.ops.filming import WIDE, video

AD: dict[str, Any] = {
    "name": "glow",
    "template": "problem-solution",
    "aspect_ratios": ["9:16", "1:1"],
    "duration": 10,
    "product": {"name": "Glow Serum", "benefits": ["calm skin"]},
    "characters": [{"name": "Maria"}],
    "captions": False,
}
FILMS: dict[str, Any] = {
    "name": "films",
    "template": "post",
    "aspect_ratios": ["9:16", "1:1"],
    "inputs": {"video": "my clip.mp4"},
}
LISTENER = {"transcribe": "openai:whisper-1"}
SYNC = {"lipsync": "replicate:kwaivgi/kling-lip-sync"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a wide video of three seconds, which all campaigns of this module may name."""
    made = tmp_path_factory.mktemp("films")
    video(made / "my clip.mp4", 3.0, size=WIDE)
    return made


def graph_of(folder: Path, campaign: dict[str, Any], options: Options | None = None, **changes: Any) -> Graph:
    path = folder / "campaign.yaml"
    path.write_text(yaml.safe_dump(campaign | changes, sort_keys=False))
    return expand(load_campaign(path), catalogue(), options)


def post_tasks(graph: Graph) -> list[str]:
    return [name for name, task in graph.tasks.items() if task.stage == "post"]


def problems(folder: Path, text: str) -> list[str]:
    """What is wrong with a campaign, as users read it: when it is loaded, else when it is planned."""
    path = folder / "campaign.yaml"
    path.write_text(text)
    try:
        graph = expand(load_campaign(path), catalogue())
        fresh = {name: Verdict(Decision.RUN) for name in graph.tasks}
        build(graph, fresh, catalogue(), load_prices({}))
    except InvalidInput as error:
        return [str(problem).replace(f"{path}:", "") for problem in error.problems]
    return []


def test_an_ad_without_operations_is_published_as_it_was_joined(folder: Path) -> None:
    graph = graph_of(folder, AD)
    assert post_tasks(graph) == []
    assert graph.tasks["maria/publish@9x16"].inputs[0] == Input("maria/assemble@9x16", "video")


def test_operations_that_follow_each_other_are_one_task_a_variant(folder: Path) -> None:
    graph = graph_of(folder, AD, post=["fade", {"colour": {"contrast": 1.2}}, {"trim": {"to": 5}}])
    assert post_tasks(graph) == ["maria/post@9x16", "maria/post@1x1"]
    task = graph.tasks["maria/post@9x16"]
    assert task.inputs == (Input("maria/assemble@9x16", "video"),)
    assert task.params["ops"] == [
        {"op": "fade", "version": 1, "settings": {}},
        {"op": "colour", "version": 1, "settings": {"contrast": 1.2}},
        {"op": "trim", "version": 1, "settings": {"to": 5}},
    ]
    published = graph.tasks["maria/publish@9x16"]
    assert set(published.inputs) == {
        Input("maria/post@9x16", "video"),
        Input("maria/post@9x16", "poster"),
    }


def test_another_setting_changes_the_operations_and_the_file_alone(folder: Path) -> None:
    before = graph_of(folder, AD, post=[{"trim": {"to": 5}}, "fade"])
    after = graph_of(folder, AD, post=[{"trim": {"to": 6}}, "fade"])
    changed = {name for name, task in after.tasks.items() if before.tasks[name].recipe != task.recipe}
    assert {after.tasks[name].stage for name in changed} == {"post", "publish"}
    assert before.tasks.keys() == after.tasks.keys()


def test_a_setting_that_is_written_as_its_default_changes_nothing(folder: Path) -> None:
    plain = graph_of(folder, AD, post=["fade"])
    written = graph_of(folder, AD, post=[{"fade": {"in": 0.5}}])
    assert plain.tasks["maria/post@9x16"].recipe == written.tasks["maria/post@9x16"].recipe


def test_names_are_taken_in_every_spelling(folder: Path) -> None:
    kebab = graph_of(folder, FILMS, post=["blur-background"])
    for other in ("blur_background", "blurBackground"):
        tasks = graph_of(folder, FILMS, post=[other]).tasks
        assert tasks["my-clip/post@1x1"].recipe == kebab.tasks["my-clip/post@1x1"].recipe


def test_captions_get_the_ads_lines_and_when_they_are_spoken(folder: Path) -> None:
    graph = graph_of(folder, AD, post=["captions"])
    task = graph.tasks["maria/post@9x16"]
    (captions,) = task.params["ops"]
    lines = captions["settings"]["lines"]
    spoken = [name for name, task in graph.tasks.items() if task.stage == "voice"]
    assert spoken[-1] == "maria/cta/voice"  # over the packshot there are no captions
    assert [task.inputs[line["words"]["$input"]] for line in lines] == [
        Input(name, "words") for name in spoken[:-1]
    ]
    starts = [line["start"] for line in lines]
    assert starts == sorted(starts)
    assert 0 < starts[0] < 0.5
    assert not graph.warnings


def test_captions_move_with_what_is_cut_off_before_them(folder: Path) -> None:
    def starts(*steps: Any) -> list[float]:
        graph = graph_of(folder, AD, post=[*steps, "captions"])
        settings = graph.tasks["maria/post@9x16"].params["ops"][-1]["settings"]
        return [line["start"] for line in settings["lines"]]

    whole = starts()
    closed = starts({"packshot": {"cta": "Shop now"}})
    cut = starts({"trim": {"from": 1.5, "to": 8}}, {"trim": {"from": 0.5}})
    assert closed == whole
    assert cut == pytest.approx([start - 2 for start in whole])


def test_captions_on_top_of_captions_are_warned_about(folder: Path) -> None:
    graph = graph_of(folder, AD, post=["captions"], captions={"style": "box"})
    assert any("captions: false" in warning for warning in graph.warnings)
    (captions,) = graph.tasks["maria/post@9x16"].params["ops"]
    assert captions["settings"]["style"] == "box"


def test_captions_with_words_of_their_own_get_no_others(folder: Path) -> None:
    graph = graph_of(folder, FILMS, post=[{"captions": {"text": "Hello there"}}])
    (captions,) = graph.tasks["my-clip/post@9x16"].params["ops"]
    assert captions["settings"] == {"text": "Hello there"}


def test_a_text_is_spoken_once_for_all_ratios_and_its_words_are_captioned(folder: Path) -> None:
    graph = graph_of(folder, FILMS, post=[{"voiceover": {"text": "Hello there", "start": 0.5}}, "captions"])
    voice = graph.tasks["my-clip/voiceover/voice"]
    assert (voice.params["text"], voice.params["seconds"]) == ("Hello there", 2.5)
    assert len([task for task in graph.tasks.values() if task.stage == "voice"]) == 1
    task = graph.tasks["my-clip/post@1x1"]
    spoken, captions = (entry["settings"] for entry in task.params["ops"])
    assert task.inputs[spoken["audio"]["$input"]] == Input("my-clip/voiceover/voice", "audio")
    assert captions["lines"] == [{"words": spoken["words"], "start": 0.5}]


def test_a_bought_voice_is_fitted_to_what_is_left_of_the_video(folder: Path) -> None:
    bought = {"voice": "elevenlabs:eleven_multilingual_v2"}
    graph = graph_of(folder, FILMS, providers=bought, post=[{"voiceover": {"text": "Hello there"}}])
    assert graph.tasks["my-clip/voiceover/fit"].params["seconds"] == pytest.approx(3.0)
    assert Input("my-clip/voiceover/fit", "audio") in graph.tasks["my-clip/post@1x1"].inputs


def test_two_voice_overs_have_tasks_of_their_own(folder: Path) -> None:
    said = [{"voiceover": {"text": text, "start": start}} for text, start in (("One", 0), ("Two", 2))]
    tasks = graph_of(folder, FILMS, post=said).tasks
    assert {"my-clip/voiceover/voice", "my-clip/voiceover-2/voice"} <= tasks.keys()


def test_a_service_listens_to_a_video_whose_words_nobody_knows(folder: Path) -> None:
    graph = graph_of(folder, FILMS, providers=LISTENER, post=["captions"])
    heard = graph.tasks["my-clip/captions/transcribe"]
    assert heard.inputs == (Input("my-clip/captions/sound", "audio"),)
    assert 3.0 <= (heard.seconds or 0) <= 3.1
    for name in post_tasks(graph):
        assert Input(heard.id, "words") in graph.tasks[name].inputs


def test_a_service_listens_to_the_track_of_an_ad_without_lines(folder: Path) -> None:
    mute: dict[str, Any] = {"template": "animate", "duration": 5, "providers": LISTENER}
    graph = graph_of(folder, AD, post=["captions"], **mute)
    heard = graph.tasks["maria/captions/transcribe"]
    assert heard.inputs == (Input("maria/master", "audio"),)
    assert all(Input(heard.id, "words") in graph.tasks[name].inputs for name in post_tasks(graph))


def test_a_draft_leaves_out_what_it_would_have_to_listen_for(folder: Path) -> None:
    draft = Options(local=lambda _: True)
    graph = graph_of(folder, FILMS, draft, providers=LISTENER, post=["captions", "fade"])
    assert [entry["op"] for entry in graph.tasks["my-clip/post@1x1"].params["ops"]] == ["fade"]
    assert any("captions is left out of the draft" in note for note in graph.notes)
    assert not graph.problems


def test_lips_are_synced_once_for_all_ratios_where_nothing_was_done_before(folder: Path) -> None:
    steps = [{"voiceover": {"text": "Hello there"}}, "lip-sync", "fade"]
    graph = graph_of(folder, FILMS, providers=SYNC, post=steps)
    assert post_tasks(graph) == ["my-clip/post@9x16", "my-clip/post@1x1"]
    conform = graph.tasks["my-clip/lip-sync/conform"]
    assert conform.params["frames"] == 90
    assert Input("my-clip/voiceover/voice", "audio") in conform.inputs
    assert graph.tasks["my-clip/lip-sync/lipsync"].seconds == pytest.approx(3.0)
    padded, cropped = (graph.tasks[name].params for name in post_tasks(graph))
    assert padded["ops"][1]["settings"] == {"clip": {"$input": 2}, "fit": "pad"}
    assert cropped["ops"][1]["settings"] == {"clip": {"$input": 2}}


def test_lip_sync_parts_the_chain_where_something_was_done_before(folder: Path) -> None:
    graph = graph_of(folder, FILMS, providers=SYNC, post=["fade", "lip-sync", {"trim": {"to": 1}}])
    assert post_tasks(graph) == [
        *("my-clip/post@9x16", "my-clip/post-2/post@9x16"),
        *("my-clip/post@1x1", "my-clip/post-2/post@1x1"),
    ]
    second = graph.tasks["my-clip/post-2/post@1x1"]
    assert second.inputs[0] == Input("my-clip/post@1x1", "video")
    assert Input("my-clip/lip-sync/lipsync@1x1", "clip") in second.inputs
    assert graph.tasks["my-clip/lip-sync/conform@1x1"].inputs == (Input("my-clip/post@1x1", "video"),)
    assert [entry["op"] for entry in second.params["ops"]] == ["lip-sync", "trim"]
    assert "ratio" not in second.params
    assert graph.tasks["my-clip/publish@1x1"].inputs[0] == Input(second.id, "video")


def test_the_draft_leaves_lips_as_they_are_and_says_so(folder: Path) -> None:
    graph = graph_of(folder, FILMS, post=["lip-sync"])
    assert not [task for task in graph.tasks.values() if task.stage == "lipsync"]
    assert any("lip-sync is passed through" in note for note in graph.notes)


def test_every_video_is_an_ad_of_its_own(folder: Path) -> None:
    for name in ("Über uns.mp4", "my_clip.mp4", "campaign.mp4"):
        (folder / name).write_bytes((folder / "my clip.mp4").read_bytes())
    names = ["Über uns.mp4", "my_clip.mp4", "campaign.mp4"]
    graph = graph_of(folder, FILMS, inputs={"video": "my clip.mp4", "videos": names})
    ids = ["my-clip", "uber-uns", "my-clip-3", "campaign-4"]
    assert [(ad.id, ad.character) for ad in graph.ads] == list(
        zip(ids, ["my clip", "Über uns", "my_clip", "campaign"], strict=True)
    )
    assert {task.stage for task in graph.tasks.values()} == {"post", "publish"}
    assert graph.tasks["uber-uns/publish@1x1"].params["name"] == "uber-uns_1x1.mp4"


def test_a_video_without_operations_is_brought_into_each_ratio(folder: Path) -> None:
    graph = graph_of(folder, FILMS)
    params = [graph.tasks[name].params for name in post_tasks(graph)]
    assert [(given["ratio"], given.get("fit", "crop")) for given in params] == [
        ("9:16", "pad"),
        ("1:1", "crop"),
    ]
    assert all(given["ops"] == [] for given in params)


@pytest.mark.parametrize(
    ("size", "ratio", "fit"),
    [
        ((1920, 1080), "9:16", "pad"),
        ((1920, 1080), "4:5", "crop"),
        ((1920, 1080), "1:1", "crop"),
        ((1080, 1920), "16:9", "pad"),
        ((1080, 1920), "9:16", "crop"),
        ((1080, 1350), "16:9", "crop"),
        ((4000, 300), "16:9", "pad"),
        ((None, None), "9:16", "pad"),
    ],
)
def test_a_crop_keeps_enough_of_the_picture(
    size: tuple[int | None, int | None], ratio: str, fit: str
) -> None:
    assert fit_of(*size, AspectRatio(ratio)) == fit


def test_an_operation_that_shapes_a_video_gets_it_whole_and_the_ratio_of_the_variant(folder: Path) -> None:
    graph = graph_of(folder, FILMS, post=["blur-background"])
    params = graph.tasks["my-clip/post@1x1"].params
    assert "ratio" not in params
    assert params["ops"][0]["settings"] == {"ratio": "1:1"}
    own = graph_of(folder, FILMS, post=[{"blur-background": {"ratio": "4:5"}}])
    assert own.tasks["my-clip/post@1x1"].params["ops"][0]["settings"] == {"ratio": "4:5"}
    assert not graph.warnings
    assert any("blur-background makes 4:5 also of 9:16, 1:1" in warning for warning in own.warnings)


def test_fields_of_scenes_are_told_to_be_left_out(folder: Path) -> None:
    graph = graph_of(folder, FILMS, duration=30, characters=[{"name": "Maria"}])
    assert any(warning.endswith("leaves out: characters, duration") for warning in graph.warnings)


def test_files_in_settings_are_assets_wherever_they_stand(folder: Path) -> None:
    (folder / "words.srt").write_text("1\n00:00:00,000 --> 00:00:01,000\nHello\n")
    steps = [
        {"captions": {"file": "words.srt"}},
        {"splice": {"append": ["my clip.mp4"], "insert": [{"file": "my clip.mp4", "at": 1}]}},
    ]
    graph = graph_of(folder, FILMS, post=steps)
    captions, splice = (entry["settings"] for entry in graph.tasks["my-clip/post@1x1"].params["ops"])
    clip = graph.tasks["my-clip/post@1x1"].params["video"]
    assert graph.assets[captions["file"]["$asset"]].path == folder / "words.srt"
    assert splice == {"append": [clip], "insert": [{"file": clip, "at": 1}]}


HEAD = "name: films\ntemplate: post\ninputs: {video: my clip.mp4}\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            HEAD + "post:\n  - crpo: {width: 3}\n",
            ["5:5: post.0: found the operation 'crpo'; expected one of", "did you mean crop?"],
        ),
        (HEAD + "post: [tirm]\n", ["4:8: post.0: found the operation 'tirm'", "did you mean trim?"]),
        (
            HEAD + "post:\n  - fade\n  - crop: {width: wide}\n",
            ["6:19: post.1.crop.width: found 'wide'; expected whole pixels, or a share such as 50%"],
        ),
        (
            HEAD + "post:\n  - crop: {width: 50%, hight: 3}\n",
            ["5:24: post.0.crop.hight: found the unknown field 'hight'", "did you mean height?"],
        ),
        (
            HEAD + "post:\n  - trim: {from: 2, to: 1}\n",
            ["5:11: post.0.trim: ", "expected a time in 'to' after 'from', which is 2"],
        ),
        (HEAD + "post:\n  - trim: {to: 1}\n    fade: {}\n", ["5:5: post.0: found 2 names in one entry"]),
        (HEAD + "post:\n  - music: {file: no.mp3}\n", ["5:19: post.0.music.file: found no file there"]),
        (
            HEAD + "post:\n  - music: {file: campaign.yaml}\n",
            ["5:19: post.0.music.file: found text content; expected WAV"],
        ),
        (HEAD + "post:\n  - speed\n", ["5:5: post.0.factor: found nothing; expected a value"]),
        (
            HEAD + "post: [captions]\n",
            [
                "4:8: post.0: nobody knows the words that are spoken; expected a text, a file, a voiceover",
                "or providers.transcribe",
            ],
        ),
        (
            HEAD
            + "providers: {transcribe: 'openai:whisper-1'}\npost:\n  - speed: {factor: 2}\n  - captions\n",
            ["7:5: post.1: found it after speed, which changes when the words are heard"],
        ),
        (
            HEAD + "providers: {lipsync: 'replicate:kwaivgi/kling-lip-sync'}\npost:\n  - trim: {to: 2}\n"
            "  - lip-sync\n",
            ["7:5: post.1: found a video whose length isn't known before the run; expected a local file"],
        ),
        ("name: films\ntemplate: post\n", ["1:1: inputs: found no video; expected inputs.video"]),
        (HEAD + "scenes: {hook: {text: Hi}}\n", ["4:16: scenes.hook: there is no scene 'hook'; post has no"]),
    ],
)
def test_what_is_wrong_is_told_with_its_place(folder: Path, text: str, told: list[str]) -> None:
    (found,) = problems(folder, text)
    assert found.startswith(told[0]), found
    assert all(part in found for part in told), found


def test_all_that_is_wrong_is_told_at_once(folder: Path) -> None:
    text = HEAD + "duration: long\npost:\n  - crop: {width: wide}\n  - nothing\n  - music: {file: no.mp3}\n"
    fields = [problem.split(": ")[1] for problem in problems(folder, text)]
    assert fields == ["duration", "post.0.crop.width", "post.1", "post.2.music.file"]


def test_a_service_that_takes_no_such_length_is_a_problem(folder: Path) -> None:
    limits = catalogue().provider("replicate").seconds("lipsync", "kwaivgi/kling-lip-sync")
    assert limits is not None
    video(folder / "long.mp4", limits.most + 1, size="32x32", rate="5", sound=None)
    text = HEAD.replace("my clip", "long") + f"providers: {SYNC}\npost: [lip-sync]\n"
    (found,) = problems(folder, text)
    assert f"found a video of {limits.most + 1:g} s, but replicate:kwaivgi/kling-lip-sync takes" in found


def test_what_the_campaign_says_of_the_brand_is_taken_where_the_settings_leave_it_open(folder: Path) -> None:
    Image.new("RGBA", (8, 8), "red").save(folder / "bottle.png")
    given: dict[str, Any] = {
        "brand": {"colors": ["#0D5766", "white"]},
        "product": {"name": "Glow", "url": "glow.example", "images": ["bottle.png"]},
    }
    steps = [{"title": {"text": "Hi"}}, {"packshot": {"cta": "Shop now", "url": "shop.example"}}]
    graph = graph_of(folder, FILMS, post=steps, **given)
    title, packshot = (entry["settings"] for entry in graph.tasks["my-clip/post@1x1"].params["ops"])
    assert title == {"text": "Hi", "color": "#0D5766"}
    assert packshot.pop("image").keys() == {"$asset"}
    assert packshot == {"colors": ["#0D5766", "#FFFFFF"], "cta": "Shop now", "url": "shop.example"}
