from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from adcli.engine.prepare import Settings, plan_document, prepare
from adcli.errors import InvalidInput
from tests.emulator.server import Emulator
from tests.engine.buying import Buyer
from tests.engine.material import Answer, Site, serving
from tests.engine.studio import Studio, TinyMakers
from tests.s3_server import Bucket

SECRET = "CANARY0a1b2c"
FETCH = "campaign/bottle-png/fetch"


def png(colour: str = "red") -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (8, 8), colour).save(stream, "PNG")
    return stream.getvalue()


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        yield site


def studio_of(folder: Path, address: str, **changes: Any) -> Studio:
    """A campaign whose product's picture lies at an address."""
    return Studio(folder).edit(
        aspect_ratios=["9:16"], product={"name": "Glow Serum", "images": [address]}, **changes
    )


def errors(studio: Studio) -> dict[str, dict[str, Any]]:
    return {task["id"]: task["error"] for task in studio.result["tasks"] if task["error"]}


def test_material_is_planned_without_a_network_and_fetched_once_by_the_run(
    tmp_path: Path, site: Site
) -> None:
    studio = studio_of(tmp_path, site.put("shop/bottle.png", png()))
    plan = prepare(studio.file, Settings()).plan
    task = plan.rows[FETCH].task
    assert (task.stage, task.provider, float(plan.rows[FETCH].price.max_usd)) == ("fetch", "local", 0.0)
    assert task.params == {"address": site.url("shop/bottle.png"), "uses": ["picture"]}
    assert site.asked == []
    assert FETCH in studio.run(environ=site.environ)
    assert studio.result["exit_code"] == 0, studio.result
    assert studio.run() == set()
    assert site.asked == ["/shop/bottle.png"]


def test_other_work_on_fetched_material_asks_for_it_no_second_time(tmp_path: Path, site: Site) -> None:
    studio = studio_of(tmp_path, site.put("bottle.png", png()))
    studio.run(environ=site.environ)
    made = studio.edit(seed=7).run(environ=site.environ)
    assert any("image" in name for name in made)
    assert FETCH not in made
    assert site.asked == ["/bottle.png"]


def test_another_mark_after_the_hash_fetches_what_lies_there_now(tmp_path: Path, site: Site) -> None:
    studio = studio_of(tmp_path, site.put("bottle.png", png()))
    studio.run(environ=site.environ)
    site.put("bottle.png", png("blue"))
    assert studio.run(environ=site.environ) == set()
    studio.edit(product={"name": "Glow Serum", "images": [site.url("bottle.png#2")]})
    made = studio.run(environ=site.environ)
    assert {FETCH, "maria/hook/image"} <= made
    assert site.asked == ["/bottle.png", "/bottle.png"]


def test_a_lost_file_is_fetched_again_when_its_bytes_are_needed(tmp_path: Path, site: Site) -> None:
    studio = studio_of(tmp_path, site.put("bottle.png", png()))
    studio.run(environ=site.environ)
    for blob in (tmp_path / ".adcli" / "blobs").rglob("*"):
        if blob.is_file() and blob.read_bytes() == png():
            blob.unlink()
    studio.edit(seed=7).run(environ=site.environ)
    assert studio.result["exit_code"] == 0, studio.result
    assert len(site.asked) == 2


def test_what_cannot_be_fetched_fails_only_the_ads_that_need_it(tmp_path: Path, site: Site) -> None:
    studio = Studio(tmp_path).edit(
        aspect_ratios=["9:16"],
        characters=[
            {"name": "Maria", "prompt": "woman", "image": site.url("gone/maria.png")},
            {"name": "Jonas", "prompt": "man"},
        ],
    )
    studio.run(environ=site.environ)
    statuses = {ad["id"]: ad["status"] for ad in studio.result["ads"]}
    assert statuses == {"maria": "failed", "jonas": "completed"}
    assert studio.result["exit_code"] == 5
    error = errors(studio)["campaign/maria-png/fetch"]
    assert error["code"] == "not-fetched"
    assert error["message"] == (
        f"characters.0.image: {site.url('gone/maria.png')}: found no file there; expected PNG, JPEG or WebP"
    )
    assert (error["field"], error["line"] > 0) == ("characters.0.image", True)
    assert len(site.asked) == 1, "what is not there is asked for once"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"<!DOCTYPE html><p>please log in", "found HTML content; expected PNG, JPEG or WebP"),
        (png()[:-20], "found a damaged picture"),
        (b"", "found an empty file"),
        (b"\0" * (12 << 20), "found a larger file; expected at most 11 MB"),
    ],
    ids=["html", "cut", "empty", "large"],
)
def test_content_is_proved_as_that_of_local_files_is(
    tmp_path: Path, site: Site, data: bytes, words: str
) -> None:
    studio = studio_of(tmp_path, site.put("bottle.png", data))
    studio.run(environ=site.environ)
    message = errors(studio)[FETCH]["message"]
    assert words in message
    assert message.startswith("product.images.0: ")
    assert not list((tmp_path / ".adcli" / "work").glob("*"))


def test_a_site_in_trouble_is_asked_again(tmp_path: Path, site: Site) -> None:
    left = [503, 429, 500]

    def page(_: str) -> Answer:
        return (left.pop(), {}, b"") if left else (200, {}, png())

    site.pages["/bottle.png"] = page
    studio = studio_of(tmp_path, site.url("bottle.png"))
    studio.run(environ=site.environ)
    assert studio.result["exit_code"] == 0, studio.result
    assert len(site.asked) == 4


def test_a_site_that_stays_down_fails_with_its_answer(tmp_path: Path, site: Site) -> None:
    site.pages["/bottle.png"] = (503, {}, b"")
    studio = studio_of(tmp_path, site.url("bottle.png"))
    studio.run(environ=site.environ)
    assert "answered 503" in errors(studio)[FETCH]["message"]
    assert len(site.asked) == 6
    site.put("bottle.png", png())
    studio.run(environ=site.environ)
    assert studio.result["exit_code"] == 0


def test_a_private_address_needs_leave_and_none_helps_after_a_redirect(tmp_path: Path, site: Site) -> None:
    studio = studio_of(tmp_path, site.put("bottle.png", png()))
    studio.run()
    error = errors(studio)[FETCH]
    assert error["hint"] == f"a private address is allowed with ADCLI_ALLOW_HOSTS={site.host}"
    assert site.asked == []
    with serving() as inner:
        inner.put("bottle.png", png())
        elsewhere = f"localhost:{inner.port}"
        site.pages["/bottle.png"] = (302, {"Location": f"http://{elsewhere}/bottle.png"}, b"")
        studio.run(environ={"ADCLI_ALLOW_HOSTS": f"{site.host},{elsewhere}"})
        error = errors(studio)[FETCH]
        assert "was refused" in error["message"]
        assert "must not lead to a private address" in error["hint"]
        assert inner.asked == []


@pytest.mark.parametrize("works", [True, False])
def test_what_follows_the_question_mark_is_used_and_written_nowhere(
    tmp_path: Path, site: Site, works: bool
) -> None:
    def signed(target: str) -> Answer:
        return (
            (200, {}, png()) if works and target.endswith(SECRET) else (403, {}, b"<Code>AccessDenied</Code>")
        )

    site.pages["/bottle.png"] = signed
    studio = studio_of(tmp_path / "ads", site.url(f"bottle.png?X-Amz-Signature={SECRET}"))
    made = prepare(studio.file, Settings())
    document = json.dumps(plan_document(made))
    studio.run(environ=site.environ)
    assert studio.result["exit_code"] == (0 if works else 5)
    assert site.asked[0].endswith(SECRET)
    told = document + json.dumps(studio.result) + "".join(str(asdict(event)) for event in studio.events)
    assert SECRET not in told
    written = [path for path in (tmp_path / "ads").rglob("*") if path.is_file() and path != studio.file]
    assert len(written) > 2
    assert [path for path in written if SECRET.encode() in path.read_bytes()] == []
    if not works:
        assert "may not be read (the server answered 403)" in errors(studio)[FETCH]["message"]


def test_a_fresh_signature_changes_nothing(tmp_path: Path, site: Site) -> None:
    studio = studio_of(tmp_path, site.put("bottle.png", png()) + "?sig=1")
    studio.run(environ=site.environ)
    studio.edit(product={"name": "Glow Serum", "images": [site.url("bottle.png?sig=2")]})
    assert studio.run(environ=site.environ) == set()


def test_files_of_one_name_have_ids_of_their_own(tmp_path: Path, site: Site) -> None:
    addresses = [site.put(f"{place}/bottle.png", png(place)) for place in ("red", "blue")]
    people = [{"name": f"P {number}", "image": found} for number, found in enumerate(addresses)]
    studio = Studio(tmp_path).edit(characters=people)
    names = [name for name in prepare(studio.file, Settings()).plan.rows if name.endswith("/fetch")]
    assert names == ["campaign/bottle-png/fetch", "campaign/bottle-png-2/fetch"]


def test_a_remote_packshot_is_a_video_if_its_suffix_says_so(tmp_path: Path) -> None:
    studio = Studio(tmp_path)
    for name, kind in (("shot.mp4", "clip"), ("shot.png", "packshot")):
        studio.edit(
            characters=[{"name": "Maria", "packshot": "own"}],
            packshots={"own": {"image": f"https://cdn.example.com/{name}?v=1"}},
        )
        rows = prepare(studio.file, Settings()).plan.rows
        assert kind in rows["maria/cta/scene@9x16"].task.params["picture"]


@pytest.mark.parametrize(
    ("addresses", "words"),
    [
        (["http://cdn.example.com/a.png"], "not encrypted; expected https://host/path or s3://bucket/key"),
        ([f"https://me:{SECRET}@cdn.example.com/a.png"], "a user name or password in an address"),
        (["https:///a.png"], "an address without a host"),
        (["s3://bucket"], "no bucket and key"),
        (
            ["https://x.example/a.png?v=1", f"https://x.example/a.png?v={SECRET}"],
            "differs from product.images.0 after its '?' alone",
        ),
    ],
)
def test_an_address_that_can_not_be_meant_is_a_problem_with_its_place(
    tmp_path: Path, addresses: list[str], words: str
) -> None:
    studio = Studio(tmp_path).edit(product={"name": "Glow", "images": addresses})
    with pytest.raises(InvalidInput) as caught:
        prepare(studio.file, Settings())
    (problem,) = caught.value.problems
    assert problem.field == f"product.images.{len(addresses) - 1}"
    assert words in problem.message
    assert SECRET not in str(problem)


def test_all_kinds_of_material_come_from_s3(tmp_path: Path, bucket: Bucket) -> None:
    bucket.client.put_object(Bucket=bucket.name, Key="in/bottle.png", Body=png())
    bucket.client.put_object(
        Bucket=bucket.name, Key="logo.svg", Body=b"<svg xmlns='http://www.w3.org/2000/svg'/>"
    )
    brand = {"logo": f"s3://{bucket.name}/logo.svg"}
    studio = studio_of(tmp_path, f"s3://{bucket.name}/in/bottle.png", brand=brand)
    assert {FETCH, "campaign/logo-svg/fetch"} <= studio.run()
    assert studio.result["exit_code"] == 0, studio.result
    assert studio.run() == set()


def test_an_object_that_is_not_there_is_named_with_its_field(tmp_path: Path, bucket: Bucket) -> None:
    studio = studio_of(tmp_path, f"s3://{bucket.name}/in/bottle.png")
    studio.run()
    assert errors(studio)[FETCH]["message"] == (
        f"product.images.0: s3://{bucket.name}/in/bottle.png: found no file there; expected PNG, JPEG or WebP"
    )


def test_sixteen_are_fetched_at_once(tmp_path: Path, site: Site) -> None:
    import threading

    all_here = threading.Barrier(16)

    def page(_: str) -> Answer:
        all_here.wait(timeout=20)
        return 200, {}, png()

    people = []
    for number in range(16):
        site.pages[f"/{number}.png"] = page
        people.append({"name": f"P {number}", "prompt": "person", "image": site.url(f"{number}.png")})
    studio = Studio(tmp_path).edit(aspect_ratios=["1:1"], template="image", duration=5, characters=people)
    studio.run(TinyMakers(), environ=site.environ)
    assert studio.result["exit_code"] == 0, errors(studio)


def test_fetched_material_is_sent_to_a_service_and_bought_with_once(
    tmp_path: Path, site: Site, emulator: Emulator
) -> None:
    page = site.put("bottle.png", png())
    picture = {"name": "Glow", "images": [f"{page}?sig={SECRET}1"]}
    model = {"image": "replicate:google/nano-banana"}
    buyer = Buyer(tmp_path / "ads", emulator, product=picture, providers=model)
    environ = emulator.environment()
    environ |= {"ADCLI_ALLOW_HOSTS": f"{environ.get('ADCLI_ALLOW_HOSTS', '')},{site.host}"}
    assert buyer.run(environ) == 0, buyer.studio.result
    body: Any = buyer.checkpoint().document["params"]
    assert body["image_input"] == [{"$input": 1}]
    buyer.studio.edit(product={"name": "Glow", "images": [f"{page}?sig={SECRET}2"]})
    assert buyer.run(environ) == 0
    assert (buyer.posts(), len(site.asked)) == (1, 1)
