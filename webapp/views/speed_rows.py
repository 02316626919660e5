"""One vehicle of a speed-watch session, corrected at a desk."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.extensions import csrf
from webapp.forms.speed_rows import CorrectionForm
from webapp.rules.errors import Clash, Refused
from webapp.rules.roles import Permission
from webapp.services import editing, speed_rows, watches
from webapp.views.access import asking, permission

pages = Blueprint("speed_rows", __name__, url_prefix="/speed-watch/<reference>/vehicles/<uuid:reading_id>")

CHANGED = "Somebody changed this vehicle while your page was open. Both are kept: read what it says now."


@pages.route("/edit", methods=["GET", "POST"])
@csrf.exempt  # The form checks its own token, so that an old page comes back filled.
@permission(Permission.WATCH_SPEEDS)
def edit(reference: str, reading_id: UUID) -> ResponseReturnValue:
    """Correct a vehicle; its plate is not shown, and what is typed into it replaces the one that is held."""
    watch, row = speed_rows.find(reference, reading_id, asking())
    if request.method == "GET":
        if not speed_rows.may_correct(watch, row, asking()):
            return redirect(url_for("speed_watch.show", reference=reference), 303)
        return _page(reference, reading_id, CorrectionForm(formdata=None, data=speed_rows.known(row)))
    form = CorrectionForm()
    if not form.validate():
        return _page(reference, reading_id, form, 422)
    try:
        speed_rows.correct(
            reference,
            reading_id,
            form.typed(request.form.lists()),
            editing.known_rev(form.base_rev.data or ""),
            form.reason.data or "",
            asking(),
        )
    except Refused as refused:
        form.refuse(refused.errors)
        return _page(reference, reading_id, form, 422)
    except Clash:
        # What was typed is kept beside what counts; the page shows that one.
        _, row = speed_rows.find(reference, reading_id, asking())
        form = CorrectionForm(formdata=None, data=speed_rows.known(row))
        form.form_errors = [CHANGED]
        return _page(reference, reading_id, form, 409)
    return redirect(url_for("speed_watch.show", reference=reference, _anchor="vehicles"), 303)


def _page(reference: str, reading_id: UUID, form: CorrectionForm, status: int = 200) -> ResponseReturnValue:
    watch, row = speed_rows.find(reference, reading_id, asking())
    # What was typed into it goes back to nobody's screen: a plate stands on the check and the export alone.
    form.plate.data = ""
    page = render_template(
        "speed_watch/vehicle.html",
        session=watch,
        row=row,
        mask=watches.mask_of(row),
        name=watches.everything(watch).name_of[row.id],
        form=form,
        is_over=speed_rows.is_over(watch),
        may_read_anew=speed_rows.may_read_anew(watch, asking()),
    )
    return page, status
