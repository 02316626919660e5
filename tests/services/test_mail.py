"""A message is handed over whole or not at all; for ever and not now are told apart; no header is smuggled."""

import email
import email.policy
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from flask import Flask

from webapp.services import mail

ROSA = "rosa@example.org"


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


class Server:
    """A mail server that answers as it is told and keeps what it took."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, list[str], EmailMessage]] = []
        self.to_recipient = "250 OK"
        self.to_text = "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802 - aiosmtpd's name.
        if self.to_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.to_recipient

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name.
        if self.to_text.startswith("250"):
            message = email.message_from_bytes(envelope.content, policy=email.policy.default)
            self.taken.append((envelope.mail_from, envelope.rcpt_tos, message))
        return self.to_text


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    app = Flask("mail of a test")
    app.config.update(
        MAIL_URL=(tmp_path / "mail").as_uri(),
        MAIL_FROM="Wardbook, Sevenoaks <wardbook@sevenoaks.example>",
        BASE_URL="https://wardbook.example",
    )
    with app.app_context():
        yield app


@pytest.fixture
def server(app: Flask) -> Iterator[Server]:
    server = Server()
    controller = Controller(server, hostname="127.0.0.1", port=free_port())
    controller.start()
    app.config["MAIL_URL"] = f"smtp://127.0.0.1:{controller.port}"
    yield server
    controller.stop()


def in_folder(folder: Path) -> list[EmailMessage]:
    paths = sorted((folder / "mail").iterdir())
    assert all(path.suffix == ".eml" for path in paths)
    return [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in paths]


def test_a_message_goes_to_the_server_with_honest_headers(server: Server):
    mail.send(ROSA, "Cleared: FT-2026-00001 ŵ", "Hello\nŵ😀\n", "<one@wardbook.example>")
    ((sender, recipients, message),) = server.taken
    assert (sender, recipients) == ("wardbook@sevenoaks.example", [ROSA])
    assert message["From"] == '"Wardbook, Sevenoaks" <wardbook@sevenoaks.example>'
    assert (message["To"], message["Subject"]) == (ROSA, "Cleared: FT-2026-00001 ŵ")
    assert (message["Message-ID"], message["Auto-Submitted"]) == ("<one@wardbook.example>", "auto-generated")
    assert message["Date"].datetime.tzinfo is not None
    assert message.get_content().splitlines() == ["Hello", "ŵ😀"]


def test_without_a_server_each_message_is_a_whole_file(app: Flask, tmp_path: Path):
    for number in range(3):
        mail.send(ROSA, f"Number {number}", "Text")
    messages = in_folder(tmp_path)
    assert [message["Subject"] for message in messages] == ["Number 0", "Number 1", "Number 2"]
    assert len({message["Message-ID"] for message in messages}) == 3
    assert all(message["Message-ID"].endswith("@wardbook.example>") for message in messages)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "rosa",
        "rosa@",
        "a@b.example\nBcc: all@example.org",
        "a@b.example, c@d.example",
        "a@b.example\r\n\r\nHi",
        "<>",
    ],
)
def test_an_address_that_is_more_or_less_than_one_is_refused(server: Server, address: str):
    with pytest.raises(mail.MailRefused):
        mail.send(address, "Subject", "Text")
    assert server.taken == []


def test_a_domain_of_other_letters_is_written_as_mail_servers_know_it(server: Server):
    mail.send("rosa@bücher.example", "Subject", "Text")
    ((_, recipients, message),) = server.taken
    assert recipients == ["rosa@xn--bcher-kva.example"]
    assert message["To"] == "rosa@xn--bcher-kva.example"


@pytest.mark.parametrize("address", ["rosa@bü..example", f"rosa@{'ü' * 80}.example", "rösa@example.org"])
def test_an_address_that_no_mail_server_reads_is_refused_for_ever(server: Server, address: str):
    with pytest.raises(mail.MailRefused):
        mail.send(address, "Subject", "Text")
    assert server.taken == []


def test_our_own_domain_may_have_other_letters_too(app: Flask, server: Server):
    app.config["MAIL_FROM"] = "Wardbook <wardbook@bücher.example>"
    mail.send(ROSA, "Subject", "Text")
    assert server.taken[0][0] == "wardbook@xn--bcher-kva.example"


def test_a_password_that_cannot_be_written_waits_to_be_put_right(app: Flask):
    handler = Server()
    controller = Controller(
        handler,
        hostname="127.0.0.1",
        port=free_port(),
        authenticator=lambda *_: AuthResult(success=False),
        auth_require_tls=False,
    )
    controller.start()
    app.config["MAIL_URL"] = f"smtp://wardbook:p%C3%A4ss@127.0.0.1:{controller.port}"
    try:
        with pytest.raises(mail.MailLater):
            mail.send(ROSA, "Subject", "Text")
    finally:
        controller.stop()


def test_whatever_breaks_while_the_text_is_handed_over_is_uncertain(
    server: Server, monkeypatch: pytest.MonkeyPatch
):
    def breaks(self: smtplib.SMTP) -> tuple[int, bytes]:
        answer = getreply(self)
        # The server takes the text on a thread of its own, so only an answer tells that it has.
        if server.taken:
            raise ValueError("an answer nobody understands")
        return answer

    getreply = smtplib.SMTP.getreply
    monkeypatch.setattr(smtplib.SMTP, "getreply", breaks)
    with pytest.raises(mail.MailUncertain, match="ValueError"):
        mail.send(ROSA, "Subject", "Text")
    assert len(server.taken) == 1


@pytest.mark.parametrize("subject", ["One\nBcc: all@example.org", "One\r\n\r\nText"])
def test_a_subject_of_two_lines_is_refused(server: Server, subject: str):
    with pytest.raises(mail.MailRefused):
        mail.send(ROSA, subject, "Text")
    assert server.taken == []


@pytest.mark.parametrize(
    ("part", "answer", "problem"),
    [
        ("to_recipient", "550 no such person rosa@example.org", mail.MailRefused),
        ("to_recipient", "450 come back later", mail.MailLater),
        ("to_text", "554 we do not like it", mail.MailRefused),
        ("to_text", "451 disk full", mail.MailLater),
    ],
)
def test_no_for_ever_and_not_now_are_told_apart_and_name_nobody(
    server: Server, part: str, answer: str, problem: type[mail.MailProblem]
):
    setattr(server, part, answer)
    with pytest.raises(problem) as raised:
        mail.send(ROSA, "Subject", "Text")
    assert answer[:3] in str(raised.value)
    assert "rosa" not in str(raised.value)


def test_a_server_that_is_not_there_is_tried_again(app: Flask):
    app.config["MAIL_URL"] = f"smtp://127.0.0.1:{free_port()}"
    with pytest.raises(mail.MailLater, match="ConnectionRefusedError"):
        mail.send(ROSA, "Subject", "Text")


def test_a_server_that_says_nothing_is_tried_again(app: Flask, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(mail, "TIMEOUT_SECONDS", 0.2)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        app.config["MAIL_URL"] = f"smtp://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(mail.MailLater, match="SMTPServerDisconnected"):
            mail.send(ROSA, "Subject", "Text")


@pytest.mark.parametrize("goes_silent", [True, False])
def test_no_answer_after_the_text_is_uncertain(
    app: Flask, monkeypatch: pytest.MonkeyPatch, goes_silent: bool
):
    monkeypatch.setattr(mail, "TIMEOUT_SECONDS", 0.5)
    over = threading.Event()
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()

        def take_and_vanish() -> None:
            connection, _ = listener.accept()
            with connection, connection.makefile("rwb", buffering=0) as lines:
                lines.write(b"220 here\r\n")
                while (line := lines.readline()) not in (b"", b".\r\n"):
                    if line[:4] in (b"ehlo", b"mail", b"rcpt"):
                        lines.write(b"250 OK\r\n")
                    if line[:4] == b"data":
                        lines.write(b"354 go on\r\n")
                if goes_silent:
                    over.wait(10)

        thread = threading.Thread(target=take_and_vanish, daemon=True)
        thread.start()
        app.config["MAIL_URL"] = f"smtp://127.0.0.1:{listener.getsockname()[1]}"
        with pytest.raises(mail.MailUncertain):
            mail.send(ROSA, "Subject", "Text")
        over.set()
        thread.join()


def test_a_good_bye_that_goes_wrong_takes_nothing_back(server: Server, monkeypatch: pytest.MonkeyPatch):
    async def vanish(handler: Any, smtp: Any, session: Any, envelope: Any) -> str:
        smtp.transport.close()
        return "221 never seen"

    monkeypatch.setattr(Server, "handle_QUIT", vanish, raising=False)
    mail.send(ROSA, "Subject", "Text")
    assert len(server.taken) == 1


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of 127.0.0.1 with its key, signed by nobody."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    begins = datetime.now(UTC) - timedelta(days=1)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(begins).not_valid_after(begins + timedelta(days=2))
    names = x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))])
    signed = builder.add_extension(names, critical=False).sign(key, SHA256())
    plain = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path = tmp_path_factory.mktemp("certificate") / "both.pem"
    path.write_bytes(plain + signed.public_bytes(Encoding.PEM))
    return path


@pytest.mark.parametrize("trusted", [True, False])
def test_tls_is_used_when_it_is_offered_and_only_with_a_trusted_certificate(
    app: Flask, certificate: Path, monkeypatch: pytest.MonkeyPatch, trusted: bool
):
    context, handler = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), Server()
    context.load_cert_chain(certificate)
    controller = Controller(
        handler, hostname="127.0.0.1", port=free_port(), tls_context=context, require_starttls=True
    )
    controller.start()
    app.config["MAIL_URL"] = f"smtp://127.0.0.1:{controller.port}"
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    try:
        if trusted:
            mail.send(ROSA, "Subject", "Text")
        else:
            with pytest.raises(mail.MailLater, match="SSLCertVerificationError"):
                mail.send(ROSA, "Subject", "Text")
    finally:
        controller.stop()
    assert len(handler.taken) == int(trusted)


def test_a_password_goes_to_this_machine_but_never_in_clear_to_another(
    app: Flask, monkeypatch: pytest.MonkeyPatch
):
    seen: list[bytes] = []

    def check(server: Any, session: Any, envelope: Any, mechanism: str, data: LoginPassword) -> AuthResult:
        seen.append(data.password)
        return AuthResult(success=data.password == b"p@ss:word", handled=False)

    handler = Server()
    controller = Controller(
        handler, hostname="127.0.0.1", port=free_port(), authenticator=check, auth_require_tls=False
    )
    controller.start()
    port = controller.port
    try:
        app.config["MAIL_URL"] = f"smtp://wardbook:p%40ss%3Aword@127.0.0.1:{port}"
        mail.send(ROSA, "Subject", "Text")
        assert len(handler.taken) == 1
        app.config["MAIL_URL"] = f"smtp://wardbook:wrong@127.0.0.1:{port}"
        with pytest.raises(mail.MailLater, match="SMTPAuthenticationError"):
            mail.send(ROSA, "Subject", "Text")
        seen.clear()
        monkeypatch.setattr(mail, "_is_this_machine", lambda host: False)
        with pytest.raises(mail.MailLater, match="the password was not sent"):
            mail.send(ROSA, "Subject", "Text")
        assert seen == []
    finally:
        controller.stop()


@pytest.mark.parametrize("sender", ["", "Wardbook", "<>", "A <a@b.example>\nBcc: all@example.org"])
def test_a_wrong_sender_is_nobodys_refusal(app: Flask, sender: str):
    app.config["MAIL_FROM"] = sender
    with pytest.raises(mail.MailLater, match="MAIL_FROM"):
        mail.send(ROSA, "Subject", "Text")


def test_a_folder_that_cannot_be_written_is_tried_again(app: Flask, tmp_path: Path):
    (tmp_path / "mail").write_text("a file where the folder should be")
    with pytest.raises(mail.MailLater):
        mail.send(ROSA, "Subject", "Text")
