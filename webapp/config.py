"""Every setting: name, default and one line of help. The only module that reads the environment."""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting a partnership may change: an environment variable of the same name sets it."""

    name: str
    default: str
    help: str


SETTINGS = (
    Setting("WARDBOOK_ENV", "demo", "`demo` on one's own machine, `production` where people rely on it."),
    Setting(
        "INSTANCE",
        "",
        "The folder for the database, photos and mail that Wardbook keeps itself; instance/ here.",
    ),
    Setting("PORT", "8000", "The port that `make run` serves on."),
    Setting("WEB_PROCESSES", "2", "How many processes answer requests: one for each core is best."),
    Setting(
        "TRUSTED_PROXY", "", "The address of one's own proxy, such as 127.0.0.1: it is believed who asks."
    ),
    Setting("BASE_URL", "", "The address people type, such as https://wardbook.example.gov.uk."),
    Setting(
        "SECRET_KEY", "", "Signs sessions and links: 32 random bytes or more. Kept in instance/ by default."
    ),
    Setting(
        "SECRET_KEY_FALLBACKS", "", "Older secret keys that are still accepted, with spaces between them."
    ),
    Setting("DATABASE_URL", "", "postgresql://… Without it a SQLite file in instance/ is used."),
    Setting("MEDIA_URL", "", "Where photos are kept: a folder or s3://…; instance/media/ by default."),
    Setting(
        "PLATE_KEYS",
        "",
        "The folder of the months’ keys for plates, in no backup; instance/plate-keys/ by default.",
    ),
    Setting(
        "PLATE_KEY",
        "",
        "Wraps those keys, older ones behind it with spaces between; SECRET_KEY does by default.",
    ),
    Setting("MAIL_URL", "", "smtp://user:password@host:587 or smtps://…; instance/mail/ by default."),
    Setting("MAIL_FROM", "Wardbook <wardbook@localhost>", "The sender of all mail."),
    Setting(
        "LIMITS_URL",
        "",
        "Where rate limits are counted; a file in instance/ by default, redis://… for several machines.",
    ),
    Setting(
        "TILE_URL",
        "",
        "Map tiles, such as https://tiles.example/{z}/{x}/{y}.png. Without it maps show wards only.",
    ),
    Setting("TILE_ATTRIBUTION", "", "The words the tile maker wants shown on the map."),
    Setting(
        "PARTNERSHIP_NAME", "Sevenoaks District Community Safety Partnership", "The partnership's own name."
    ),
    Setting("DISTRICT_NAME", "Sevenoaks District", "The area in which reports are answered."),
    Setting(
        "ELSEWHERE_URL", "https://www.gov.uk/report-flytipping", "Where people report outside the district."
    ),
    Setting("CONTACT_EMAIL", "community.safety@sevenoaks.example", "Whom people write to about Wardbook."),
    Setting("CONTACT_PHONE", "", "The telephone number shown beside the e-mail address."),
    Setting("REQUIRE_TOTP", "", "Roles that must use an authenticator app, such as `officer admin`."),
    Setting("NEARBY_DISTANCE_M", "100", "How near an open report is taken to be perhaps the same one."),
    Setting("NEARBY_WEEKS", "12", "How old an open report may be to be offered as the same one."),
    Setting(
        "AFTER_PHOTO_DISTANCE_M", "150", "How near a photo from afterwards must be to prove a clearance."
    ),
    Setting(
        "BACK_DISTANCE_M", "100", "How near a cleared place a new report is taken to be the same place again."
    ),
    Setting(
        "WORKING_DAYS_TARGET",
        "0",
        "A second target beside the plan’s 7 days: cleared within so many working days. 0 for none.",
    ),
    Setting(
        "PASS_MARK",
        "100",
        "The share, in per cent, that must be cleared within 7 days: the plan prints none.",
    ),
    Setting(
        "ACTION_DAYS",
        "",
        "Your own days for what audits find, by category, such as `graffiti=2 litter=1`; examples otherwise.",
    ),
    Setting(
        "REMINDERS_FROM_HOUR", "7", "The London hour from which the daily reminder of what is due is sent."
    ),
    Setting(
        "DVLA_API_KEY", "", "The key of DVLA’s Vehicle Enquiry Service: with it make and colour are compared."
    ),
    Setting(
        "DVLA_URL",
        "https://driver-vehicle-licensing.api.gov.uk/vehicle-enquiry/v1/vehicles",
        "The address of that service.",
    ),
    Setting("SUBMIT_LIMIT", "20 per hour", "Reports accepted from one address."),
    Setting("SUBMIT_LIMIT_OVERALL", "600 per hour", "Reports accepted from all addresses together."),
    Setting("DISK_RESERVE_MB", "500", "New reports wait (503) when less than this is free on the disk."),
)

DEFAULTS = {setting.name: setting.default for setting in SETTINGS}
# What each number must look like: found out at the start, and not by whoever opens a page that needs it.
NUMBER = r"\d{1,6}(\.\d+)?"
NUMBERS = {
    "NEARBY_DISTANCE_M": NUMBER,
    "AFTER_PHOTO_DISTANCE_M": NUMBER,
    "BACK_DISTANCE_M": NUMBER,
    "PASS_MARK": NUMBER,
    "NEARBY_WEEKS": r"\d{1,3}",
    "WORKING_DAYS_TARGET": r"\d{1,2}",
    "REMINDERS_FROM_HOUR": r"1?\d|2[0-3]",
    "DISK_RESERVE_MB": r"\d{1,12}",
}
# What other settings must look like, with an example.
LEVEL = r"[a-z_]{1,30}=\d{1,3}"
SHAPES = {"ACTION_DAYS": (rf"({LEVEL}( {LEVEL})*)?", "graffiti=2 litter=1")}
PRODUCTION_NEEDS = {
    "SECRET_KEY": "Set SECRET_KEY to at least 32 random characters: it signs sessions and links.",
    "BASE_URL": "Set BASE_URL to the address people type, such as https://wardbook.example.gov.uk.",
}


ENVIRONMENTS = ("demo", "production")
SHORTEST_SECRET = 32
# Photos, contacts and keys are for the account that Wardbook runs as: what its processes make is closed to others.
OTHERS = 0o077

PLAIN_TYPES: dict[str, str] = {"Moment": "sa.DateTime(timezone=True)", "AsaList": "sa.Text()"}


class SettingsError(Exception):
    """A setting is missing or wrong; the message says what to set."""


def instance_folder(root: Path) -> Path:
    """Return the folder of the embedded default: what the environment says, or instance/ in the project."""
    return Path(os.environ.get("INSTANCE") or root / "instance")


def read_settings(instance: Path, given: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return every setting by name: what is given wins over the environment, which wins over the default.

    Raises SettingsError with a sentence when a production setting is missing or weak. `instance` is the folder of
    the embedded default (SQLite file, photos, mail); it is made when absent.
    """
    values: dict[str, Any] = {
        setting.name: os.environ.get(setting.name, setting.default) for setting in SETTINGS
    }
    values.update(given or {})
    _check(values)
    make_private(instance)
    values["SECRET_KEY"] = values["SECRET_KEY"] or _kept_secret(instance / "secret-key")
    values["BASE_URL"] = (values["BASE_URL"] or f"http://127.0.0.1:{values['PORT']}").rstrip("/")
    values["DATABASE_URL"] = values["DATABASE_URL"] or f"sqlite:///{instance / 'wardbook.sqlite'}"
    values["MEDIA_URL"] = values["MEDIA_URL"] or str(instance / "media")
    values["PLATE_KEYS"] = values["PLATE_KEYS"] or str(instance / "plate-keys")
    values["MAIL_URL"] = values["MAIL_URL"] or (instance / "mail").as_uri()
    values["LIMITS_URL"] = values["LIMITS_URL"] or f"sqlite:///{instance / 'limits.sqlite'}"
    values["JOBS_PATH"] = str(instance / "jobs.sqlite")
    return values


def _check(values: Mapping[str, Any]) -> None:
    """Raise SettingsError when the kind of installation is none, or production lacks what it needs."""
    if values["WARDBOOK_ENV"] not in ENVIRONMENTS:
        raise SettingsError(f"WARDBOOK_ENV is “{values['WARDBOOK_ENV']}”: set it to demo or to production.")
    for name, pattern in NUMBERS.items():
        if re.fullmatch(pattern, str(values[name])) is None:
            raise SettingsError(f"{name} is “{values[name]}”: set it to a number, such as {DEFAULTS[name]}.")
    for name, (pattern, example) in SHAPES.items():
        if re.fullmatch(pattern, str(values[name])) is None:
            raise SettingsError(f"{name} is “{values[name]}”: write it such as {example}.")
    if any(len(key) < SHORTEST_SECRET for key in values["PLATE_KEY"].split()):
        raise SettingsError(
            "Set PLATE_KEY to at least 32 random characters without a space, or leave it out."
        )
    if values["DVLA_API_KEY"] and not _is_web_address(values["DVLA_URL"]):
        raise SettingsError("Set DVLA_URL to a web address, or leave it out for DVLA’s own.")
    good = {
        "SECRET_KEY": len(values["SECRET_KEY"]) >= SHORTEST_SECRET,
        "BASE_URL": _is_web_address(values["BASE_URL"]),
    }
    wrong = [sentence for name, sentence in PRODUCTION_NEEDS.items() if not good[name]]
    if values["WARDBOOK_ENV"] == "production" and wrong:
        raise SettingsError(" ".join(wrong))


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return False


def make_private(folder: Path) -> None:
    """Make the folder, or close one that is there already; one that belongs to somebody else is theirs to close."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    status = folder.stat()
    if status.st_mode & OTHERS and status.st_uid == os.geteuid():
        folder.chmod(0o700)


def _kept_secret(path: Path) -> str:
    """Return the demo's own secret, made once: a restart must not sign people out or break links."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii")
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii")


def engine_options(url: str) -> dict[str, Any]:
    """Return the options of the database engine for this address. What it complains of holds no values."""
    return {"url": url, "pool_pre_ping": url.startswith("postgresql"), "hide_parameters": True}


def is_ours(name: str | None, kind: str, parents: Mapping[str, Any]) -> bool:
    """Return whether a table belongs to the models: the job queue keeps its own tables beside them."""
    return not (kind == "table" and name is not None and name.startswith("huey_"))


def migration_type(kind: str, item: Any, context: Any) -> str | Literal[False]:
    """Return how a migration writes our own column type: as what the database sees, free of today's code."""
    return PLAIN_TYPES.get(type(item).__name__, False) if kind == "type" else False


def flask_settings(values: Mapping[str, Any], root: Path) -> dict[str, Any]:
    """Return the settings that Flask and its extensions read, derived from ours."""
    is_https = values["BASE_URL"].startswith("https://")
    return {
        "SQLALCHEMY_ENGINES": {"default": engine_options(values["DATABASE_URL"])},
        "ALEMBIC": {"script_location": str(root / "migrations")},
        "ALEMBIC_CONTEXT": {
            "include_name": is_ours,
            "render_as_batch": True,
            "render_item": migration_type,
            "transactional_ddl": True,
        },
        "SECRET_KEY_FALLBACKS": values["SECRET_KEY_FALLBACKS"].split(),
        # The first name is that of the pages. By the machine's own names, what watches an installation from the machine
        # itself asks for its health, and views/headers.py answers nothing else.
        "TRUSTED_HOSTS": [urlsplit(values["BASE_URL"]).hostname, "127.0.0.1", "localhost"]
        if values["WARDBOOK_ENV"] == "production"
        else None,
        "SESSION_COOKIE_NAME": "__Host-wardbook" if is_https else "wardbook",
        "SESSION_COOKIE_SECURE": is_https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        # Flask-Login's own mark of freshness: Flask-Security keeps another, and this one set everybody's cookie anew.
        "SESSION_PROTECTION": None,
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=12),
        "WTF_CSRF_TIME_LIMIT": 12 * 60 * 60,
        # Pages behind a secret address let no browser send it as a Referer, and some browsers never send one. What a
        # Referer would prove is proved without it: the token belongs to the session, whose cookie is SameSite and, by
        # its __Host- name, cannot be planted by a neighbouring site.
        "WTF_CSRF_SSL_STRICT": False,
        "TOTP_ROLES": frozenset(values["REQUIRE_TOTP"].split()),
        "RATELIMIT_STORAGE_URI": values["LIMITS_URL"],
        # Should the store fail, each process goes on counting by itself.
        "RATELIMIT_IN_MEMORY_FALLBACK_ENABLED": True,
        # A report may hold 40 MB of photos. What is longer still comes back filled, up to here; past it a page says so.
        "MAX_CONTENT_LENGTH": 64 * 1024**2,
        "COMPRESS_MIMETYPES": ["text/html", "application/json", "application/geo+json"],
        "COMPRESS_ALGORITHM": ["br", "gzip"],
        "COMPRESS_BR_LEVEL": 5,
        "STATIC_BUILD": str(root / "static" / "build"),
    }
