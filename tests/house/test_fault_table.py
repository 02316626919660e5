"""docs/faults.md lists every fault that is tried, in the words of its test."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def cases_of(path: Path) -> list[tuple[str, str]]:
    """Return (family, sentence) of each fault's test in a file."""
    tests = [
        node for node in ast.parse(path.read_text(encoding="utf-8")).body if isinstance(node, ast.FunctionDef)
    ]
    return [
        (ast.literal_eval(mark.args[0]), node.name.removeprefix("test_").replace("_", " "))
        for node in tests
        for mark in node.decorator_list
        if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.fault"
    ]


def table() -> str:
    """Return the table as it should be."""
    paths = sorted((ROOT / "tests" / "browser").glob("test_*.py"))
    cases = [case for path in paths for case in cases_of(path)]
    return "\n".join(f"| {family} | {sentence} |" for family, sentence in cases)


def test_the_table_of_faults_in_the_documentation_is_the_one_that_is_tried():
    written = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8")
    if table() not in written:
        pytest.fail(f"docs/faults.md is not what is tried. Put this in it:\n{table()}")
