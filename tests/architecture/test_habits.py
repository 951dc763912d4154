"""Small promises of all code: what files are called, what importing does, who reads the clock."""

import ast
import json
from collections.abc import Iterator

from tests.architecture.source import ROOT, modules

# They say nothing about what is inside; name the thing.
EMPTY_NAMES = {"models", "utils", "helpers", "managers", "manager", "base", "common", "misc"}

# Each has a better word in the glossary of docs/architecture.md.
BANNED_WORDS = {
    "Session",
    "Schedule",
    "Event",
    "Task",
    "Resource",
    "Visit",
    "Data",
    "Info",
    "Manager",
}

DEFINITIONS = (
    ast.Import,
    ast.ImportFrom,
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Assign,
    ast.AnnAssign,
)
READS_THE_WORLD = {
    "open",
    "read_text",
    "read_bytes",
    "getenv",
    "now",
    "utcnow",
    "today",
    "connect",
    "create_engine",
    "create_app",
    "safe_load",
}
READS_THE_CLOCK = {"now", "utcnow", "today"}


def test_no_file_has_a_name_that_says_nothing() -> None:
    found = [
        module.path
        for module in modules("server", "shared", "mobile", "tests")
        if module.path.rpartition("/")[2].removesuffix(".py") in EMPTY_NAMES
    ]

    assert not found, _list("Name these files after what is in them.", found)


def test_no_class_bears_a_word_that_means_something_else_here() -> None:
    found = [
        f"{module.path}:{node.lineno} class {node.name}"
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef) and node.name in BANNED_WORDS
    ]

    assert not found, _list("Look the concept up in the glossary and use its word.", found)


def test_importing_a_file_only_defines_things() -> None:
    found = [
        f"{module.path}:{node.lineno} {ast.unparse(node).splitlines()[0]}"
        for module in modules()
        for node in module.tree.body
        if not _only_defines(node)
    ]

    assert not found, _list("Move this into a function that the wiring calls.", found)


def test_rules_and_planner_are_told_the_time_and_never_read_it() -> None:
    found = [
        f"{module.path}:{call.lineno} {ast.unparse(call)}"
        for module in modules("server/domain", "server/planner")
        for call in _calls(module.tree)
        if _called(call) in READS_THE_CLOCK
        or ast.unparse(call.func) in ("time.time", "time.time_ns")
    ]

    assert not found, _list("Take `now` as an argument instead.", found)


def test_python_locks_name_no_address() -> None:
    found = [
        f"{lock.name}:{number} {line.strip()}"
        for lock in sorted((ROOT / "requirements").glob("*.txt"))
        for number, line in enumerate(lock.read_text().splitlines(), start=1)
        if "://" in line
    ]

    assert not found, _list("Locks must work with any index. Make them with `make lock`.", found)


def test_python_locks_agree_on_every_version() -> None:
    versions: dict[str, set[str]] = {}
    for lock in (ROOT / "requirements").glob("*.txt"):
        for line in lock.read_text().splitlines():
            if "==" in line and not line.startswith((" ", "#")):
                requirement = line.removesuffix(" \\")
                name, _, marker = requirement.partition(";")
                package = f"{name.partition('==')[0]};{marker}"
                versions.setdefault(package, set()).add(name.strip())

    found = [" and ".join(sorted(several)) for several in versions.values() if len(several) > 1]

    assert not found, _list("Two locks differ. Make them all again with `make lock`.", found)


def test_the_web_packages_lock_names_no_address() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]

    found = [name for name, package in packages.items() if "resolved" in package]

    assert not found, _list("Keep .npmrc as it is and run `npm install` again.", found)


def _only_defines(node: ast.stmt) -> bool:
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)  # a docstring
    if isinstance(node, ast.If):
        return ast.unparse(node.test) in ("TYPE_CHECKING", "__name__ == '__main__'")
    if isinstance(node, ast.Assign | ast.AnnAssign) and node.value:
        return not any(_called(call) in READS_THE_WORLD for call in _calls(node.value))
    return isinstance(node, DEFINITIONS)


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def _called(call: ast.Call) -> str:
    """The last word of what is called: `now` of `datetime.now(UTC)`."""
    return ast.unparse(call.func).rpartition(".")[2]


def _list(rule: str, found: list[str]) -> str:
    return "\n  ".join((rule, *found))
