"""What reporters are told: the words that Wardbook comes with, and the placeholders that officers may use in theirs.

Nothing that a reporter typed is a placeholder: anybody can type anybody's address.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

PLACEHOLDER = re.compile(r"\{([a-z_]*)\}")
IN_BRACES = re.compile(r"\{[^{}\n]*\}")
LINKS = ("link", "question_link")
LED_TO_LINK = re.compile(rf"[^.\n]*:\s*\{{(?:{'|'.join(LINKS)})\}}")
SUBJECT_MOST, TEXT_MOST = 150, 5000

# What each placeholder stands for, and what the preview puts there.
PLACEHOLDERS = {
    "reference": ("the reference of their report", "FT-2026-00012"),
    "reported_on": ("the day they reported it", "Sunday 22 November"),
    "ward": ("the ward, where it is known", "Eynsford"),
    "promise": (
        "by when it is cleared, or by when they hear whose land it is",
        "It is on public land, and it is due to be cleared by Sunday 29 November.",
    ),
    "body": ("who must answer for it, where that is decided", "Kent County Council Highways"),
    "cleared_on": ("the day it was cleared, where it was", "Wednesday 25 November"),
    "link": ("the reporter’s own page", "https://wardbook.example/track/…"),
    "question_link": ("the question how satisfied they are", "https://wardbook.example/track/…/satisfied"),
    "partnership": ("the partnership’s name", "Sevenoaks District Community Safety Partnership"),
}
# What is not known of every report: a line that names it is left out then, and a subject is one line.
MAY_BE_UNKNOWN = ("ward", "body", "cleared_on")


@dataclass(frozen=True, slots=True)
class Words:
    """A message: its subject and its text, with placeholders in braces."""

    subject: str
    text: str


_ABOUT = "Reference: {reference}\nReported:  {reported_on}\nWard:      {ward}\n"
_SEE = "\nSee what happens, add a photo or tell us more:\n{link}\n"
_ASK = "\nHow did we do? One question, no sign-in:\n{question_link}\n"

DEFAULTS: Mapping[str, Words] = {
    "acknowledgement": Words(
        "We have your fly-tipping report {reference}",
        f"Thank you. We have your report of fly-tipping.\n\n{_ABOUT}\n{{promise}}\n\n"
        "Please leave it as it is. Moving waste or opening bags can be dangerous and can spoil the evidence.\n"
        "\nSee what happens, add a photo or tell us more (only you have this link, so keep it to yourself):\n{link}\n",
    ),
    "clearance_ordered": Words(
        "On its way: your fly-tipping report {reference}",
        f"We have looked at your report, and a crew has been asked to clear it.\n\n{_ABOUT}\n{{promise}}\n{_SEE}",
    ),
    "specialist": Words(
        "A specialist will come: your fly-tipping report {reference}",
        "We have looked at your report. It needs a specialist, who has been asked to clear it.\n\n"
        f"{_ABOUT}\nPlease keep away from it, and keep children and pets away.\n{_SEE}",
    ),
    "cleared": Words(
        "Cleared: the fly-tipping you reported, {reference}",
        f"The fly-tipping that you reported has been cleared.\n\n{_ABOUT}Cleared:   {{cleared_on}}\n"
        "\nSee the photos of the place, where there are any, or tell us if it is not right:\n{link}\n"
        f"{_ASK}\nThank you for telling us.",
    ),
    "private_land": Words(
        "Private land: your fly-tipping report {reference}",
        f"What you reported lies on private land, so its owner must clear it. We have told them how.\n\n{_ABOUT}{_SEE}",
    ),
    "referred_kcc": Words(
        "Passed on: your fly-tipping report {reference}",
        "Kent County Council deals with this one, and we have passed your report on to them. We go on following it.\n"
        f"\n{_ABOUT}\n{{promise}}\n{_SEE}",
    ),
    "referred_ea": Words(
        "Passed on: your fly-tipping report {reference}",
        f"The Environment Agency deals with this one, and we have passed your report on to them.\n\n{_ABOUT}{_SEE}",
    ),
    "referred_other": Words(
        "Passed on: your fly-tipping report {reference}",
        "Somebody else must deal with this one, and we have passed your report on.\n\n"
        f"{_ABOUT}With:      {{body}}\n{_SEE}",
    ),
    "not_found": Words(
        "We found nothing: your fly-tipping report {reference}",
        "Somebody went to look, and nothing was there any more. If it is still there, tell us where to look:\n{link}\n"
        f"\n{_ABOUT}{_ASK}",
    ),
    "not_fly_tip": Words(
        "We have looked: your fly-tipping report {reference}",
        "We have looked at what you reported, and it is not fly-tipping, so it is not cleared as such.\n\n"
        f"{_ABOUT}{_SEE}{_ASK}",
    ),
    "duplicate": Words(
        "Reported already: your fly-tipping report {reference}",
        "Somebody had told us of the same fly-tipping before. Yours is joined to it, and you hear the same news.\n\n"
        f"{_ABOUT}\n{{promise}}\n{_SEE}",
    ),
    "closed": Words(
        "Finished: your fly-tipping report {reference}",
        f"We have finished with your report.\n\n{_ABOUT}Cleared:   {{cleared_on}}\n"
        f"\nWhat became of it stands on its page:\n{{link}}\n{_ASK}\nThank you for telling us.",
    ),
    "reopened": Words(
        "Open again: your fly-tipping report {reference}",
        f"Your report is open again: somebody will go and look once more.\n\n{_ABOUT}{_SEE}",
    ),
    "not_reopened": Words(
        "We have looked again: your fly-tipping report {reference}",
        "You asked us to look again. We did, and your report stays finished. Why, stands on its page:\n{link}\n"
        f"\n{_ABOUT}",
    ),
}
# The letters that ask how satisfied somebody is, in the words that Wardbook comes with.
ASKING = frozenset(purpose for purpose, words in DEFAULTS.items() if "{question_link}" in words.text)


def unknown_placeholders(text: str) -> list[str]:
    """Return what stands in braces and for nothing, each once, as it was typed.

    >>> unknown_placeholders("Dear {Name}, {reference} is {cleared_on}. {Name}")
    ['{Name}']
    """
    found = (match[0] for match in IN_BRACES.finditer(text))
    return list(dict.fromkeys(typed for typed in found if typed[1:-1] not in PLACEHOLDERS))


def problems(words: Words) -> dict[str, str]:
    """Return a sentence for the subject or the text that could not be filled for every reporter, by field.

    >>> problems(Words("Cleared on {cleared_on}", "Thank you"))["subject"]
    '{cleared_on} is not known of every report, so it can stand in the text only.'
    """
    found = {}
    for field in ("subject", "text"):
        unknown = unknown_placeholders(getattr(words, field))
        if unknown:
            found[field] = f"{', '.join(unknown)} stands for nothing. Use the placeholders of the list."
    not_always = [f"{{{name}}}" for name in MAY_BE_UNKNOWN if f"{{{name}}}" in words.subject]
    if not_always and "subject" not in found:
        verb = "is" if len(not_always) == 1 else "are"
        pronoun = "it" if len(not_always) == 1 else "they"
        found["subject"] = (
            f"{' and '.join(not_always)} {verb} not known of every report, so {pronoun} can stand in the text only."
        )
    return found


def missing_links(purpose: str, words: Words) -> list[str]:
    """Return a sentence for each link that a letter would be better with: a warning, no refusal."""
    missing = []
    if "{link}" not in words.text:
        missing.append(
            "There is no {link}, so nobody can get from this letter to their report or stop our messages."
        )
    if purpose in ASKING and "{question_link}" not in words.text:
        missing.append("There is no {question_link}, so nobody is asked how satisfied they are.")
    return missing


def fill(text: str, facts: Mapping[str, str | None]) -> str:
    """Return a text with facts in place of its placeholders; a line about a fact that is not known is left out.

    >>> fill("Ward: {ward}", {"ward": "Eynsford"}), fill("Cleared: {cleared_on}", {"cleared_on": None})
    ('Ward: Eynsford', '')
    """
    kept = [
        line
        for line in text.replace("\r\n", "\n").split("\n")
        if all(facts.get(match[1]) for match in PLACEHOLDER.finditer(line))
    ]
    return PLACEHOLDER.sub(lambda match: facts.get(match[1]) or "", "\n".join(kept))


def spoken(text: str, facts: Mapping[str, str | None]) -> str:
    r"""Return a text as it is said by telephone: filled, without its links and what leads to them.

    A link is the reporter's own way in: whoever calls does not need it, and nobody can say it.

    >>> spoken("It is gone. See its page:\n{link}\n\nDone: {reference}", {"link": "https://a", "reference": "7"})
    'It is gone.\n\nDone: 7'
    """
    without = fill(LED_TO_LINK.sub("", text), {**facts, **dict.fromkeys(LINKS)})
    paragraphs = (paragraph.strip() for paragraph in without.split("\n\n"))
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)
