"""Yes and no, where not known is a third answer."""

from webapp.rules.codes import Code, CodeList

YES_NO = CodeList(Code("yes", "Yes"), Code("no", "No"))
