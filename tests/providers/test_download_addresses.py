"""Where a download may go: public addresses, dialled as they were checked, and nowhere else."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from adcli.errors import AdcliError, OutcomeUnknown, UsageError
from adcli.providers._addresses import AddressRefused, allowed_hosts, is_public
from adcli.providers._download import Downloads, Kind
from adcli.work import File
from tests.emulator.pictures import draw
from tests.providers.internet import CERTIFIED, PUBLIC, Internet, answer, client_side, moved

FILES, OWN = f"https://{CERTIFIED[0]}", f"https://{CERTIFIED[1]}"
PICTURE = draw("a picture", 64, 96, "png")
NAMES: dict[str, Sequence[Sequence[str]]] = {
    **{name: [[PUBLIC]] for name in CERTIFIED},
    "private.example.com": [["10.0.0.7"]],
    "loopback.example.com": [["127.0.0.1"]],
    "six.example.com": [["fd00:ec2::254"]],
    "mixed.example.com": [[PUBLIC, "10.0.0.7"]],
    "mixed-six.example.com": [["2606:4700::1111", "::1"]],
    "metadata.google.internal": [["169.254.169.254"]],
    "mapped.example.com": [["::ffff:10.0.0.7"]],
    "empty.example.com": [[]],
}
REFUSED = (
    *("https://169.254.169.254/latest/meta-data/", "https://127.0.0.1/", "https://127.8.9.10/"),
    *("https://10.0.0.1/", "https://172.16.0.1/", "https://192.168.1.1/", "https://0.0.0.0/", "https://0/"),
    *("https://2130706433/", "https://0x7f.1/", "https://0x7f000001/", "https://017700000001/"),
    *("https://127.1/", "https://3232235777/", "https://100.64.0.1/", "https://192.0.0.8/"),
    *("https://198.18.0.1/", "https://203.0.113.5/", "https://224.0.0.1/", "https://255.255.255.255/"),
    *("https://240.0.0.1/", "https://192.88.99.1/", "https://127.0.0.1./", "https://127.0.0.1:443/"),
    *("https://[::1]/", "https://[::]/", "https://[::ffff:169.254.169.254]/", "https://[::ffff:7f00:1]/"),
    *("https://[::127.0.0.1]/", "https://[fd00:ec2::254]/", "https://[fe80::1]/", "https://[fec0::1]/"),
    *("https://[2002:a9fe:a9fe::1]/", "https://[64:ff9b::a9fe:a9fe]/", "https://[64:ff9b:1::1]/"),
    *("https://[2001:db8::1]/", "https://[ff0e::1]/", "https://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/"),
    *("https://[fe80::1%25eth0]/", "https://localhost/", "https://LOCALHOST./", "https://localhost:8443/"),
    *("https://private.example.com/", "https://loopback.example.com/", "https://six.example.com/"),
    *("https://mixed.example.com/", "https://mixed-six.example.com/", "https://mapped.example.com/"),
    *("https://metadata.google.internal/", "https://PRIVATE.example.com/", "https://private.example.com./"),
    *("http://files.example.com/", "http://93.184.215.14/", "http://127.0.0.1/", "http://localhost:80/"),
    *("file:///etc/passwd", "ftp://files.example.com/", "gopher://files.example.com/", "ws://127.0.0.1/"),
    *("https://files.example.com@127.0.0.1/", "https://user:key@files.example.com/", "https://@127.0.0.1/"),
    *("https://files.example.com\\@127.0.0.1/", "https://127.0.0.1#@files.example.com/", "https:///x"),
    *("https://127。0。0。1/", "https://127.0.0.1%2f@files.example.com/", "https://１２７.0.0.1/"),
    *("https://ⓛocalhost/", "https://localhost\u3002/", "https://files.example.com:99999/", "https://"),
    *("//127.0.0.1/", "javascript:alert(1)", "https://exa mple.com/", "\x00https://127.0.0.1/"),
)
NOT_A_TARGET = ("https:///x", "https://", "//127.0.0.1/", "\x00https://127.0.0.1/")
"""Without a host of its own, or no header's text: a redirect to it leads elsewhere."""


def test_the_corpus_is_large_enough() -> None:
    assert len(set(REFUSED)) >= 60


async def _fetched(internet: Internet, url: str, folder: Path, base: str, allowed: str) -> File:
    downloads = Downloads(
        "fal",
        base,
        {"ADCLI_ALLOW_HOSTS": allowed},
        resolve=internet.resolve,
        network=internet,
        tls=client_side(),
    )
    try:
        return await downloads.fetch(url, folder, "image", Kind.IMAGE)
    finally:
        await downloads.close()


def _fetch(
    internet: Internet,
    url: str,
    folder: Path,
    base: str = "https://queue.example.com",
    allowed: str = "",
) -> File | AdcliError:
    async def run() -> File:
        async with internet.running():
            return await _fetched(internet, url, folder, base, allowed)

    try:
        return asyncio.run(run())
    except AdcliError as error:
        return error


@pytest.mark.parametrize("url", REFUSED)
def test_an_address_that_is_not_public_is_never_dialled(url: str, tmp_path: Path) -> None:
    internet = Internet({}, NAMES)
    found = _fetch(internet, url, tmp_path)
    assert internet.dialled == []
    assert isinstance(found, AddressRefused)
    assert "ADCLI_ALLOW_HOSTS" in str(found.hint)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("url", [url for url in REFUSED if url not in NOT_A_TARGET])
def test_a_redirect_to_such_an_address_is_refused_like_it(url: str, tmp_path: Path) -> None:
    internet = Internet({"/file": moved(url)}, NAMES)
    found = _fetch(internet, f"{FILES}/file", tmp_path)
    assert internet.dialled == [PUBLIC]
    assert isinstance(found, AddressRefused)


def test_a_redirect_without_a_scheme_keeps_https_and_is_checked(tmp_path: Path) -> None:
    internet = Internet({"/file": moved("//127.0.0.1/")}, NAMES)
    assert isinstance(_fetch(internet, f"{FILES}/file", tmp_path), AddressRefused)
    assert internet.dialled == [PUBLIC]


def test_the_address_that_was_checked_is_the_one_that_is_dialled(tmp_path: Path) -> None:
    rebinding = {**NAMES, CERTIFIED[0]: [[PUBLIC], ["127.0.0.1"]]}
    internet = Internet({"/file": answer(PICTURE)}, rebinding)
    assert isinstance(_fetch(internet, f"{FILES}/file", tmp_path), File)
    assert internet.dialled == [PUBLIC]


def test_a_name_that_turns_private_between_two_requests_is_refused_at_the_second(tmp_path: Path) -> None:
    rebinding = {**NAMES, CERTIFIED[0]: [[PUBLIC], ["127.0.0.1"]]}
    internet = Internet({"/file": moved("/again"), "/again": answer(PICTURE)}, rebinding)
    found = _fetch(internet, f"{FILES}/file", tmp_path)
    assert isinstance(found, AddressRefused)
    assert internet.dialled == [PUBLIC]


def test_the_next_address_is_tried_when_one_does_not_answer(tmp_path: Path) -> None:
    internet = Internet({"/file": answer(PICTURE)}, {CERTIFIED[0]: [["93.184.215.66", PUBLIC]]})
    assert isinstance(_fetch(internet, f"{FILES}/file", tmp_path), File)
    assert internet.dialled == ["93.184.215.66", PUBLIC]


def test_when_no_address_answers_the_download_can_be_tried_again(tmp_path: Path) -> None:
    internet = Internet({}, {CERTIFIED[0]: [["93.184.215.66"]]})
    assert isinstance(_fetch(internet, f"{FILES}/file", tmp_path), OutcomeUnknown)
    assert isinstance(_fetch(internet, "https://empty.example.com/", tmp_path), OutcomeUnknown)


def test_tls_proves_the_name_although_an_address_is_dialled(tmp_path: Path) -> None:
    internet = Internet({"/file": answer(PICTURE)}, NAMES | {"other.example.com": [[PUBLIC]]})
    assert isinstance(_fetch(internet, f"{FILES}/file", tmp_path), File)
    assert isinstance(_fetch(internet, "https://other.example.com/file", tmp_path), OutcomeUnknown)
    assert internet.asked_for == [CERTIFIED[0], "other.example.com"]
    assert len(internet.requests) == 1, "nothing is asked of a server that can't prove its name"


def test_a_name_in_another_script_is_dialled_as_its_ascii_form(tmp_path: Path) -> None:
    internet = Internet({"/file": answer(PICTURE)}, NAMES)
    assert isinstance(_fetch(internet, "https://bücher.example.com/file", tmp_path), File)
    assert internet.asked_for == ["xn--bcher-kva.example.com"]


def test_redirects_among_public_hosts_are_followed_three_times(tmp_path: Path) -> None:
    pages = {
        "/1": moved(f"https://{CERTIFIED[1]}/2"),
        "/2": moved("/3", "307 Temporary Redirect"),
        "/3": moved("4?sig=secret", "301 Moved Permanently"),
        "/4": answer(PICTURE),
        "/0": moved("/1", "308 Permanent Redirect"),
    }
    assert isinstance(_fetch(Internet(pages, NAMES), f"{FILES}/1", tmp_path), File)
    internet = Internet(pages, NAMES)
    found = _fetch(internet, f"{FILES}/0", tmp_path)
    assert isinstance(found, OutcomeUnknown)
    assert "more than 3 times" in str(found)
    assert len(internet.requests) == 4


def test_a_refusal_shows_the_host_and_nothing_of_a_signed_address(tmp_path: Path) -> None:
    url = "https://10.0.0.7/bucket/object.png?X-Amz-Signature=CANARY"
    found = _fetch(Internet({}, {}), url, tmp_path)
    assert isinstance(found, AddressRefused)
    assert "https://10.0.0.7 " in f"{found} "
    assert not any(part in f"{found} {found.hint} {found.as_json()}" for part in ("CANARY", "bucket", "?"))


@pytest.mark.parametrize(
    ("pages", "dialled", "admitted"),
    [
        ({"/1": answer(PICTURE)}, ["10.0.0.7"], True),
        ({"/1": moved("/2"), "/2": answer(PICTURE)}, ["10.0.0.7", "10.0.0.7"], True),
        ({"/1": moved(f"{FILES}/2"), "/2": answer(PICTURE)}, ["10.0.0.7", PUBLIC], True),
        ({"/1": moved(f"{FILES}/2"), "/2": moved(f"{OWN}/3")}, ["10.0.0.7", PUBLIC], False),
        ({"/1": moved(f"{FILES}/2"), "/2": moved("/3"), "/3": moved(f"{OWN}/4")}, None, False),
    ],
)
def test_an_allowed_private_host_counts_until_a_public_one_redirects(
    pages: dict[str, bytes], dialled: list[str] | None, admitted: bool, tmp_path: Path
) -> None:
    internet = Internet(pages, NAMES | {CERTIFIED[1]: [["10.0.0.7"]]})
    found = _fetch(internet, f"{OWN}/1", tmp_path, OWN, CERTIFIED[1])
    assert isinstance(found, File if admitted else AddressRefused)
    assert dialled is None or internet.dialled == dialled


def test_a_public_host_cannot_lead_to_an_allowed_private_one(tmp_path: Path) -> None:
    internet = Internet({"/1": moved(f"{OWN}/2")}, NAMES | {CERTIFIED[1]: [["10.0.0.7"]]})
    assert isinstance(_fetch(internet, f"{FILES}/1", tmp_path, OWN, CERTIFIED[1]), AddressRefused)
    assert internet.dialled == [PUBLIC]


@pytest.mark.parametrize(
    ("written", "entries"),
    [
        ("", []),
        (" , ", []),
        ("files.example.com", ["files.example.com"]),
        (
            "A.example.com:8443, 10.0.0.7:80 ,[::1]:9,[fd00::1]",
            ["a.example.com:8443", "10.0.0.7:80", "[::1]:9", "[fd00::1]"],
        ),
    ],
)
def test_allowed_hosts_are_exact_names_and_ports(written: str, entries: list[str]) -> None:
    assert [str(entry) for entry in allowed_hosts({"ADCLI_ALLOW_HOSTS": written})] == entries


@pytest.mark.parametrize(
    "entry",
    [
        *(
            "*.example.com",
            "*",
            "https://a.example.com",
            "a.example.com/",
            "a.example.com:",
            "a:0",
            "a:65536",
        ),
        *("a:http", "::1", "[::1", "[zz]", "user@a", "a b", "10.0.0.0/8", "a:1:2", ".example.com", "-a"),
    ],
)
def test_an_entry_that_is_no_exact_host_is_an_error_that_shows_it(entry: str) -> None:
    with pytest.raises(UsageError, match="expected host or host:port") as caught:
        allowed_hosts({"ADCLI_ALLOW_HOSTS": f"fine.example.com,{entry}"})
    assert repr(entry) in str(caught.value)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        *[(found, True) for found in ("8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808")],
        *[(found, False) for found in ("10.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::")],
        *[(found, False) for found in ("no address", "", "4000::1", "::", "fe80::1%eth0")],
    ],
)
def test_an_address_counts_as_the_ipv4_address_that_it_carries(address: str, public: bool) -> None:
    assert is_public(address) is public
