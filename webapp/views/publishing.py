"""What officers give out of an audit: the page for residents, and the PDF that the worker makes."""

from io import SEEK_END

from flask import Blueprint, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue

from webapp.extensions import clock
from webapp.forms.base import ActionForm
from webapp.rules.clock import local_date
from webapp.rules.errors import Refused
from webapp.rules.roles import Permission
from webapp.services import papers, published, publishing
from webapp.views import eva
from webapp.views.access import asking, permission

pages = Blueprint("publishing", __name__, url_prefix="/eva/<reference>")


@pages.get("/you-said")
@permission(Permission.ANYONE)
def you_said(reference: str) -> ResponseReturnValue:
    """What residents are shown of an audit; before it is published, a preview for whoever may publish it."""
    person = asking()
    return render_template(
        "eva/you_said.html",
        said=published.find(reference, person),
        today=local_date(clock.now()),
        may_publish=person.may(Permission.PUBLISH_EVAS),
        button=ActionForm(formdata=None),
    )


@pages.post("/publish")
@permission(Permission.PUBLISH_EVAS)
def publish(reference: str) -> ResponseReturnValue:
    """Show residents what was seen and what is done about it."""
    try:
        publishing.publish(reference, asking())
    except Refused as refused:
        form = ActionForm(formdata=None)
        form.form_errors.append(str(refused))
        return eva.page_of(reference, form, 422)
    return redirect(url_for("publishing.you_said", reference=reference), 303)


@pages.post("/unpublish")
@permission(Permission.PUBLISH_EVAS)
def unpublish(reference: str) -> ResponseReturnValue:
    """Show residents nothing of it any more."""
    publishing.withdraw(reference, asking())
    return redirect(url_for("eva.show", reference=reference, _anchor="given-out"), 303)


@pages.post("/pdf")
@permission(Permission.PUBLISH_EVAS)
def ask_for_paper(reference: str) -> ResponseReturnValue:
    """Ask for the PDF of an audit; the worker makes it."""
    publishing.ask_for_paper(reference, asking())
    return redirect(url_for("eva.show", reference=reference, _anchor="given-out"), 303)


@pages.get("/results.pdf")
@permission(Permission.SURVEY)
def paper(reference: str) -> ResponseReturnValue:
    """The PDF of an audit, once it is made."""
    stream = papers.opened(reference, asking())
    name, size = f"{reference}.pdf", stream.seek(0, SEEK_END)
    stream.seek(0)
    sent = send_file(
        stream, "application/pdf", as_attachment=True, download_name=name, conditional=False, etag=False
    )
    sent.content_length = size
    sent.headers["Cache-Control"] = "no-store"
    return sent
