"""Masking parts of a photo before the public sees it: drawn on the photo, or typed."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.extensions import csrf
from webapp.forms.base import ActionForm
from webapp.forms.masks import MaskForm
from webapp.rules.errors import Refused
from webapp.rules.roles import Permission
from webapp.services import masks
from webapp.views.access import asking, permission

pages = Blueprint("masks", __name__, url_prefix="/photos/<uuid:photo_id>/mask")


@pages.route("", methods=["GET", "POST"])
@csrf.exempt  # The form checks its own token, so that an old page comes back filled.
@permission(Permission.RELEASE)
def show(photo_id: UUID) -> ResponseReturnValue:
    """A photo with its masks, and the form for more."""
    found = masks.find(photo_id, asking())
    if request.method == "GET":
        return _page(found, MaskForm(formdata=None))
    form = MaskForm()
    if not form.validate():
        return _page(found, form, 422)
    try:
        masks.add(photo_id, form.given(), asking())
    except Refused as refused:
        form.refuse(refused.errors)
        return _page(masks.find(photo_id, asking()), form, 422)
    return redirect(url_for("masks.show", photo_id=photo_id), 303)


@pages.post("/<int:mask_id>/remove")
@permission(Permission.RELEASE)
def remove(photo_id: UUID, mask_id: int) -> ResponseReturnValue:
    """Take one mask away."""
    try:
        masks.remove(photo_id, mask_id, asking())
    except Refused as refused:
        form = MaskForm(formdata=None)
        form.form_errors.append(str(refused))
        return _page(masks.find(photo_id, asking()), form, 422)
    return redirect(url_for("masks.show", photo_id=photo_id), 303)


def _page(found: masks.Masked, form: MaskForm, status: int = 200) -> ResponseReturnValue:
    if found.number is None:
        back_url = url_for("records.show", reference=found.reference)
    else:
        back_url = url_for(
            "observations.show", reference=found.reference, number=found.number, _anchor="photos"
        )
    page = render_template(
        "photos/mask.html",
        photo=found.photo,
        masks=found.masks,
        reference=found.reference,
        back_url=back_url,
        form=form,
        button=ActionForm(formdata=None),
    )
    return page, status
