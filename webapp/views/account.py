"""One's own account: what it may do, its password and app, and links that set a password."""

from flask import Blueprint, flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_security import logout_user

from webapp.extensions import csrf
from webapp.forms.account import NewPasswordForm, ResetForm
from webapp.forms.base import ActionForm
from webapp.rules.codes.roles import ROLES
from webapp.rules.errors import Gone, NotFound, Refused
from webapp.rules.roles import Permission
from webapp.services import passwords, sessions
from webapp.views import limits
from webapp.views.access import asking, permission

pages = Blueprint("account", __name__)


@pages.get("/account")
@permission(Permission.SIGNED_IN)
def show() -> ResponseReturnValue:
    """Who is signed in, what they may do, and how they sign in."""
    return render_template(
        "account/show.html",
        account=current_user,
        roles=[ROLES[name] for name in current_user.role_names],
        codes_left=len(current_user.mf_recovery_codes or ()),
        must_have_app=current_user.check_tf_required_setup(),
        button=ActionForm(),
    )


@pages.get("/account/start")
@permission(Permission.SIGNED_IN)
def start() -> ResponseReturnValue:
    """Go to the page that this person came for."""
    if current_user.tf_primary_method and not current_user.mf_recovery_codes:
        flash("You have no recovery codes. Make some under Account, in case you lose your phone.", "info")
    return redirect(url_for("records.index" if asking().may(Permission.SEE_RECORDS) else "account.show"))


@pages.post("/account/sign-out-everywhere")
@permission(Permission.SIGNED_IN)
def sign_out_everywhere() -> ResponseReturnValue:
    """End this person's sessions on every device."""
    sessions.end_all_sessions(asking())
    logout_user()
    session.clear()
    flash("You are signed out on every device.", "success")
    return redirect(url_for("security.login"), 303)


@pages.route("/account/reset", methods=["GET", "POST"])
@csrf.exempt  # The form checks its own token, so that an old page comes back filled.
@permission(Permission.ANYONE)
@limits.reset_requests
def ask_reset() -> ResponseReturnValue:
    """Ask where to send a link that sets a new password; the answer is the same for every address."""
    form = ResetForm()
    if form.validate_on_submit():
        passwords.ask_reset(form.email.data or "")
        return redirect(url_for("account.reset_asked"), 303)
    return render_template("account/ask_reset.html", form=form), 422 if form.errors else 200


@pages.get("/account/reset/sent")
@permission(Permission.ANYONE)
def reset_asked() -> ResponseReturnValue:
    """Say that a link is on its way if there is an account."""
    return render_template("account/reset_asked.html")


@pages.route("/account/reset/<token>", methods=["GET", "POST"])
@permission(Permission.ANYONE)
def set_password(token: str) -> ResponseReturnValue:
    """Set the password of whom the link was sent to; then they sign in with it."""
    form = NewPasswordForm()
    try:
        user = passwords.behind_link(token)
        if form.validate_on_submit():
            passwords.set_password(token, form.password.data or "")
            flash("Your password is set. Sign in with it now.", "success")
            return redirect(url_for("security.login"), 303)
    except Refused as refused:
        form.refuse(refused.errors)
    except (Gone, NotFound):
        return render_template("account/link_gone.html"), 404
    page = render_template("account/set_password.html", form=form, user=user)
    return page, 422 if form.errors else 200
