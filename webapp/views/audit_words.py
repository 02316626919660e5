"""What templates can say of audits: labels of their codes, and the words about their figures."""

from typing import Any

from webapp.rules import clock, eva
from webapp.rules.codes import actions, grades, observation
from webapp.rules.codes import eva as codes
from webapp.rules.codes.feedback import FEWEST_SHOWN
from webapp.rules.grades import CAUTION

GLOBALS: dict[str, Any] = {
    "category_of": eva.category,
    "severity_label": observation.SEVERITIES.label,
    "grade_label": grades.GRADES.label,
    "request_status": actions.REQUEST_STATUSES.label,
    "how_long": eva.how_long,
    "clock_time": clock.clock_time,
    "eva_codes": codes,
    "caution": CAUTION,
    "fewest_shown": FEWEST_SHOWN,
    "land_use_label": grades.LAND_USES.label,
    "grade_labels": [code.label for code in grades.GRADES],
    "elements": [(code.value, code.label) for code in grades.ELEMENTS],
    "element_labels": [code.label for code in grades.ELEMENTS],
}
