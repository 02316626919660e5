"""Handing one message to the mail server, or to a folder: what was refused for ever, and what to try again."""

import contextlib
import ipaddress
import smtplib
import ssl
import time
from collections.abc import Iterator
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import url2pathname
from uuid import uuid4

from flask import current_app

from webapp.extensions import clock
from webapp.rules.notices import with_ascii_domain
from webapp.services.media import Folder

TIMEOUT_SECONDS = 20
SUBMISSION_PORT, TLS_PORT = 587, 465


class MailProblem(Exception):
    """A message was not handed over; the words name no person."""


class MailRefused(MailProblem):
    """The server will never take this message for this address."""


class MailLater(MailProblem):
    """The message was not taken this time; trying again may work."""


class MailUncertain(MailProblem):
    """The whole message was handed over and no answer came: it may have been taken."""


def send(to: str, subject: str, text: str, message_id: str | None = None) -> None:
    """Hand one plain-text message over; it has been taken when this returns.

    Raises MailRefused, MailLater or MailUncertain. A repeated `message_id` lets mail programs see a repeat.
    """
    message = _compose(_sender(), to, subject, text, message_id)
    url = urlsplit(current_app.config["MAIL_URL"])
    if url.scheme == "file":
        _to_folder(Path(url2pathname(url.path)), message)
    else:
        _to_server(url, message)


def message_host() -> str:
    """Return the host that our message ids end with."""
    return urlsplit(current_app.config["BASE_URL"]).hostname or "localhost"


def _sender() -> Address:
    """Return MAIL_FROM. A wrong one is nobody's refusal: it can be put right while the messages wait."""
    name, _, address = current_app.config["MAIL_FROM"].strip().removesuffix(">").rpartition("<")
    try:
        return Address(display_name=name.strip(' "'), addr_spec=_written(address.strip()))
    except (ValueError, MessageError, IndexError):
        raise MailLater("MAIL_FROM is no sender: write it as  Name <name@example.org>.") from None


def _written(address: str) -> str:
    """Return an address as every mail server reads it. Raises UnicodeError where there is no such spelling."""
    ascii_only = with_ascii_domain(address)
    ascii_only.encode("ascii")
    return ascii_only


def _compose(sender: Address, to: str, subject: str, text: str, message_id: str | None) -> EmailMessage:
    """Return the message. Raises MailRefused for anything that is not one address, or would be another header."""
    message = EmailMessage(policy=SMTP)
    try:
        message["From"] = sender
        message["To"] = Address(addr_spec=_written(to))
        message["Subject"] = subject
        message["Message-ID"] = message_id or make_msgid(domain=message_host())
    except (ValueError, MessageError, IndexError):
        raise MailRefused("The address or the subject cannot be written.") from None
    message["Date"] = format_datetime(clock.now())
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(text)
    return message


def _to_folder(folder: Path, message: EmailMessage) -> None:
    path = folder / f"{time.time_ns()}-{uuid4().hex[:8]}.eml"
    try:
        Folder(None, str(folder)).write(str(path), [message.as_bytes()])
    except OSError as error:
        raise MailLater(f"The mail folder does not take messages ({type(error).__name__}).") from None


def _to_server(url: SplitResult, message: EmailMessage) -> None:
    try:
        with _connection(url) as server:
            _hand_over(server, message)
    except MailProblem:
        raise
    except smtplib.SMTPNotSupportedError:
        raise MailRefused("The mail server cannot write to such an address.") from None
    except (OSError, smtplib.SMTPException, UnicodeError) as error:
        # A host or a password that cannot be written is for whoever runs this to put right.
        raise MailLater(
            f"The mail server was not reached or did not let us in ({type(error).__name__})."
        ) from None


@contextlib.contextmanager
def _connection(url: SplitResult) -> Iterator[smtplib.SMTP]:
    """Yield a connection on which messages may be handed over; a password travels only where nobody can read it."""
    host, context = url.hostname or "localhost", ssl.create_default_context()
    server: smtplib.SMTP
    if url.scheme == "smtps":
        server = smtplib.SMTP_SSL(host, url.port or TLS_PORT, timeout=TIMEOUT_SECONDS, context=context)
    else:
        server = smtplib.SMTP(host, url.port or SUBMISSION_PORT, timeout=TIMEOUT_SECONDS)
    try:
        server.ehlo_or_helo_if_needed()
        if url.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls(context=context)
            server.ehlo()
        if url.username:
            if not (isinstance(server.sock, ssl.SSLSocket) or _is_this_machine(host)):
                raise MailLater("The mail server offers no TLS, so the password was not sent.")
            server.login(unquote(url.username), unquote(url.password or ""))
        yield server
        # What was taken stays taken, however the good-bye goes.
        with contextlib.suppress(Exception):
            server.quit()
    finally:
        server.close()


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _hand_over(server: smtplib.SMTP, message: EmailMessage) -> None:
    """Say who writes to whom, then hand over the text: from then on only the answer tells what became of it."""
    _expect(server.mail(message["From"].addresses[0].addr_spec), MailLater, "sender")
    _expect(server.rcpt(message["To"].addresses[0].addr_spec), MailRefused, "address")
    text = message.as_bytes()
    try:
        answer = server.data(text)
    except smtplib.SMTPDataError as error:
        answer = (error.smtp_code, b"")
    except Exception as error:
        raise MailUncertain(f"No answer after the text was handed over ({type(error).__name__}).") from None
    _expect(answer, MailRefused, "text")


def _expect(answer: tuple[int, bytes], for_ever: type[MailProblem], about: str) -> None:
    """Raise when the server said no; its words are left out, because they often repeat the address."""
    code = answer[0]
    if 200 <= code < 300:
        return
    kind = for_ever if 500 <= code < 600 else MailLater
    raise kind(f"The mail server refused the {about} ({code}).")
