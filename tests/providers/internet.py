"""A small internet for tests of downloads: names, addresses, and one TLS server behind them all."""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import ssl
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import httpcore
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from adcli.providers._addresses import SocketOption, resolve

PUBLIC = "93.184.215.14"
CERTIFIED = ("files.example.com", "cdn.example.com", "xn--bcher-kva.example.com")
"""Names that the server's certificate is good for."""
Reply = bytes | Callable[[asyncio.StreamWriter], object]


def answer(body: bytes, status: str = "200 OK", **headers: str) -> bytes:
    """An HTTP answer; its length is right unless a header says otherwise."""
    given = {"content-length": str(len(body)), "connection": "close"} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in given.items() if value), "", ""]
    return "\r\n".join(lines).encode() + body


def moved(to: str, status: str = "302 Found") -> bytes:
    """A redirect."""
    return answer(b"", status, location=to)


class Internet(httpcore.AsyncNetworkBackend):
    """Every dialled address leads to one server on loopback; ``dialled`` and ``requests`` are what came."""

    def __init__(self, pages: Mapping[str, Reply], names: Mapping[str, Sequence[Sequence[str]]]) -> None:
        self.dialled: list[str] = []
        self.requests: list[str] = []
        self.asked_for: list[str] = []
        """Host names in the clients' TLS greetings."""
        self.pages = dict(pages)
        self._names = {name: list(answers) for name, answers in names.items()}
        self._port = 0
        self._network = httpcore.AnyIOBackend()

    async def resolve(self, host: str, port: int) -> Sequence[str]:
        """The next answer for a known name (the last one stays); else what this machine makes of it."""
        answers = self._names.get(host)
        if answers is None:
            return await resolve(host, port)
        return answers.pop(0) if len(answers) > 1 else answers[0]

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SocketOption] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Notes the address, and connects to the server; addresses that end in .66 don't answer."""
        self.dialled.append(host)
        if host.endswith(".66"):
            raise httpcore.ConnectTimeout
        return await self._network.connect_tcp("127.0.0.1", self._port, timeout)

    @contextlib.asynccontextmanager
    async def running(self, tls: bool = True) -> AsyncIterator[int]:
        """Serves until the block ends; gives the port."""
        context = server_side() if tls else None
        if context:
            context.sni_callback = lambda _socket, name, _context: self.asked_for.append(name)
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=context)
        self._port = server.sockets[0].getsockname()[1]
        try:
            yield self._port
        finally:
            server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            self.requests.append(head)
            page = self.pages.get(head.split()[1].split("?")[0], answer(b"nothing here", "404 Not Found"))
            if isinstance(page, bytes):
                writer.write(page)
                await writer.drain()
            else:
                await page(writer)  # type: ignore[misc]
        writer.close()


@cache
def _authority() -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test authority")])
    constraints = x509.BasicConstraints(ca=True, path_length=None)
    return _builder(name, name, key).add_extension(constraints, critical=True).sign(key, hashes.SHA256()), key


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey
) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.UTC)
    built = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    return (
        built.serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
    )


def client_side() -> ssl.SSLContext:
    """Trusts the test authority only."""
    return ssl.create_default_context(
        cadata=_authority()[0].public_bytes(serialization.Encoding.PEM).decode()
    )


@cache
def _certificate() -> bytes:
    authority, signing = _authority()
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, CERTIFIED[0])])
    names = x509.SubjectAlternativeName([x509.DNSName(name) for name in CERTIFIED])
    certificate = (
        _builder(subject, authority.subject, key)
        .add_extension(names, critical=False)
        .sign(signing, hashes.SHA256())
    )
    return certificate.public_bytes(serialization.Encoding.PEM) + key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def server_side() -> ssl.SSLContext:
    """Has a certificate for the names in CERTIFIED."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "server.pem"
        path.write_bytes(_certificate())
        context.load_cert_chain(path)
    return context
