"""The project's own Python files, read but never run."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("server", "shared", "mobile")

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One file: where it stands and what it says."""

    path: str
    text: str
    tree: ast.Module

    @property
    def lines(self) -> int:
        return len(self.text.splitlines())

    @property
    def functions(self) -> list[Function]:
        return [node for node in ast.walk(self.tree) if isinstance(node, Function)]

    def imports(self) -> Iterator[tuple[str, int]]:
        """Everything imported anywhere in the file, as a dotted name, and its line."""
        yield from _imports(ast.walk(self.tree))

    def imports_at_once(self) -> Iterator[tuple[str, int]]:
        """What is imported as soon as the file is, rather than when a function asks for it."""
        yield from _imports(iter(self.tree.body))


def _imports(nodes: Iterator[ast.AST]) -> Iterator[tuple[str, int]]:
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


@cache
def modules(*folders: str) -> tuple[Module, ...]:
    """Every module below these folders of the project, or below all its rooms."""
    files = (file for folder in folders or ROOMS for file in sorted((ROOT / folder).rglob("*.py")))
    return tuple(_read(file) for file in files)


def _read(file: Path) -> Module:
    text = file.read_text(encoding="utf-8")
    path = file.relative_to(ROOT).as_posix()
    return Module(path=path, text=text, tree=ast.parse(text, filename=path))
