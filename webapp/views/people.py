"""The people with an account, for administrators: inviting, roles, closing and opening accounts."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from webapp.forms.account import InviteForm, RolesForm
from webapp.forms.base import ActionForm
from webapp.rules.codes.roles import ROLES
from webapp.rules.errors import Refused
from webapp.rules.roles import Permission
from webapp.services import accounts
from webapp.views.access import asking, permission

pages = Blueprint("people", __name__, url_prefix="/people")

# What one button does to an account, and the words afterwards.
VERBS = {
    "invite": (accounts.invite_again, "A new invitation is on its way. Earlier links no longer work."),
    "close": (accounts.deactivate, "The account is closed. They are signed out everywhere."),
    "open": (accounts.reactivate, "The account is open again."),
    "forget-authenticator": (
        accounts.forget_authenticator,
        "The authenticator app is removed. They set up a new one when they sign in.",
    ),
}


@pages.get("")
@permission(Permission.MANAGE_PEOPLE)
def index() -> ResponseReturnValue:
    """Everybody with an account."""
    return render_template("people/index.html", people=accounts.listed(asking()), roles=ROLES)


@pages.route("/invite", methods=["GET", "POST"])
@permission(Permission.MANAGE_PEOPLE)
def invite() -> ResponseReturnValue:
    """Ask whom to invite, and owe them an invitation."""
    form = InviteForm()
    if form.validate_on_submit():
        try:
            accounts.invite(
                form.email.data or "",
                form.name.data or "",
                form.roles.data or [],
                form.agency.data or None,
                asking(),
            )
            flash(f"An invitation to {form.email.data} is on its way.", "success")
            return redirect(url_for("people.index"), 303)
        except Refused as refused:
            form.refuse(refused.errors)
    return render_template("people/invite.html", form=form), 422 if form.errors else 200


@pages.route("/<int:user_id>", methods=["GET", "POST"])
@permission(Permission.MANAGE_PEOPLE)
def edit(user_id: int) -> ResponseReturnValue:
    """One person: name, roles, agency, and what can be done with the account."""
    account = accounts.find(user_id, asking())
    form = RolesForm(obj=account)
    if form.validate_on_submit():
        try:
            accounts.set_roles(
                user_id, form.name.data or "", form.roles.data or [], form.agency.data or None, asking()
            )
            flash("Saved. It counts from their next page on.", "success")
            return redirect(url_for("people.edit", user_id=user_id), 303)
        except Refused as refused:
            form.form_errors.extend(refused.errors.values())
    refused_now = bool(form.errors or form.form_errors)
    page = render_template(
        "people/edit.html", form=form, account=account, button=ActionForm(), me=asking().id
    )
    return page, 422 if refused_now else 200


@pages.post("/<int:user_id>/<verb>")
@permission(Permission.MANAGE_PEOPLE)
def change(user_id: int, verb: str) -> ResponseReturnValue:
    """Do what one of the buttons says."""
    if verb not in VERBS:
        abort(404)
    do, words = VERBS[verb]
    try:
        do(user_id, asking())
        flash(words, "success")
    except Refused as refused:
        flash(str(refused), "error")
    return redirect(url_for("people.edit", user_id=user_id), 303)
