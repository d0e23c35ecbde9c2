"""Reports module sizes; fails over 400 lines a module or 60 a function. Run as ``python -m tests.sizes``."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

MODULE_LIMIT, FUNCTION_LIMIT, REPORT_OVER = 400, 60, 300
ROOT = Path(__file__).parent.parent


def modules() -> list[Path]:
    """Every module of the package."""
    return sorted((ROOT / "adcli").rglob("*.py"))


def length(path: Path) -> int:
    """Lines of a module."""
    return len(path.read_text(encoding="utf-8").splitlines())


def long_functions(path: Path) -> Iterator[str]:
    """Functions over the limit, with where they are and how long."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > FUNCTION_LIMIT:
                yield f"{path.relative_to(ROOT)}:{node.lineno} {node.name} has {lines} lines"


def offences() -> list[str]:
    """Everything over a limit."""
    long = [
        f"{path.relative_to(ROOT)} has {length(path)} lines"
        for path in modules()
        if length(path) > MODULE_LIMIT
    ]
    return long + [found for path in modules() for found in long_functions(path)]


def main() -> int:
    """Prints the report; gives 1 when something is over a limit."""
    paths = modules()
    sizes = sorted(((length(path), path) for path in paths), reverse=True)
    total = sum(size for size, _ in sizes)
    middle = sizes[len(sizes) // 2][0]
    sys.stdout.write(f"{len(paths)} modules, {total} lines, median {middle}, longest {sizes[0][0]}\n")
    for size, path in sizes:
        if size > REPORT_OVER:
            sys.stdout.write(f"  {size} {path.relative_to(ROOT)}\n")
    found = offences()
    sys.stdout.writelines(f"too long: {line}\n" for line in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
