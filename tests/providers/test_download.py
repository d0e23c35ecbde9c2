"""What a download accepts: whole files of the right kind within their caps; what it says of all others."""

from __future__ import annotations

import asyncio
import base64
import gzip
import stat
from collections.abc import Mapping
from pathlib import Path

import pytest

from adcli.errors import AdcliError, OutcomeUnknown, ResultExpired, StorageError
from adcli.providers._addresses import AddressRefused
from adcli.providers._download import AT_ONCE, LIMITS, Downloads, Kind, Limit
from adcli.work import File
from tests.emulator.pictures import draw
from tests.providers.internet import CERTIFIED, PUBLIC, Internet, Reply, answer, client_side, moved

FILES = f"https://{CERTIFIED[0]}"
NAMES = {name: [[PUBLIC]] for name in CERTIFIED}
PICTURE = draw("a picture", 64, 96, "png")
SMALL: Mapping[Kind, Limit] = {**LIMITS, Kind.IMAGE: Limit(1 << 20, 0.5)}


def _fetch(
    pages: Mapping[str, Reply] | Internet,
    url: str,
    folder: Path,
    kind: Kind = Kind.IMAGE,
    limits: Mapping[Kind, Limit] = LIMITS,
) -> File | AdcliError:
    internet = pages if isinstance(pages, Internet) else Internet(pages, NAMES)

    async def run() -> File:
        downloads = Downloads(
            "fal",
            "https://queue.example.com",
            {},
            resolve=internet.resolve,
            network=internet,
            tls=client_side(),
            limits=limits,
        )
        async with internet.running():
            try:
                return await downloads.fetch(url, folder, "image", kind)
            finally:
                await downloads.close()

    try:
        return asyncio.run(run())
    except AdcliError as error:
        return error


def _said(found: File | AdcliError, folder: Path) -> str:
    """The message of a failed download that left nothing behind."""
    assert isinstance(found, OutcomeUnknown), found
    assert not folder.exists() or not list(folder.iterdir())
    return found.message


def test_a_file_is_written_for_its_owner_alone_under_the_name_of_its_type(tmp_path: Path) -> None:
    found = _fetch({"/file": answer(PICTURE)}, f"{FILES}/file?sig=1", tmp_path / "new")
    assert isinstance(found, File)
    assert found == File(tmp_path / "new" / "image.png", "image/png", {"width": 64, "height": 96})
    assert stat.S_IMODE(found.path.stat().st_mode) == 0o600
    assert found.path.read_bytes() == PICTURE
    assert [path.name for path in found.path.parent.iterdir()] == ["image.png"]


def test_no_key_and_no_cookie_is_sent_and_no_compression_is_asked_for(tmp_path: Path) -> None:
    cookie = moved("/2").replace(b"location", b"set-cookie: session=1\r\nlocation")
    internet = Internet({"/1": cookie, "/2": answer(PICTURE)}, NAMES)
    assert isinstance(_fetch(internet, f"{FILES}/1", tmp_path), File)
    for request in internet.requests:
        names = {line.split(":")[0].lower() for line in request.splitlines()[1:] if line}
        assert names == {"host", "accept", "accept-encoding", "user-agent"}
        assert "accept-encoding: identity" in request.lower()


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        ("404 Not Found", b"", ResultExpired),
        ("410 Gone", b"", ResultExpired),
        ("403 Forbidden", b"<Code>AccessDenied</Code><Message>Request has expired</Message>", ResultExpired),
        ("403 Forbidden", b"<Code>ExpiredToken</Code>", ResultExpired),
        ("403 Forbidden", b"Signature not valid in the specified time frame", ResultExpired),
        ("403 Forbidden", b"<Code>AccessDenied</Code>", OutcomeUnknown),
        ("401 Unauthorized", b"", OutcomeUnknown),
        ("429 Too Many Requests", b"", OutcomeUnknown),
        ("500 Internal Server Error", b"expired", OutcomeUnknown),
        ("503 Service Unavailable", b"", OutcomeUnknown),
        ("204 No Content", b"", OutcomeUnknown),
        ("206 Partial Content", PICTURE, OutcomeUnknown),
        ("304 Not Modified", b"", OutcomeUnknown),
    ],
)
def test_a_status_says_whether_asking_again_can_help(
    status: str, body: bytes, kind: type[AdcliError], tmp_path: Path
) -> None:
    found = _fetch({"/file": answer(body, status)}, f"{FILES}/file?X-Sig=CANARY", tmp_path)
    assert isinstance(found, kind)
    assert "CANARY" not in str(found)
    assert not list(tmp_path.iterdir())


def test_a_length_over_the_cap_is_refused_before_a_byte_is_read(tmp_path: Path) -> None:
    page = answer(b"", content_length=str(10 << 30))
    assert "larger than 64 MB" in _said(_fetch({"/file": page}, f"{FILES}/file", tmp_path), tmp_path)


def test_an_endless_answer_stops_at_the_cap(tmp_path: Path) -> None:
    sent = 0

    async def endless(writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
        while not writer.is_closing():
            writer.write(b"10000\r\n" + bytes(1 << 16) + b"\r\n")
            sent += 1 << 16
            await writer.drain()

    limits = {**LIMITS, Kind.IMAGE: Limit(1 << 20, 60.0)}
    found = _fetch({"/file": endless}, f"{FILES}/file", tmp_path, limits=limits)
    assert "larger than 1 MB" in _said(found, tmp_path)
    assert sent < 64 << 20


def test_a_drip_of_bytes_ends_at_the_time_cap(tmp_path: Path) -> None:
    async def drip(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n")
        while not writer.is_closing():
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.01)

    found = _fetch({"/file": drip}, f"{FILES}/file", tmp_path, limits=SMALL)
    assert "longer than 0.5 s" in _said(found, tmp_path)


@pytest.mark.parametrize("encoding", ["gzip", "br", "GZIP", "identity, gzip"])
def test_a_compressed_answer_is_refused(encoding: str, tmp_path: Path) -> None:
    page = answer(gzip.compress(bytes(1 << 20)), content_encoding=encoding)
    assert "compressed" in _said(_fetch({"/file": page}, f"{FILES}/file", tmp_path), tmp_path)


@pytest.mark.parametrize(
    "page",
    [
        answer(PICTURE, content_length=str(len(PICTURE) + 1)),
        answer(PICTURE[:-20], content_length=""),
        answer(PICTURE, content_length=str(len(PICTURE) - 20)),
        answer(PICTURE, content_length="many"),
        answer(PICTURE)[:-1],
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n",
        b"HTTP/1.1 200 OK\r\n",
        b"",
        b"garbage\r\n\r\n",
        answer(b""),
    ],
)
def test_an_answer_that_is_not_whole_is_not_used(page: bytes, tmp_path: Path) -> None:
    assert _said(_fetch({"/file": page}, f"{FILES}/file", tmp_path), tmp_path)


def test_no_more_downloads_run_and_hold_files_at_once_than_there_are_connections(tmp_path: Path) -> None:
    inside: list[int] = [0]
    files: list[int] = []

    async def slow(writer: asyncio.StreamWriter) -> None:
        inside.append(inside[-1] + 1)
        while max(inside) < AT_ONCE:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)
        files.append(len(list(tmp_path.glob(".*.part"))))
        inside.append(inside[-1] - 1)
        writer.write(answer(PICTURE))
        await writer.drain()

    async def run() -> list[File]:
        internet = Internet({"/file": slow}, NAMES)
        network = {"resolve": internet.resolve, "network": internet, "tls": client_side()}
        downloads = Downloads("fal", "https://queue.example.com", {}, **network)  # type: ignore[arg-type]
        names = [f"image-{number}" for number in range(2 * AT_ONCE)]
        async with internet.running():
            fetches = (downloads.fetch(f"{FILES}/file", tmp_path, name, Kind.IMAGE) for name in names)
            found = await asyncio.gather(*fetches)
            await downloads.close()
            return found

    assert len({file.path for file in asyncio.run(run())}) == 2 * AT_ONCE
    assert max(inside) == AT_ONCE
    assert 1 <= max(files) <= AT_ONCE


def test_what_does_not_fit_the_disk_or_the_folder_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    found = _fetch({"/file": answer(PICTURE)}, f"{FILES}/file", tmp_path / "file" / "below")
    assert isinstance(found, StorageError)


def test_a_stopped_download_leaves_nothing(tmp_path: Path) -> None:
    begun = asyncio.Event()

    async def never(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\nx")
        begun.set()
        while not writer.is_closing():
            await asyncio.sleep(0.01)

    async def run() -> None:
        internet = Internet({"/file": never}, NAMES)
        network = {"resolve": internet.resolve, "network": internet, "tls": client_side()}
        downloads = Downloads("fal", "https://queue.example.com", {}, **network)  # type: ignore[arg-type]
        async with internet.running():
            task = asyncio.create_task(downloads.fetch(f"{FILES}/file", tmp_path, "image", Kind.IMAGE))
            await begun.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await downloads.close()

    asyncio.run(run())
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("prefix", ["data:image/png;base64,", "DATA:;base64,", "data:text/html;x=y;base64,"])
def test_a_data_address_is_decoded_and_examined(prefix: str, tmp_path: Path) -> None:
    found = _fetch({}, prefix + base64.b64encode(PICTURE).decode(), tmp_path)
    assert isinstance(found, File)
    assert (found.path.read_bytes(), found.media_type) == (PICTURE, "image/png")


@pytest.mark.parametrize(
    "url", ["data:", "data:image/png", "data:image/png;base64,%%%", "data:,text", "data:;base64,aGVsbG8="]
)
def test_a_data_address_that_holds_no_picture_is_not_used(url: str, tmp_path: Path) -> None:
    assert _said(_fetch({}, url, tmp_path), tmp_path)


def test_a_data_address_is_held_to_the_cap(tmp_path: Path) -> None:
    url = "data:image/png;base64," + base64.b64encode(bytes(1 << 20) + b"x").decode()
    assert "larger than 1 MB" in _said(_fetch({}, url, tmp_path, limits=SMALL), tmp_path)
    assert "larger than 1 MB" in _said(_fetch({}, url * 4, tmp_path, limits=SMALL), tmp_path)


def _fetch_own(internet: Internet, url: str, folder: Path, base: str, allowed: str) -> File | AdcliError:
    async def run() -> File:
        downloads = Downloads(
            "fal", base, {"ADCLI_ALLOW_HOSTS": allowed}, resolve=internet.resolve, network=internet
        )
        async with internet.running(tls=False):
            try:
                return await downloads.fetch(url, folder, "image", Kind.IMAGE)
            finally:
                await downloads.close()

    try:
        return asyncio.run(run())
    except AdcliError as error:
        return error


@pytest.mark.parametrize(
    ("base", "allowed"),
    [
        ("http://127.0.0.1:8000/fal", "127.0.0.1:8000"),
        ("http://127.0.0.1:9000", "files.example.com, 127.0.0.1"),
    ],
)
def test_the_services_own_host_may_be_private_when_it_is_allowed(
    base: str, allowed: str, tmp_path: Path
) -> None:
    internet = Internet({"/file": moved("/other"), "/other": answer(PICTURE)}, NAMES)
    assert isinstance(_fetch_own(internet, "http://127.0.0.1:8000/file", tmp_path, base, allowed), File)
    assert set(internet.dialled) == {"127.0.0.1"}


@pytest.mark.parametrize(
    ("base", "allowed"),
    [
        ("http://127.0.0.1:8000", ""),
        ("http://127.0.0.1:8000", "127.0.0.1:8001"),
        ("http://127.0.0.1:8000", "localhost:8000"),
        ("https://queue.fal.run", "127.0.0.1:8000"),
        ("http://localhost:8000", "127.0.0.1:8000"),
        ("http://127.0.0.2:8000", "127.0.0.1"),
    ],
)
def test_any_other_private_host_is_refused(base: str, allowed: str, tmp_path: Path) -> None:
    internet = Internet({"/file": answer(PICTURE)}, NAMES)
    found = _fetch_own(internet, "http://127.0.0.1:8000/file", tmp_path, base, allowed)
    assert isinstance(found, AddressRefused)
    assert internet.dialled == []


@pytest.mark.parametrize("target", ["http://10.0.0.7:8000/x", "http://127.0.0.1:8001/x", "https://10.0.0.7/"])
def test_an_allowed_host_cannot_lead_to_another_private_one(target: str, tmp_path: Path) -> None:
    internet = Internet({"/file": moved(target)}, NAMES)
    base, allowed = "http://127.0.0.1:8000", "127.0.0.1:8000,10.0.0.7"
    found = _fetch_own(internet, f"{base}/file", tmp_path, base, allowed)
    assert isinstance(found, AddressRefused)
    assert internet.dialled == ["127.0.0.1"]
