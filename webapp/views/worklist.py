"""The worklist: what is due, on a phone and at a desk; printed; and many records dealt with at once."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice

from webapp.extensions import clock, csrf
from webapp.forms.worklist import TogetherForm, WorklistForm
from webapp.rules import lifecycle as rules
from webapp.rules.clock import local_date
from webapp.rules.codes.agencies import AGENCIES
from webapp.rules.errors import NotFound
from webapp.rules.periods import quarter_of
from webapp.rules.roles import Permission
from webapp.services import assigning, feedback, figures, filters, places, telling, wards, worklist
from webapp.services.assigning import Done, Ticked
from webapp.services.figures import Share
from webapp.services.worklist import Wanted
from webapp.views.access import asking, permission
from webapp.views.lists import choices, page_number

pages = Blueprint("worklist", __name__, url_prefix="/worklist")

ORDER_WORDS = {"clock": "the clock", "route": "the way to drive"}
BUCKET_WORDS = {
    "past": ("past 7 days", "act", "warning"),
    "soon": ("day 5 to 7", "soon", "clock"),
    "rest": ("3 days or more left", "ok", "calendar"),
    "held": ("whose land?", "plain", "question"),
    "out": ("not in the 7 days", "plain", "map"),
}
ASSIGN = "assign"
NOTHING_TICKED = "Tick the records that you mean, then choose what to do with them."
NOTHING_CHOSEN = "Choose who must answer for them, or enter who does it."


def _form() -> WorklistForm:
    form = WorklistForm(request.args)
    names = sorted(wards.in_use().names.items(), key=lambda item: item[1])
    form.ward.choices = choices("All wards", [(filters.NONE, "In no ward"), *names])
    bodies = [(code.value, code.label) for code in AGENCIES]
    form.body.choices = choices("Anybody", [(filters.NONE, "Nobody yet"), *bodies])
    crews = [(crew, crew) for crew in worklist.crews(asking())]
    form.crew.choices = choices("All crews", [(filters.NONE, "No crew yet"), *crews])
    form.order.choices = [SelectChoice(value, words) for value, words in ORDER_WORDS.items()]
    return form


def _wanted(form: WorklistForm) -> Wanted:
    bucket = request.args.get("bucket")
    known = (*worklist.BUCKETS, worklist.TO_CLOSE)
    return Wanted(
        bucket=bucket if bucket in known else None,
        ward=form.value("ward"),
        body=form.value("body"),
        crew=form.value("crew"),
        order=form.value("order") or "clock",
        page=page_number(),
    )


def _kept(wanted: Wanted) -> Mapping[str, str]:
    names = ("bucket", "ward", "body", "crew", "order")
    kept = {name: getattr(wanted, name) for name in names if getattr(wanted, name)}
    return {name: value for name, value in kept.items() if (name, value) != ("order", "clock")}


@pages.get("")
@permission(Permission.SEE_WORKLIST)
def show() -> ResponseReturnValue:
    """What is open, the most urgent first, with one next step for each."""
    return _page(TogetherForm(formdata=None))


def _page(
    together: TogetherForm, status: int = 200, ticked_before: Collection[str] = (), **more: Any
) -> ResponseReturnValue:
    person, form = asking(), _form()
    wanted = _wanted(form)
    together.body.choices = choices("As it is", [(code.value, code.label) for code in AGENCIES])
    page = render_template(
        "worklist/show.html",
        form=form,
        wanted=wanted,
        kept=_kept(wanted),
        work=worklist.show(wanted, person),
        figure=_figure() if wanted == worklist.EVERYTHING else None,
        to_close=worklist.to_close(person),
        to_tell=telling.count() if person.may(Permission.SEE_CONTACTS) else 0,
        asked_again=feedback.open_requests(person) if person.may(Permission.TRIAGE) else [],
        buckets=BUCKET_WORDS,
        together=together,
        ticked_before=ticked_before,
        together_moves=[rules.BY_NAME[name] for name in _together(wanted)],
        may_work=person.may(Permission.WORK),
        may_triage=person.may(Permission.TRIAGE),
        next_of=lambda status: rules.next_of(status, person),
        today=local_date(clock.now()),
        **more,
    )
    return page, status


def _figure() -> Share | None:
    """Return the 7-day figure of the running quarter, for whoever may see figures and has not narrowed the list."""
    if not asking().may(Permission.SEE_FIGURES):
        return None
    return figures.cleared_in(quarter_of(local_date(clock.now())))


def _together(wanted: Wanted) -> list[str]:
    """Return the moves that make sense for what the list shows and that this person may make."""
    closing = wanted.bucket == worklist.TO_CLOSE
    names = ("close",) if closing else tuple(name for name in assigning.TOGETHER if name != "close")
    return [name for name in names if asking().may(rules.BY_NAME[name].permission)]


@pages.get("/print")
@permission(Permission.SEE_WORKLIST)
def to_print() -> ResponseReturnValue:
    """The same list for a clipboard: where each is, and room to tick it."""
    wanted = _wanted(_form())
    work = worklist.show(wanted, asking())
    points = {
        line.tip.id: places.describe_known(line.tip.latitude, line.tip.longitude, line.tip.accuracy_m)
        for line in work.lines
    }
    return render_template(
        "worklist/print.html",
        work=work,
        wanted=wanted,
        kept=_kept(wanted),
        points=points,
        today=local_date(clock.now()),
    )


@pages.post("/together")
@csrf.exempt  # The form checks its own token, so that an old page comes back with what was ticked.
@permission(Permission.WORK)
def together() -> ResponseReturnValue:
    """Do one thing with all ticked records, each by itself, and say of each what became of it."""
    form = TogetherForm()
    ticked = [Ticked(reference, seen) for reference, seen in form.tick.ticked()]
    if form.validate() and not ticked:
        form.form_errors.append(NOTHING_TICKED)
    if form.do.data == ASSIGN and not (form.chosen_body() or form.crew.data):
        form.form_errors.append(NOTHING_CHOSEN)
    if form.error_list() or form.form_errors:
        return _page(form, 422)
    done = _do(form, ticked)
    # What failed stays ticked, now on a page that knows what changed.
    failed = {one.reference for one in done if one.problem}
    return _page(form, 200 if len(failed) < len(done) else 422, done=done, ticked_before=failed)


def _do(form: TogetherForm, ticked: Sequence[Ticked]) -> list[Done]:
    crew, person = form.crew.data or "", asking()
    if form.do.data == ASSIGN:
        return assigning.assign_all(ticked, form.chosen_body(), crew or None, person)
    try:
        return assigning.move_all(ticked, form.do.data or "", crew, form.reason.data or "", person)
    except NotFound:
        return abort(404)
