"""Lists of an action plan's lines, and of what is asked of others besides (field-facts 1.8)."""

from webapp.rules.codes import Code, CodeList

STATUSES = CodeList(
    Code("proposed", "Proposed"),
    Code("agreed", "Agreed by its owner"),
    Code("in_progress", "In progress"),
    Code("completed", "Completed"),
    Code("verified", "Completed and checked"),
    Code("not_feasible", "Not feasible"),
    Code("withdrawn", "Withdrawn"),
    Code("transferred", "Passed to another plan"),
)
PRIORITIES = CodeList(Code("high", "High"), Code("medium", "Medium"), Code("low", "Low"))

REQUEST_KINDS = CodeList(
    Code("speed_watch_site", "A speed-watch site"),
    Code("operation", "An operation"),
    Code("other_body", "Something of another body"),
)
REQUEST_STATUSES = CodeList(
    Code("open", "Open"),
    Code("taken_up", "Taken up"),
    Code("closed", "Closed"),
    Code("declined", "Declined"),
)
