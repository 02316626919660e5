"""What every file of the project must be: free of machines and hosts, in step with its documents."""

import json
import re
import tomllib

from tests.house.tree import ROOT, project_files, text_of

# Written in two halves, so that this file does not name what it forbids.
MACHINE_PATHS = re.compile("/(?:" + "root|work|tmp" + ")/|/home" + "/[a-z]")
HOSTS = re.compile(
    "|".join(
        (
            "registry" + r"\.",
            r"\bpypi" + r"\.org",
            "python" + "hosted",
            r"\bdeb\." + "debian",
            "node" + "source",
        )
    )
)
BINARY = (".png", ".jpg", ".jpeg", ".heic", ".webp", ".ico", ".gz", ".br", ".zip", ".gpkg")
LOCKS = ("requirements.txt", "requirements-dev.txt")


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{path}:{number}: {line.strip()[:100]}"
        for path in project_files()
        if not path.endswith(BINARY)
        for number, line in enumerate(text_of(path).splitlines(), 1)
        if pattern.search(line)
    ]


def pins_of(lock: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", text_of(lock).lower().replace("_", "-"), re.MULTILINE))


def plain(requirement: str) -> str:
    name = re.match(r"[A-Za-z0-9_.-]+", requirement)
    assert name is not None
    return re.sub(r"[-_.]+", "-", name[0]).lower()


def test_no_file_names_one_machine_s_folders():
    assert lines_with(MACHINE_PATHS) == []


def test_no_file_names_a_package_host():
    assert lines_with(HOSTS) == []


def test_package_lock_has_exact_versions_and_no_download_addresses():
    lock = json.loads(text_of("package-lock.json"))
    assert [name for name, entry in lock["packages"].items() if "resolved" in entry] == []
    wanted = json.loads(text_of("package.json"))
    versions = {**wanted.get("dependencies", {}), **wanted.get("devDependencies", {})}
    assert {
        name: version for name, version in versions.items() if not re.fullmatch(r"\d+\.\d+\.\d+", version)
    } == {}


def test_python_locks_hold_nothing_but_exact_versions():
    pin = re.compile(r"[a-z0-9.-]+==[0-9a-z.+]+(?: ; [^#]+?)?(?:  # .*)?")
    loose = [
        f"{lock}: {line}"
        for lock in LOCKS
        for line in text_of(lock).splitlines()
        if not pin.fullmatch(line.lower())
    ]
    assert [line for line in loose if not line.partition(": ")[2].startswith("#")] == []
    assert "://" not in "".join(text_of(lock) for lock in LOCKS)


def test_both_python_locks_agree_and_cover_what_pyproject_asks_for():
    project = tomllib.loads(text_of("pyproject.toml"))["project"]
    run, dev = (pins_of(lock) for lock in LOCKS)
    assert {name: version for name, version in run.items() if dev.get(name) != version} == {}
    assert {plain(wanted) for wanted in project["dependencies"]} - set(run) == set()
    assert {plain(wanted) for wanted in project["optional-dependencies"]["dev"]} - set(dev) == set()


def test_readme_tells_every_verb_of_make():
    verbs = re.findall(r"^([a-z]+): ## ", text_of("Makefile"), re.MULTILINE)
    readme = text_of("README.md")
    assert [verb for verb in verbs if verb != "help" and f"make {verb}" not in readme] == []
    assert {"run", "test", "check", "bench", "format", "migration", "screenshots"} <= set(verbs)


def test_decision_records_are_numbered_without_gaps():
    names = [path.rpartition("/")[2] for path in project_files() if path.startswith("docs/decisions/")]
    numbers = [int(name[:4]) for name in names if re.fullmatch(r"\d{4}-[a-z0-9-]+\.md", name)]
    assert names
    assert numbers == list(range(1, len(names) + 1))


def test_what_is_made_is_not_kept():
    made = ("static/build/", "node_modules/", ".venv/", "instance/")
    assert [path for path in project_files() if path.startswith(made) or path.endswith(".pyc")] == []


def test_ci_runs_make_test_and_nothing_else():
    commands = [line for line in text_of(".ci/run").splitlines() if line and not line.startswith("#")]
    assert commands == ["exec make test"]
    assert (ROOT / ".ci/run").stat().st_mode & 0o111
