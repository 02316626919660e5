"""Letters to reporters: which there are, and a page to rewrite each, with how it would look."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.extensions import csrf
from webapp.forms.letters import LetterForm
from webapp.rules import letters as rules
from webapp.rules.errors import Refused, Stale
from webapp.rules.roles import Permission
from webapp.services import letters
from webapp.services.letters import Letter
from webapp.views.access import asking, permission

pages = Blueprint("letters", __name__, url_prefix="/letters")

CHANGED = "Somebody else changed this letter while your page was open. Read theirs below, then save yours or leave it."


@pages.get("")
@permission(Permission.WRITE_NOTICES)
def index() -> ResponseReturnValue:
    """Every letter by what happened, and which were rewritten."""
    return render_template("letters/index.html", letters=letters.listed(asking()))


@pages.get("/<purpose>")
@permission(Permission.WRITE_NOTICES)
def edit(purpose: str) -> ResponseReturnValue:
    """One letter with its words, and what its placeholders stand for."""
    letter = letters.find(purpose, asking())
    return _page(letter, LetterForm(formdata=None, data=_filled(letter)))


def _filled(letter: Letter) -> dict[str, str]:
    return {"subject": letter.words.subject, "text": letter.words.text, "seen": letter.version}


@pages.post("/<purpose>")
@csrf.exempt  # The form checks its own token, so that an old page comes back filled.
@permission(Permission.WRITE_NOTICES)
def write(purpose: str) -> ResponseReturnValue:
    """Show how the words would look, save them, or go back to those that Wardbook comes with."""
    letter, form = letters.find(purpose, asking()), LetterForm()
    do = request.form.get("do", "preview")
    is_valid = form.validate()
    # Whoever goes back need not first mend what they wrote; an old page is refused all the same.
    if not is_valid and (do != "restore" or form.form_errors):
        return _page(letter, form, 422)
    try:
        if do == "preview":
            return _page(letter, form, preview=letters.preview(form.words))
        _save(purpose, form, do)
    except Refused as refused:
        form.refuse(refused.errors)
        return _page(letter, form, 422)
    except Stale:
        newest = letters.find(purpose, asking())
        form.seen.data = newest.version
        form.form_errors.append(CHANGED)
        return _page(newest, form, 409, theirs=newest.words)
    return redirect(url_for("letters.index"), 303)


def _save(purpose: str, form: LetterForm, do: str) -> None:
    if do == "restore":
        letters.restore(purpose, form.seen.data or "", asking())
    else:
        letters.rewrite(purpose, form.words, form.seen.data or "", asking())


def _page(letter: Letter, form: LetterForm, status: int = 200, **more: object) -> ResponseReturnValue:
    page = render_template(
        "letters/edit.html",
        letter=letter,
        form=form,
        placeholders=rules.PLACEHOLDERS,
        warnings=rules.missing_links(letter.purpose, form.words) if "preview" in more else [],
        subject_most=rules.SUBJECT_MOST,
        text_most=rules.TEXT_MOST,
        **more,
    )
    return page, status
