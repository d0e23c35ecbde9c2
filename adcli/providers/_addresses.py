"""Which addresses a download may connect to: public ones, dialled as they were checked.

A name is resolved once, every address of the answer is checked, and a checked address is dialled, so
that a name server can't answer the check with one address and the connection with another.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import httpcore
import httpx

from adcli.errors import TaskFailed, UsageError

ALLOW_HOSTS = "ADCLI_ALLOW_HOSTS"
Resolve: TypeAlias = Callable[[str, int], Awaitable[Sequence[str]]]
SocketOption: TypeAlias = (
    tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]
)

_Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
_UNICAST = ipaddress.IPv6Network("2000::/3")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_SPECIAL = (ipaddress.IPv4Network("192.0.0.0/24"), ipaddress.IPv4Network("192.88.99.0/24"))
"""Protocol assignments and the old 6to4 relays: the table of Python 3.11 calls them global."""
_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,251}[A-Za-z0-9])?")
_ENTRY = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[^:\[\]]+)(?::(?P<port>\d{1,5}))?")
_PORTS = {"https": 443, "http": 80}


class AddressRefused(TaskFailed):
    """A service named an address that adcli does not connect to: no request was sent there.

    ``reason`` is the part of the message that is the address's own, ``place`` where it leads, if anywhere.
    """

    code = "address-refused"

    def __init__(self, reason: str, place: Place | None = None) -> None:
        host = Allowed(place.host, place.port) if place else "host:port"
        super().__init__(
            f"the address of a result was refused: {reason}",
            hint=f"only the host of the service's own base URL can be allowed, with {ALLOW_HOSTS}={host}",
        )
        self.reason, self.place = reason, place


class NotPublic(Exception):
    """A host has an address that is not of the public internet; nothing was dialled."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """One entry of ``ADCLI_ALLOW_HOSTS``; without a port it stands for all ports of the host."""

    host: str
    port: int | None = None

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port is None else f"{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Place:
    """Scheme, host (ASCII, lower case) and port of a URL; as text it shows no path and no query."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + ("" if self.port == _PORTS.get(self.scheme) else f":{self.port}")

    def is_in(self, allowed: Iterable[Allowed]) -> bool:
        """Whether an entry names exactly this host, and this port if it names one."""
        return any(entry.host == self.host and entry.port in (None, self.port) for entry in allowed)


def allowed_hosts(environ: Mapping[str, str]) -> tuple[Allowed, ...]:
    """The entries of ``ADCLI_ALLOW_HOSTS``, in order; UsageError names one that can't be meant."""
    written = (entry.strip() for entry in environ.get(ALLOW_HOSTS, "").split(","))
    return tuple(_entry(entry) for entry in written if entry)


def _entry(written: str) -> Allowed:
    match = _ENTRY.fullmatch(written)
    host = match["host"].strip("[]").lower() if match else ""
    port = int(match["port"]) if match and match["port"] else None
    if not _is_host(host) or (port is not None and not 0 < port < 1 << 16):
        raise UsageError(
            f"{ALLOW_HOSTS}: found {written!r}; expected host or host:port",
            hint="write exact names with commas between them, such as files.example.com,10.0.0.7:8443",
        )
    return Allowed(host, port)


def _is_host(host: str) -> bool:
    if ":" not in host:
        return bool(_NAME.fullmatch(host))
    try:
        return ipaddress.IPv6Address(host).scope_id is None
    except ValueError:
        return False


def place_of(url: httpx.URL) -> Place | None:
    """Where a URL leads over http or https; None when it leads nowhere that can be dialled."""
    host = url.raw_host.decode("ascii", "replace").lower().rstrip(".")
    port = url.port or _PORTS.get(url.scheme, 0)
    is_sound = url.scheme in _PORTS and _is_host(host) and 0 < port < 1 << 16 and not url.userinfo
    return Place(url.scheme, host, port) if is_sound else None


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet, also by the IPv4 address it carries."""
    try:
        found: _Address = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        carried = _carried(found)
        if carried is None:
            return found in _UNICAST and found.is_global
        found = carried
    is_special = found.is_multicast or found.is_reserved or any(found in block for block in _SPECIAL)
    return found.is_global and not is_special


def _carried(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that is really dialled: mapped, 6to4 (RFC 3056) or NAT64 (RFC 6052)."""
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


async def resolve(host: str, port: int) -> Sequence[str]:
    """All addresses of a host by this machine's resolver; ``OSError`` when it has none."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class CheckedNetwork(httpcore.AsyncNetworkBackend):
    """Connects to the address that was checked. With ``private`` all addresses pass: for allowed hosts."""

    def __init__(self, network: httpcore.AsyncNetworkBackend, resolve: Resolve, *, private: bool) -> None:
        self._network, self._resolve, self._private = network, resolve, private

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SocketOption] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Tries the addresses in turn; NotPublic when a single one is not public."""
        try:
            addresses = await self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"{host} has no address") from error
        if not self._private and not all(is_public(address) for address in addresses):
            raise NotPublic(host)
        for left, address in zip(range(len(addresses), 0, -1), addresses, strict=True):
            try:
                return await self._network.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if left == 1:
                    raise
        raise httpcore.ConnectError(f"{host} has no address")
