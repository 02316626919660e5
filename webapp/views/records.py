"""Records for staff: the list, one record with everything, releasing and hiding."""

from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice

from webapp.extensions import clock, csrf
from webapp.forms.base import ActionForm
from webapp.forms.records import ContactSearchForm, FilterForm
from webapp.models.fly_tipping import FlyTip
from webapp.rules import lifecycle as moves
from webapp.rules.clock import local_date
from webapp.rules.codes import CodeList
from webapp.rules.codes import fly_tipping as codes
from webapp.rules.codes.agencies import AGENCIES
from webapp.rules.codes.clock import SCOPES
from webapp.rules.codes.danger import QUESTIONS
from webapp.rules.errors import Refused
from webapp.rules.roles import Permission, Scope
from webapp.services import (
    arrival_notes,
    enforcement,
    feedback,
    filters,
    history,
    kinds,
    land,
    lifecycle,
    photos,
    places,
    records,
    repeats,
    telling,
    ties,
    visibility,
    wards,
)
from webapp.services.kinds import find_kind
from webapp.views.access import asking, permission
from webapp.views.lists import choices, page_number
from webapp.views.words import PAGES_OF_KINDS

pages = Blueprint("records", __name__, url_prefix="/records")


OPEN_OR_ENDED = (SelectChoice("open", "Open"), SelectChoice("ended", "Ended"))
STANDING_WORDS = {
    filters.COUNTED: "Counted: day 7 has passed",
    "in time": "Cleared in time",
    "missed": "Not cleared in time",
    "cleared, not yet counted": "Cleared, not yet counted",
    "not yet due": "Not yet due",
}
WORKING_WORDS = {
    filters.COUNTED: "Counted: its working days have passed",
    "in time": "Cleared in time",
    "missed": "Not cleared in time",
}
BASIS_WORDS = {
    "incidents": "All incidents",
    "public": "Reported by the public",
    "staff": "Found by our own staff",
}
COST_WORDS = {"noted": "Noted", filters.NONE: "Not noted"}
LISTS: dict[str, CodeList] = {
    "scope": SCOPES,
    "body": AGENCIES,
    "land_type": codes.LAND_TYPES,
    "main_waste": codes.WASTE_TYPES,
    "size": codes.SIZES,
}
MAY_BE_UNKNOWN = {
    "body": "Nobody yet",
    "land_type": "Not known",
    "main_waste": "Not known",
    "size": "Not known",
}
DAY_WORDS = {name: "More than 7" if name == filters.LONGER else name for name in filters.DAYS}
REPORTER_WORDS = {
    "contactable": "Want to hear",
    "told": "Told the outcome",
    "not_told": "Not told the outcome",
    "no_contact": "Cannot be told",
    "asked": "Asked by email how satisfied they are",
    "asked_answered": "Asked by email, and answered",
    "answered": "Answered",
    "with_opinion": "Answered, without “don’t know”",
    "satisfied": "Satisfied",
    "dont_know": "Answered “don’t know”",
}
WORDS = {
    "standing": STANDING_WORDS,
    "delay": {state: codes.STATUSES.label(state) for state in moves.DELAYS},
    "basis": BASIS_WORDS,
    "cleared": {"yes": "Cleared"},
    "days": DAY_WORDS,
    "reporters": REPORTER_WORDS,
    "cost": COST_WORDS,
}


def filter_form() -> FilterForm:
    """Return the filters of the address, with what each can be chosen from."""
    form = FilterForm(request.args)
    listed = sorted(wards.in_use().names.items(), key=lambda item: item[1])
    form.kind.choices = choices("All kinds", ((kind.value, kind.label) for kind in kinds.KINDS))
    # A kind has states of its own; where none is chosen, those of fly-tips can be.
    chosen = form.value("kind")
    statuses = find_kind(chosen).statuses if chosen else codes.STATUSES
    states = ((code.value, code.label) for code in statuses)
    form.state.choices = [SelectChoice("", "All"), *OPEN_OR_ENDED, *choices("", states)[1:]]
    form.ward.choices = choices("All wards", ((filters.NONE, "In no ward"), *listed))
    for name, code_list in LISTS.items():
        unknown = [(filters.NONE, MAY_BE_UNKNOWN[name])] if name in MAY_BE_UNKNOWN else []
        form[name].choices = choices("All", (*unknown, *((code.value, code.label) for code in code_list)))
    for name, words in WORDS.items():
        form[name].choices = choices("All", words.items())
    form.working.choices = choices("All", WORKING_WORDS.items() if filters.working_days_target() else ())
    return form


@pages.get("")
@permission(Permission.SEE_RECORDS)
def index() -> ResponseReturnValue:
    """The records this person may see, narrowed by the filters in the address."""
    form = filter_form()
    wanted = filters.Filters(**form.parts())
    page = records.search(wanted, asking(), page_number())
    kept = {field.name: field.data for field in form if field.data}
    sees_own_only = asking().scope is Scope.OWN
    return render_template(
        "records/index.html", form=form, page=page, kept=kept, sees_own_only=sees_own_only, **_shared()
    )


def _shared() -> dict[str, object]:
    return {
        "ward_names": wards.in_use().names,
        "today": local_date(clock.now()),
        "search": ContactSearchForm(),
        "may_search_contacts": asking().may(Permission.SEARCH_CONTACTS),
        "may_enter": asking().may(Permission.ENTER_REPORTS),
        "may_rescue": asking().may(Permission.RESCUE),
        "may_enforce": asking().may(Permission.ENFORCE),
    }


@pages.post("/search")
@csrf.exempt  # The form checks its own token, so that an old page comes back filled.
@permission(Permission.SEARCH_CONTACTS)
def search_contacts() -> ResponseReturnValue:
    """Records by their reporter's name, e-mail or telephone; the words searched for stand in no address."""
    form = ContactSearchForm()
    if not (form.contact.data or "").strip():
        return redirect(url_for("records.index"), 303)
    is_valid, person = form.validate(), asking()
    found = (
        records.search_contacts(form.contact.data, person)
        if is_valid
        else records.search(records.Filters(), person)
    )
    shared = {**_shared(), "search": form}
    page = render_template(
        "records/index.html", form=filter_form(), page=found, kept={}, searched=form.contact.data, **shared
    )
    return page, 200 if is_valid else 422


@pages.get("/<reference>")
@permission(Permission.SEE_RECORDS)
def show(reference: str) -> ResponseReturnValue:
    """One record with everything this person may see of it, and its history."""
    return _page(reference, ActionForm(formdata=None))


def _page(reference: str, form: ActionForm, status: int = 200) -> ResponseReturnValue:
    person = asking()
    record = records.find(reference, person)
    if record.kind in PAGES_OF_KINDS:
        return redirect(url_for(PAGES_OF_KINDS[record.kind], reference=reference))
    point = places.describe_known(record.latitude, record.longitude, record.accuracy_m)
    everything = records.everything(record)
    page = render_template(
        f"records/{record.kind}.html",
        all=everything,
        arrival=arrival_notes.of(record),
        record=record,
        sees_main=records.may_see(everything.main.id, person),
        kind=find_kind(record.kind),
        point=point,
        ward_names=wards.in_use().names,
        today=local_date(clock.now()),
        form=form,
        button=ActionForm(),
        moves=moves.moves_of(record.status, person),
        next_move=moves.next_of(record.status, person),
        is_open=record.closed_at is None,
        dangers=lifecycle.danger_check(record),
        questions=QUESTIONS,
        decisions=land.decisions_of(record),
        history_of_place=repeats.place_of(record, person) if isinstance(record, FlyTip) else None,
        far_photos=lifecycle.far_photos(record),
        enforcement_steps=enforcement.count_of(record) if person.may(Permission.ENFORCE) else None,
        requests=feedback.requests_of(report.id for report in everything.reports),
        told=telling.messages_of(report.id for report in everything.reports),
        newest_event=history.newest(everything.main),
        part_of=ties.lines_of_record(record.id, person),
        sees_audits=person.may(Permission.SURVEY),
        may_answer=person.may(Permission.ANSWER_ACTIONS),
        may_triage=person.may(Permission.TRIAGE),
        may_release=person.may(Permission.RELEASE),
        may_see_contacts=person.may(Permission.SEE_CONTACTS),
        may_see_vehicles=person.may(Permission.SEE_VEHICLES),
    )
    return page, status


@pages.post("/<reference>/visibility")
@permission(Permission.RELEASE)
def set_visibility(reference: str) -> ResponseReturnValue:
    """Show the public the facts, the words too, or nothing."""
    visibility.set_visibility(reference, request.form.get("visibility", ""), asking())
    return redirect(url_for("records.show", reference=reference), 303)


PHOTO_VERBS = {"release": photos.release, "hide": photos.hide}


@pages.post("/<reference>/photos/<uuid:photo_id>/<verb>")
@permission(Permission.RELEASE)
def set_photo(reference: str, photo_id: UUID, verb: str) -> ResponseReturnValue:
    """Release a photo to the public, or hide it at every size."""
    if verb not in PHOTO_VERBS:
        abort(404)
    photo = visibility.photo_of(reference, photo_id, asking())
    try:
        PHOTO_VERBS[verb](photo.id, asking())
    except Refused as refused:
        form = ActionForm(formdata=None)
        form.form_errors.append(str(refused))
        return _page(reference, form, 422)
    return redirect(url_for("records.show", reference=reference, _anchor="shown-photos"), 303)
