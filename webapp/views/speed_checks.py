"""The check of a speed-watch session: whole plates, what becomes of each, and DVLA's word on make and colour."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from webapp.extensions import csrf
from webapp.forms.speed_checks import CheckForm
from webapp.rules.errors import Refused, Stale
from webapp.rules.roles import Permission
from webapp.rules.speed_start import FLAGS
from webapp.services import dvla, dvla_checks, editing, history, speed_checks
from webapp.services.speed_checks import Decision
from webapp.views import speed_words
from webapp.views.access import asking, permission

pages = Blueprint("speed_checks", __name__, url_prefix="/speed-watch/<reference>")

# What came of vehicles when they were compared, by field of Compared.
CAME_OF_IT = {
    "fitting": "fit",
    "mismatched": "discarded for another make or colour",
    "not_known": "discarded because DVLA knows no vehicle with that registration",
    "not_read": "that DVLA cannot read, which stay",
    "left": "not asked about yet",
}
CHANGED = "Something came or changed while your page was open. Look at it below, then finish the check again."


@pages.get("/check")
@permission(Permission.CHECK_SPEEDS)
def show(reference: str) -> ResponseReturnValue:
    """What waits for a decision, each with its whole plate; that it was shown is written down."""
    return _page(reference, CheckForm(formdata=None))


@pages.post("/check")
@csrf.exempt  # The form checks its own token, so that an old page comes back filled.
@permission(Permission.CHECK_SPEEDS)
def finish(reference: str) -> ResponseReturnValue:
    """Finish the check: each vehicle becomes what was decided."""
    form = CheckForm()
    if not form.validate() or form.decisions.wrong:
        return _page(reference, form, 422)
    decisions = {own_id: Decision(*said) for own_id, said in form.decisions.given.items()}
    try:
        speed_checks.finish(reference, decisions, asking(), form.newest)
    except Refused as refused:
        form.decisions.wrong = {name: words for name, words in refused.errors.items() if name != "form"}
        form.refuse({"form": refused.errors["form"]} if "form" in refused.errors else {})
        return _page(reference, form, 422)
    except Stale:
        form.form_errors.append(CHANGED)
        return _page(reference, form, 409, is_anew=True)
    return redirect(url_for("speed_watch.show", reference=reference), 303)


@pages.post("/check/compare")
@csrf.exempt  # The form checks its own token, so that an old page comes back filled.
@permission(Permission.CHECK_SPEEDS)
def compare(reference: str) -> ResponseReturnValue:
    """Compare make and colour with what DVLA has, of some vehicles at each press; what was decided so far stays."""
    form = CheckForm()
    if not form.validate():
        return _page(reference, form, 422)
    # It is asked for when the check is finished.
    form.decisions.wrong = {}
    try:
        compared = dvla_checks.compare(reference, asking())
    except Refused as refused:
        flash(str(refused), "error")
    else:
        flash(_of_a_press(compared), "error" if compared.problem else "success")
    return _page(reference, form, is_anew=True)


def _of_a_press(compared: dvla_checks.Compared) -> str:
    again = "Press the button again for those." if compared.left and not compared.problem else ""
    said = _came_of_it(compared) or "Nothing was compared."
    return " ".join(filter(None, (compared.problem, said, again)))


def _came_of_it(compared: dvla_checks.Compared) -> str:
    """Return what came of comparing in words, each count that there is; empty where there is none."""
    counts = [
        f"{getattr(compared, name)} {words}" for name, words in CAME_OF_IT.items() if getattr(compared, name)
    ]
    return f"Compared with DVLA: {'; '.join(counts)}." if counts else ""


def _page(
    reference: str, form: CheckForm, status: int = 200, *, is_anew: bool = False
) -> ResponseReturnValue:
    """Show the check; `is_anew` tells what happened since the page was made that the form came from."""
    check = speed_checks.opened(reference, asking())
    session = check.watch.session
    changed = history.what_changed_since(session, form.newest) if is_anew else ()
    if is_anew or not form.seen.data:
        form.seen.data = str(check.newest)
    so_far = dvla_checks.so_far(session.id) if dvla.is_set() else dvla_checks.Compared()
    page = render_template(
        "speed_watch/check.html",
        check=check,
        watch=check.watch,
        session=session,
        form=form,
        given=form.decisions.given,
        wrong=form.decisions.wrong,
        changed=speed_words.lines(changed, check.watch.name_of),
        at_a_press=dvla_checks.AT_A_PRESS,
        openings=history.openings(session, speed_checks.OPENED),
        problems=[FLAGS[code] for code in session.start_problems.split() if code in FLAGS],
        has_dvla=dvla.is_set(),
        so_far=so_far,
        came_of_it=_came_of_it(so_far),
        may_change=editing.may_change(session.id, asking()),
    )
    return page, status
