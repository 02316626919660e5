"""Who answers for a fly-tip by default: the rules in their order, and a try of them."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.extensions import csrf, db
from webapp.forms.base import ActionForm
from webapp.forms.routing import RuleForm, TryForm
from webapp.rules.roles import Permission
from webapp.services import land, wards
from webapp.views.access import asking, permission

pages = Blueprint("routing", __name__, url_prefix="/routing")

VERBS = {"raise": land.raise_rule, "remove": land.remove_rule}


@pages.get("")
@permission(Permission.SET_ROUTING)
def show() -> ResponseReturnValue:
    """The rules, and which of them fits what the address asks."""
    return _page(RuleForm(formdata=None))


def _page(form: RuleForm, status: int = 200) -> ResponseReturnValue:
    tried, names = TryForm(request.args), wards.in_use().names
    form.offer(names, "Any ward")
    tried.offer(names, "In no ward")
    asked = request.args.get("try") == "yes" and tried.validate()
    match = (
        land.first_match(db.session, tried.land_type.data, tried.main_waste.data, tried.ward())
        if asked
        else None
    )
    page = render_template(
        "routing/show.html",
        form=form,
        tried=tried,
        asked=asked,
        match=match,
        rules=land.rules(),
        button=ActionForm(formdata=None),
    )
    return page, status


@pages.post("")
@csrf.exempt  # The form checks its own token, so that an old page comes back filled.
@permission(Permission.SET_ROUTING)
def add() -> ResponseReturnValue:
    """Add a rule below all others."""
    form = RuleForm()
    form.offer(wards.in_use().names, "Any ward")
    if not form.validate():
        return _page(form, 422)
    land.add_rule(
        form.body.data or "",
        asking(),
        land_type=form.land_type.data,
        main_waste=form.main_waste.data,
        ward_code=form.ward(),
    )
    return redirect(url_for("routing.show"), 303)


@pages.post("/<int:rule_id>/<verb>")
@permission(Permission.SET_ROUTING)
def change(rule_id: int, verb: str) -> ResponseReturnValue:
    """Let a rule be tried earlier, or remove it."""
    if verb not in VERBS:
        abort(404)
    VERBS[verb](rule_id, asking())
    return redirect(url_for("routing.show"), 303)
