"""What comes back from Replicate: every kind of result, what was counted, and files that are gone."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from adcli.errors import JobFailed, OutcomeUnknown, Rejected, ResultExpired
from adcli.media.probe import probe
from adcli.providers._base import Call, JobHandle
from adcli.providers._replicate_client import ReplicateClient
from adcli.providers._replicate_transcript import transcript
from adcli.providers._replicate_wire import address, usage
from adcli.work import Artifact, File
from tests.emulator.faults import Fault, Kind
from tests.emulator.media import clip
from tests.emulator.server import Emulator
from tests.providers.replicate_calls import (
    CUT,
    FLUX,
    KLING,
    LIPS,
    WHISPER,
    bought,
    call,
    ended,
    files,
    handle,
    trouble,
    using,
)


def result(given: Call, folder: Path) -> Mapping[str, Any]:
    return using(lambda client: bought(client, given, folder))[1]


def file(given: Call, folder: Path, name: str) -> File:
    made = result(given, folder)
    assert list(made) == [name]
    found = made[name]
    assert isinstance(found, File)
    return found


def picture(found: File) -> Image.Image:
    return Image.open(io.BytesIO(found.path.read_bytes()))


@pytest.mark.parametrize("model", [FLUX, "black-forest-labs/flux-schnell", "bytedance/seedream-4"])
def test_a_picture_comes_whether_it_is_an_address_or_a_list(
    model: str, emulator: Emulator, tmp_path: Path
) -> None:
    found = file(call(tmp_path, "image", model), tmp_path, "image")
    assert picture(found).size == (found.meta["width"], found.meta["height"])
    assert found.media_type in ("image/png", "image/jpeg")
    assert found.path.parent == tmp_path
    assert emulator.counts()["tokens_sent_to_files"] == 0


def test_a_portrait_comes_as_a_picture(emulator: Emulator, tmp_path: Path) -> None:
    assert file(call(tmp_path, "portrait", FLUX), tmp_path, "image").media_type == "image/png"


def test_a_clip_is_a_frame_longer_than_what_is_sold_and_billed(emulator: Emulator, tmp_path: Path) -> None:
    given = call(tmp_path, "animate", KLING)
    finished, made = using(lambda client: bought(client, given, tmp_path))
    found = made["clip"]
    assert isinstance(found, File)
    assert probe(found.path).frames == 121
    assert found.meta["duration"] == pytest.approx(121 / 24, abs=0.01)
    assert (found.meta["width"], found.meta["height"]) == (360, 640)
    assert finished.usage["seconds"] == 5


def test_lips_are_synced_to_the_whole_clip(emulator: Emulator, tmp_path: Path) -> None:
    found = file(call(tmp_path, "lipsync", LIPS), tmp_path, "clip")
    assert probe(found.path).frames == 72
    assert probe(found.path).audio_duration


@pytest.mark.parametrize("seconds", [1.5, 10.5])
def test_a_clip_that_lip_sync_does_not_take_fails_for_good(
    seconds: float, emulator: Emulator, tmp_path: Path
) -> None:
    given = call(tmp_path, "lipsync", LIPS)
    given = Call("lipsync", LIPS, given.body, (), files(tmp_path, "odd", seconds))
    error = trouble(lambda client: bought(client, given, tmp_path))
    assert isinstance(error, JobFailed)
    assert "between 2s and 10s" in str(error)
    assert error.permanent


def test_music_has_the_length_that_was_asked_for(emulator: Emulator, tmp_path: Path) -> None:
    given = call(tmp_path, "music", "stability-ai/stable-audio-2.5", seconds=6)
    finished, made = using(lambda client: bought(client, given, tmp_path))
    found = made["audio"]
    assert isinstance(found, File)
    assert found.media_type == "audio/mpeg"
    assert found.meta["duration"] == pytest.approx(6, abs=0.1)
    assert finished.usage == {**finished.usage, "seconds": 6, "runs": 1}


def test_a_cut_out_keeps_its_transparency(emulator: Emulator, tmp_path: Path) -> None:
    found = file(call(tmp_path, "matte", CUT), tmp_path, "image")
    assert found.media_type == "image/png"
    low, high = picture(found).getchannel("A").getextrema()
    assert (low, high) == (0, 255)


def test_a_cut_out_without_transparency_is_not_taken(emulator: Emulator, tmp_path: Path) -> None:
    out = io.BytesIO()
    Image.new("RGB", (64, 64), "teal").save(out, "PNG")
    job = _stored(emulator, tmp_path, "matte", CUT, {"output": _data(out.getvalue())})
    assert isinstance(trouble(lambda client: client.collect(job, tmp_path)), OutcomeUnknown)


@pytest.mark.parametrize("model", [WHISPER, "openai/whisper"])
def test_a_transcript_has_a_time_for_every_word(model: str, emulator: Emulator, tmp_path: Path) -> None:
    made = result(call(tmp_path, "transcribe", model), tmp_path)
    words = json.loads(made["words"])
    assert [word["text"] for word in words] == made["text"].split()
    assert len(words) > 3
    assert all(word["start"] < word["end"] for word in words)
    starts = [word["start"] for word in words]
    assert starts == sorted(starts)


def _stored(
    emulator: Emulator, folder: Path, stage: str, model: str, changes: Mapping[str, Any]
) -> JobHandle:
    """A job whose prediction reads as ordered."""
    document = {"id": "abc", "status": "succeeded", "completed_at": "2026-11-21T10:00:00.000Z", **changes}
    emulator.order(Fault("get", Kind.STATUS, status=200, body=json.dumps(document)))
    folder.mkdir(exist_ok=True)
    return JobHandle(model, emulator.url, "abc", stage)


def _data(content: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(content).decode()}"


@pytest.mark.parametrize("output", [None, [], "", {}, [None], {"id": 7}, "no address", 5])
def test_a_job_without_a_file_has_expired(output: Any, emulator: Emulator, tmp_path: Path) -> None:
    job = _stored(emulator, tmp_path, "image", FLUX, {"output": output})
    assert isinstance(trouble(lambda client: client.collect(job, tmp_path)), ResultExpired)


def test_what_the_service_has_deleted_has_expired(emulator: Emulator, tmp_path: Path) -> None:
    given = call(tmp_path)

    async def late(client: ReplicateClient) -> None:
        job = handle(given, await client.submit(given, tmp_path))
        finished = await ended(client, job)
        assert finished.expires is not None
        emulator.change(skew=3700.0)
        await client.collect(job, tmp_path)

    assert isinstance(trouble(late), ResultExpired)


def test_a_file_that_is_gone_has_expired(emulator: Emulator, tmp_path: Path) -> None:
    emulator.order(Fault("download", Kind.STATUS, status=404))
    assert isinstance(trouble(lambda client: bought(client, call(tmp_path), tmp_path)), ResultExpired)


@pytest.mark.parametrize(
    "fault",
    [
        Fault("download", Kind.TRUNCATE, nth=(1,)),
        Fault("download", Kind.STATUS, status=503, nth=(1,)),
        Fault("download", Kind.STATUS, status=200, body="<html>wait</html>", nth=(1,)),
        Fault("get", Kind.STATUS, status=200, body="<html>wait</html>", nth=(1,)),
    ],
    ids=["broken-off", "busy", "no-picture", "no-prediction"],
)
def test_a_broken_download_is_free_to_try_again(fault: Fault, emulator: Emulator, tmp_path: Path) -> None:
    given = call(tmp_path)

    async def again(client: ReplicateClient) -> Mapping[str, Any]:
        job = handle(given, await client.submit(given, tmp_path))
        await ended(client, job)
        emulator.order(fault)
        with pytest.raises(OutcomeUnknown):
            await client.collect(job, tmp_path)
        return await client.collect(job, tmp_path)

    assert using(again)
    assert len(emulator.charges()) == 1


@pytest.mark.parametrize(
    ("metrics", "expected"),
    [
        ({"image_count": 3}, {"images": 3}),
        ({"image_output_count": 2, "predict_time": 1.5}, {"images": 2, "gpu_seconds": 1.5}),
        ({"video_output_duration_seconds": 5.041666}, {"seconds": 5}),
        ({"video_output_duration_seconds": 10.04}, {"seconds": 10}),
        ({"video_output_duration_seconds": 7.5}, {"seconds": 7.5}),
        ({"audio_output_duration_seconds": 30}, {"seconds": 30}),
        ({"image_count": "3"}, {}),
        (None, {}),
        ("odd", {}),
    ],
)
def test_what_was_billed_is_read_from_the_metrics(metrics: Any, expected: dict[str, float]) -> None:
    assert usage({"metrics": metrics}) == {"runs": 1, **expected}


@pytest.mark.parametrize(
    "output",
    [
        "https://a.example/x.png",
        ["https://a.example/x.png", "https://a.example/y.png"],
        {"mask": None, "file": "https://a.example/x.png"},
        {"files": [{"url": "https://a.example/x.png"}]},
    ],
)
def test_the_first_address_of_an_output_is_the_result(output: Any) -> None:
    assert address(output, "abc") == "https://a.example/x.png"


def _chunks(*chunks: tuple[str, Any]) -> dict[str, Any]:
    return {"text": " told", "chunks": [{"text": text, "timestamp": stamp} for text, stamp in chunks]}


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (_chunks((" Stop", [0.1, 0.4]), (" it.", [0.4, None])), [("Stop", 0.1, 0.4), ("it.", 0.4, 0.7)]),
        (_chunks((" a", [0.5, 0.9]), (" b", [0.4, 0.8])), [("a", 0.5, 0.88), ("b", 0.88, 0.9)]),
        (_chunks((" ", [0, 1]), (" x", None), (" y", ["0", 1]), (" z", [1, 2])), [("z", 1, 2)]),
        (_chunks((" ab cdef", [0, 3])), [("ab", 0, 1), ("cdef", 1, 3)]),
        (_chunks((" back", [2, 1])), [("back", 1.98, 2)]),
        (
            {"segments": [{"start": 0, "end": 2, "text": " hi you"}], "transcription": "hi you"},
            [("hi", 0, 0.8), ("you", 0.8, 2)],
        ),
        (
            {"segments": [{"start": 0, "end": 2, "words": [{"word": " hi", "start": 0.2, "end": 0.5}]}]},
            [("hi", 0.2, 0.5)],
        ),
        ({"chunks": "odd", "segments": [7]}, []),
    ],
)
def test_words_are_read_from_any_whisper(found: Any, expected: list[tuple[str, float, float]]) -> None:
    words = json.loads(transcript(found)["words"])
    assert [(word["text"], word["start"], word["end"]) for word in words] == expected


def test_known_words_get_the_times_of_what_was_heard() -> None:
    found = _chunks(
        (" Try", [0.1, 0.4]), (" glow", [0.5, 0.8]), (" syrup", [0.9, 1.3]), (" now.", [1.5, 1.8])
    )
    made = transcript(found, "Try Glow Serum – now!")
    words = json.loads(made["words"])
    assert [word["text"] for word in words] == ["Try", "Glow", "Serum", "–", "now!"]
    assert made["text"] == "told"
    assert (words[0]["start"], words[1]["start"]) == (0.1, 0.4)
    assert 0.8 <= words[2]["start"] < words[3]["start"] <= 1.5
    assert words[4]["end"] == pytest.approx(1.8, abs=0.1)


def test_known_words_that_nobody_heard_get_times_as_they_are_usually_said() -> None:
    words = json.loads(transcript({"text": "", "chunks": []}, "Stop scrolling now")["words"])
    assert [word["text"] for word in words] == ["Stop", "scrolling", "now"]
    assert 0 < words[0]["end"] <= words[1]["start"] < words[2]["end"] < 3


@pytest.mark.parametrize("model", [WHISPER, "openai/whisper"])
def test_captions_show_what_was_written_and_the_service_never_gets_it(
    model: str, emulator: Emulator, tmp_path: Path
) -> None:
    given = call(tmp_path, "transcribe", model, text="Stopp scrolling, folks!")

    async def listened(client: ReplicateClient) -> Mapping[str, Any]:
        await client.verify("transcribe", model, given.body)
        (_, made) = await bought(client, given, tmp_path)
        (job,) = await client.find(given, datetime.now(UTC) - timedelta(minutes=2), frozenset())
        assert job.job == emulator.charges()[0].job
        return made

    words = json.loads(using(listened)["words"])
    assert [word["text"] for word in words] == ["Stopp", "scrolling,", "folks!"]


def test_a_transcript_without_times_is_text_alone() -> None:
    assert transcript("  just text ") == {"words": "[]", "text": "just text"}
    assert transcript(["in ", "pieces"]) == {"words": "[]", "text": "in pieces"}
    assert transcript({"transcription": "told", "segments": []})["text"] == "told"


def test_each_file_is_uploaded_once_and_sent_by_its_address(emulator: Emulator, tmp_path: Path) -> None:
    first = call(tmp_path, "animate", KLING)
    second = call(tmp_path, "animate", KLING, motion="she smiles")

    async def both(client: ReplicateClient) -> None:
        for given in (first, second):
            await client.prepare(given)
            await client.submit(given, tmp_path)

    using(both)
    assert (emulator.calls("upload"), emulator.calls("create")) == (1, 2)


def test_a_file_that_is_not_kept_long_enough_is_uploaded_again(emulator: Emulator, tmp_path: Path) -> None:
    emulator.change(skew=-23 * 3600.0)
    given = call(tmp_path, "animate", KLING)

    async def twice(client: ReplicateClient) -> None:
        await client.prepare(given)
        await client.prepare(given)

    using(twice)
    assert emulator.calls("upload") == 2


@pytest.mark.parametrize(
    ("name", "bytes_", "words"),
    [("audio", 5_000_001, "audio_file has 5.0 MB"), ("clip", 100_000_001, "video_url has 100.0 MB")],
)
def test_a_file_that_is_too_large_is_refused_before_anything_is_sent(
    name: str, bytes_: int, words: str, emulator: Emulator, tmp_path: Path
) -> None:
    given = call(tmp_path, "lipsync", LIPS)
    large = tmp_path / "large"
    with large.open("wb") as opened:
        opened.truncate(bytes_)
    assets = {**given.assets, name: Artifact(large, "0" * 64, "video/mp4")}
    error = trouble(lambda client: client.prepare(Call("lipsync", LIPS, given.body, (), assets)))
    assert isinstance(error, Rejected)
    assert words in error.message
    assert emulator.counts()["calls"] == {}


def test_no_file_above_what_the_service_takes_is_uploaded(emulator: Emulator, tmp_path: Path) -> None:
    given = call(tmp_path, "animate", KLING)
    large = tmp_path / "large"
    with large.open("wb") as opened:
        opened.truncate(100_000_001)
    assets = {"picture": Artifact(large, "0" * 64, "image/png")}
    error = trouble(lambda client: client.prepare(Call("animate", KLING, given.body, (), assets)))
    assert isinstance(error, Rejected)
    assert "100 MB" in error.message
    assert emulator.counts()["calls"] == {}


def test_a_clip_is_read_by_the_model_as_it_was_uploaded(emulator: Emulator, tmp_path: Path) -> None:
    given = call(tmp_path, "lipsync", "sync/lipsync-2")
    assert given.assets["clip"].path.read_bytes() == clip("one", 3.0, 90, 160)
    found = file(given, tmp_path, "clip")
    assert (found.meta["width"], found.meta["height"]) == (90, 160)
