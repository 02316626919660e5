"""The five-point satisfaction question, with "don't know" aside (field-facts 5.4)."""

from webapp.rules.codes import Code, CodeList

ANSWERS = CodeList(
    Code("very_satisfied", "Very satisfied"),
    Code("fairly_satisfied", "Fairly satisfied"),
    Code("neither", "Neither satisfied nor dissatisfied"),
    Code("fairly_dissatisfied", "Fairly dissatisfied"),
    Code("very_dissatisfied", "Very dissatisfied"),
    Code("dont_know", "Don’t know, or I would rather not say"),
)
SATISFIED = frozenset({"very_satisfied", "fairly_satisfied"})
UNHAPPY = frozenset({"fairly_dissatisfied", "very_dissatisfied"})
DONT_KNOW = "dont_know"
# Fewer answers than this could show what one person said (statistical disclosure).
FEWEST_SHOWN = 5
