"""Lists as files: what is downloaded is what the list shows, narrowed by the same filters."""

from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue

from webapp.extensions import clock
from webapp.rules.clock import local_date
from webapp.rules.roles import Permission
from webapp.services import record_export, sheets
from webapp.services.filters import Filters
from webapp.views.access import asking, permission
from webapp.views.records import filter_form

pages = Blueprint("exports", __name__)


@pages.get("/records.csv")
@permission(Permission.SEE_RECORDS)
def records() -> ResponseReturnValue:
    """The records this person may see, narrowed by the filters in the address, row by row as they are read."""
    form = filter_form()
    if form.left_out():
        # The list says which filter makes no sense; a file would hold more than was asked for, and say nothing.
        return redirect(f"{url_for('records.index')}?{urlencode(request.args)}", 303)
    chunks = sheets.csv_chunks(record_export.rows(Filters(**form.parts()), asking()))
    answer = Response(stream_with_context(chunks), mimetype="text/csv")
    name = f"records-{local_date(clock.now())}.csv"
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer
