"""What every template can say: labels of codes, dates in words, ward names, the partnership's own words."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import Flask, current_app, g, request, url_for
from flask_login import current_user

from webapp.models.notice import Notice
from webapp.models.photo import Photo
from webapp.models.record import Record
from webapp.rules import actions as action_rules
from webapp.rules import clock, eva_moves, fly_tipping
from webapp.rules.codes import actions, enforcement, grades, land, location, observation
from webapp.rules.codes import fly_tipping as codes
from webapp.rules.codes.agencies import agency_label
from webapp.rules.codes.clock import SCOPES
from webapp.rules.codes.feedback import ANSWERS
from webapp.rules.money import in_pounds
from webapp.rules.roles import Permission, Person
from webapp.rules.shares import in_per_cent
from webapp.services import observation as observations
from webapp.services import wards
from webapp.services.figures import Figures, SevenDays
from webapp.services.filters import Filters
from webapp.services.kinds import KINDS, find_kind
from webapp.views import audit_words, figure_words, site_words, speed_words
from webapp.views.access import asking
from webapp.views.history_words import EVENTS, MESSAGE_STATES, MESSAGES

NAVIGATION = (
    ("Worklist", "worklist.show", Permission.SEE_WORKLIST),
    ("Records", "records.index", Permission.SEE_RECORDS),
    ("Audits", "programme.index", Permission.SURVEY),
    ("Actions", "board.show", Permission.SEE_ACTIONS),
    ("Figures", "figures.fly_tipping", Permission.SEE_FIGURES),
    ("Map", "map.show", Permission.SEE_MAP),
    # In full it would take officers one more line of a phone.
    ("Speed", "speed_watch.index", Permission.WATCH_SPEEDS),
    ("Wards", "wards.index", Permission.SIGNED_IN),
    ("People", "people.index", Permission.MANAGE_PEOPLE),
)

# Pages that stand under another's entry of the navigation.
UNDER = {
    "eva": "programme",
    "plans": "programme",
    "requests": "programme",
    "actions": "board",
    "retention": "speed_watch",
    "speed_rows": "speed_watch",
    "speed_checks": "speed_watch",
    "police_exports": "speed_watch",
    "speed_figures": "speed_watch",
    "schemes": "speed_watch",
    "speed_sites": "speed_watch",
    "wards": "map",
}

# Kinds of record with a page of their own; the others have the common one.
PAGES_OF_KINDS = {"eva": "eva.show", "speed_watch": "speed_watch.show"}

GLOBALS: dict[str, Any] = {
    "waste_words": codes.WASTE_TYPES.question,
    "waste_label": codes.WASTE_TYPES.label,
    "size_words": codes.SIZES.question,
    "size_label": codes.SIZES.label,
    "land_label": codes.LAND_TYPES.label,
    "status_label": codes.STATUSES.label,
    "channel_label": codes.CHANNELS.label,
    "reporter_label": codes.REPORTER_TYPES.label,
    "agency_label": agency_label,
    "source_label": location.SOURCES.label,
    "scope_label": SCOPES.label,
    "ownership_words": land.OWNERSHIP_ANSWERS.label,
    "land_source": land.SOURCES.label,
    "land_confidence": land.CONFIDENCES.label,
    "step_label": enforcement.STEPS.label,
    "penalty_label": enforcement.PENALTIES.label,
    "penalty_state_label": enforcement.PENALTY_STATES.label,
    "court_label": enforcement.OUTCOMES.label,
    "in_pounds": in_pounds,
    "in_per_cent": in_per_cent,
    "satisfaction_label": ANSWERS.label,
    "in_short": clock.in_short,
    "in_words": clock.in_words,
    "time_in_words": clock.time_in_words,
    "local_date": clock.local_date,
    "day_number": clock.day_number,
    "action_label": actions.STATUSES.label,
    "priority_label": actions.PRIORITIES.label,
    "update_label": actions.UPDATES.label,
    "request_label": actions.REQUEST_KINDS.label,
    "observed": observations.what,
    "is_late": action_rules.is_overdue,
    "eva_moves_of": eva_moves.moves_of,
    "common_categories": observation.COMMON,
    "category_label": observation.CATEGORIES.label,
    "grade_wording": grades.WORDING,
    "danger": fly_tipping.DANGER,
    "leave_it": fly_tipping.LEAVE_IT,
}

SETTINGS = {
    "partnership_name": "PARTNERSHIP_NAME",
    "district_name": "DISTRICT_NAME",
    "elsewhere_url": "ELSEWHERE_URL",
    "contact_email": "CONTACT_EMAIL",
    "contact_phone": "CONTACT_PHONE",
    "tile_url": "TILE_URL",
    "tile_attribution": "TILE_ATTRIBUTION",
}

PHOTO_STATES = {"waiting": "Being prepared", "unreadable": "Kept, but it cannot be shown"}


def headline(record: Record) -> str:
    """Return what a record of any kind is, in a line."""
    return find_kind(record.kind).headline(record)


def status_of(record: Record) -> str:
    """Return the state of a record of any kind, in its kind's words."""
    return find_kind(record.kind).statuses.label(record.status)


def event_label(action: str) -> str:
    """Return what happened, in words."""
    return EVENTS.get(action, action.replace("_", " ").capitalize())


def day_in_words(day: str) -> str:
    """Return a date as history spells it, in words."""
    return clock.in_words(date.fromisoformat(day))


def message_label(purpose: str) -> str:
    """Return what a message tells, in words."""
    return MESSAGES[purpose]


def message_state(notice: Notice) -> str:
    """Return how a message stands, in words."""
    return MESSAGE_STATES[(notice.way, notice.state)]


def ward_order(names: Mapping[str, str], counts: Mapping[str | None, int]) -> list[tuple[str, str]]:
    """Return (code, name) of each ward, most open records first, then by name."""
    return sorted(names.items(), key=lambda item: (-counts.get(item[0], 0), item[1]))


def photo_words(photo: Photo) -> str:
    """Return the caption of a photo: when it was taken or received, or why it cannot be seen."""
    taken = clock.in_words(clock.local_date(photo.taken_at or photo.received_at))
    return PHOTO_STATES.get(photo.state, taken)


def ward_choices() -> list[tuple[str, str]]:
    """Return (code, name) of each ward in use, by name."""
    return sorted(wards.in_use().names.items(), key=lambda item: item[1])


def ward_name(code: str | None) -> str:
    """Return a ward's name, or the code where the boundaries have changed since."""
    if not code:
        return "In none of our wards"
    # Long lists name a ward in each line: which set is in use is asked once for a page.
    if "ward_names" not in g:
        g.ward_names = wards.in_use().names
    return str(g.ward_names.get(code, code))


def ward_of(record: Record) -> str:
    """Return the ward of a record's place in words; without a point nobody knows it yet."""
    if record.ward_code is None and record.latitude is None:
        return "Ward not known yet"
    return ward_name(record.ward_code)


def shown_rows(shown: Iterable[Figures]) -> list[tuple[str, SevenDays]]:
    """Return the whole figure of each period as a row of a table of figures."""
    return [(figures.period.words, figures.whole) for figures in shown]


def records_url(opens: Filters) -> str:
    """Return the address of the list of records that a figure opens."""
    return f"{url_for('records.index')}?{urlencode(opens.in_address())}"


def tracking_url(token: str) -> str:
    """Return the whole tracking link, from BASE_URL and never from what the browser says."""
    return f"{current_app.config['BASE_URL']}{url_for('track.show', token=token)}"


def _leads_there(endpoint: str, needed: Permission, person: Person) -> bool:
    """Return whether a page stands in somebody's navigation: the map has a table of all wards, and leads to theirs."""
    is_doubled = endpoint == "wards.index" and person.may(Permission.SEE_MAP)
    return person.may(needed) and not is_doubled


def _frame() -> dict[str, Any]:
    person = asking()
    frame: dict[str, Any] = {name: current_app.config[setting] for name, setting in SETTINGS.items()}
    frame["district_outline"] = wards.in_use().outline
    # A page that phones keep says nothing of anybody, not even that nobody is signed in.
    frame["is_shell"] = request.endpoint == "outbox.shell"
    if frame["is_shell"]:
        return frame
    if person.id is None:
        return {**frame, "sign_in_url": url_for("security.login")}
    shown = [
        (label, endpoint) for label, endpoint, needed in NAVIGATION if _leads_there(endpoint, needed, person)
    ]
    own = (request.endpoint or "").split(".")[0]
    current = own if own in {endpoint.split(".")[0] for _, endpoint in shown} else UNDER.get(own, own)
    frame["navigation"] = [
        (label, url_for(endpoint), endpoint.split(".")[0] == current) for label, endpoint in shown
    ]
    return {
        **frame,
        "sign_out_url": url_for("security.logout"),
        "page_user": {
            "id": person.id,
            "name": current_user.name or current_user.email,
            "kinds": [kind.value for kind in KINDS if person.may(kind.permission)],
            "is_afield": person.may(Permission.SURVEY),
            "is_watching": person.may(Permission.WATCH_SPEEDS),
        },
        "person_name": current_user.name or current_user.email,
        "account_url": url_for("account.show"),
        "is_account": current == "account",
    }


def init_app(app: Flask) -> None:
    """Give every template these words."""
    rooms = (audit_words, figure_words, site_words, speed_words)
    app.jinja_env.globals.update(
        GLOBALS, **{name: one for room in rooms for name, one in room.GLOBALS.items()}
    )
    for function in (
        day_in_words,
        event_label,
        headline,
        message_label,
        message_state,
        photo_words,
        records_url,
        shown_rows,
        status_of,
        tracking_url,
        ward_choices,
        ward_name,
        ward_of,
        ward_order,
    ):
        app.jinja_env.globals[function.__name__] = function
    app.context_processor(_frame)
