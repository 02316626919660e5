"""The files of the project, as git sees them, for the tests that read the house itself."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


@cache
def project_files() -> tuple[str, ...]:
    """Return the paths that git tracks or would track, from the project's folder."""
    command = ["git", "-C", str(ROOT), "ls-files", "--cached", "--others", "--exclude-standard"]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    return tuple(line for line in sorted(lines) if (ROOT / line).is_file())


def text_of(path: str) -> str:
    """Return the words of a file; what is no text reads as question marks."""
    return (ROOT / path).read_text(encoding="utf-8", errors="replace")


def python_of(folder: str) -> Iterator[tuple[str, ast.Module]]:
    """Yield the path and syntax tree of each Python file in a folder."""
    for path in project_files():
        if path.startswith(folder) and path.endswith(".py"):
            yield path, ast.parse(text_of(path), path)


def imports_of(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield (module, name) for all that a file imports, hidden or not; a plain import has no name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.module or "", alias.name) for alias in node.names)


def calls_of(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield (owner, method) for each call with a dot in it, such as ("db.session", "commit")."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield ast.unparse(node.func.value), node.func.attr
