"""What is handed to the police: what is ready by scheme, each export with its file, and what came back."""

from flask import Blueprint, Response, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from webapp.extensions import csrf
from webapp.forms.base import ActionForm
from webapp.forms.police_exports import AnswerForm, CountsForm, DownloadForm, MakeForm
from webapp.rules.clock import local_date
from webapp.rules.errors import Refused, Stale
from webapp.rules.roles import Permission
from webapp.services import police_answers, police_exports, sheets
from webapp.services.police_answers import Answer
from webapp.services.police_exports import Handed
from webapp.services.police_file import PoliceFile
from webapp.views.access import asking, permission
from webapp.views.waste_return import XLSX

pages = Blueprint("police_exports", __name__, url_prefix="/speed-watch/exports")

ANSWERED = "Somebody has written down meanwhile what the police said. It stands below."
TYPES = {"csv": "text/csv", "xlsx": XLSX}


@pages.get("")
@permission(Permission.CHECK_SPEEDS)
def index() -> ResponseReturnValue:
    """Somebody's schemes with what is ready, and what was handed over before."""
    return _index(MakeForm(formdata=None))


def _index(form: MakeForm, status: int = 200) -> ResponseReturnValue:
    found = police_exports.overview(asking())
    return render_template("speed_watch/exports.html", schemes=found, form=form), status


@pages.post("/schemes/<int:scheme_id>")
@permission(Permission.CHECK_SPEEDS)
def make(scheme_id: int) -> ResponseReturnValue:
    """Hand over all that is ready of a scheme."""
    form = MakeForm()
    try:
        export = police_exports.make(scheme_id, asking(), form.known)
    except Refused as refused:
        form.form_errors = list(refused.errors.values())
        return _index(form, 422)
    return redirect(url_for("police_exports.show", export_id=export.id), 303)


@pages.get("/<int:export_id>")
@permission(Permission.CHECK_SPEEDS)
def show(export_id: int) -> ResponseReturnValue:
    """One export: its files, its rows with masked plates, who took it, and what came back."""
    return _page(export_id, ActionForm(formdata=None))


@pages.post("/<int:export_id>/<file_format>")
@csrf.exempt  # The form checks its own token, so that an old page comes back filled.
@permission(Permission.CHECK_SPEEDS)
def take(export_id: int, file_format: str) -> ResponseReturnValue:
    """Take the file, which is written down; again only with a reason."""
    if file_format not in TYPES:
        abort(404)
    form = DownloadForm()
    if not form.validate():
        return _page(export_id, form, 422, asked=file_format)
    try:
        taken = police_exports.take(export_id, file_format, form.reason.data or "", asking())
    except Refused as refused:
        form.refuse(refused.errors)
        return _page(export_id, form, 422, asked=file_format)
    return _file(export_id, file_format, taken)


def _file(export_id: int, file_format: str, taken: PoliceFile) -> Response:
    content = (
        b"".join(sheets.csv_chunks(taken.rows))
        if file_format == "csv"
        else sheets.workbook(
            [sheets.Sheet("Speed-watch", taken.rows), sheets.Sheet("About this file", taken.about)],
            is_secret=True,
        )
    )
    answer = Response(content, mimetype=TYPES[file_format])
    made_on = local_date(police_exports.find(export_id, asking()).made_at)
    name = f"speed-watch-{export_id}-{made_on}.{file_format}"
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@pages.post("/<int:export_id>/answer")
@csrf.exempt  # The form checks its own token, so that an old page comes back filled.
@permission(Permission.CHECK_SPEEDS)
def answer(export_id: int) -> ResponseReturnValue:
    """Write down what the police said of the rows."""
    form = AnswerForm()
    if not form.validate():
        return _page(export_id, form, 422)
    said = Answer(form.rejected.numbers, form.letters.count, form.visits.count)
    try:
        police_answers.answer(export_id, said, asking())
    except Refused as refused:
        form.refuse(refused.errors)
        return _page(export_id, form, 422)
    except Stale:
        form.form_errors.append(ANSWERED)
        return _page(export_id, form, 409)
    return redirect(url_for("police_exports.show", export_id=export_id, _anchor="answer"), 303)


@pages.post("/<int:export_id>/counts")
@csrf.exempt  # The form checks its own token, so that an old page comes back filled.
@permission(Permission.CHECK_SPEEDS)
def change_counts(export_id: int) -> ResponseReturnValue:
    """Change letters and visits, which often become known later."""
    form = CountsForm()
    if not form.validate():
        return _page(export_id, form, 422)
    try:
        letters, visits = form.letters.count, form.visits.count
        police_answers.change_counts(export_id, letters, visits, form.reason.data or "", asking())
    except Refused as refused:
        form.refuse(refused.errors)
        return _page(export_id, form, 422)
    return redirect(url_for("police_exports.show", export_id=export_id, _anchor="answer"), 303)


def _page(
    export_id: int,
    form: ActionForm | DownloadForm | AnswerForm | CountsForm,
    status: int = 200,
    asked: str = "",
) -> ResponseReturnValue:
    """Show an export; `form` is what was refused, and `asked` the format that it was about."""
    export = police_exports.find(export_id, asking())
    handed: Handed = police_exports.everything(export)
    page = render_template(
        "speed_watch/export.html",
        handed=handed,
        export=export,
        form=form,
        files={name: _named(form if name == asked else DownloadForm(formdata=None), name) for name in TYPES},
        answer=form if isinstance(form, AnswerForm) else AnswerForm(formdata=None),
        counts=form if isinstance(form, CountsForm) else _counts(handed),
        changes=police_answers.changes_of(export),
    )
    return page, status


def _named(form: object, name: str) -> object:
    """Give the reason of each format an id of its own: both stand on one page."""
    if isinstance(form, DownloadForm):
        form.reason.id = f"reason-{name}"
    return form


def _counts(handed: Handed) -> CountsForm:
    known = {"letters": handed.export.letters, "visits": handed.export.visits}
    return CountsForm(
        formdata=None, data={name: "" if one is None else str(one) for name, one in known.items()}
    )
