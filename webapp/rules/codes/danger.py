"""The danger questions that come before anything else is ordered (field-facts 2.6, 2.7).

The thresholds are the Environment Agency's for what it takes on itself, and the duty to tell the Health and Safety
Executive of asbestos; `tells` names whom a "yes" must be told to.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Question:
    """One question of safety; `do` is what a "yes" means at the place, `tells` who must hear of it."""

    value: str
    words: str
    do: str
    tells: str


QUESTIONS = (
    Question(
        "asbestos",
        "Is there asbestos, or sheet that may be?",
        "Nobody touches, breaks or bags it. Keep upwind and ask for a cordon. A specialist must clear it.",
        "the Health and Safety Executive and a specialist contractor",
    ),
    Question(
        "asbestos_5m3",
        "More than 5 cubic metres of fibrous asbestos?",
        "The Environment Agency takes this on.",
        "the Environment Agency",
    ),
    Question(
        "drums_75l",
        "More than 75 litres of waste that may be hazardous, in drums or containers?",
        "Stay back. Nobody sniffs or moves them. The Environment Agency takes this on.",
        "the Environment Agency",
    ),
    Question(
        "leaking",
        "Is anything running into a drain, ditch or water, or burning?",
        "Fire: 999. Water or a drain: the Environment Agency’s incident line, 0800 80 70 60.",
        "the Fire Service or the Environment Agency’s incident line",
    ),
    Question(
        "over_20t",
        "More than about 20 tonnes, or 20 cubic metres?",
        "The Environment Agency takes this on.",
        "the Environment Agency",
    ),
    Question(
        "organised",
        "Signs of a criminal business or organised crime?",
        "Keep what is there as it is. The Environment Agency takes this on.",
        "the Environment Agency",
    ),
    Question(
        "sharps",
        "Needles, clinical waste, or anything like it near a school or play area?",
        "Nobody picks anything up. Send a crew that is trained for sharps, and count them.",
        "a crew that is trained for sharps",
    ),
    Question(
        "carcass",
        "Farm animals, or several dead birds?",
        "Nobody touches them. Keep dogs away.",
        "the Animal and Plant Health Agency, 03000 200 301",
    ),
    Question(
        "police",
        "A cannabis grow, cash, a weapon or identity papers?",
        "Disturb nothing.",
        "the police",
    ),
)
