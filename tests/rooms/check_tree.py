"""Holds the tree to its own rules: python check_tree.py ROOT [CLANG-FORMAT]

- no archive over 1 MB, tests/data under 12 MB in all;
- C and C++ are laid out as .clang-format says (where clang-format is given), but for third parties.
"""

import pathlib
import subprocess
import sys

LARGEST, DATA = 1 << 20, 12 << 20
FOLDERS = ("framework", "plugins", "sdk", "tools", "tests", "docs")


def files(root):
    for folder in FOLDERS:
        yield from (path for path in (root / folder).rglob("*") if path.is_file() and "__pycache__" not in path.parts)


def size_problems(root):
    large = [path for path in files(root) if path.stat().st_size > LARGEST]
    data = sum(path.stat().st_size for path in files(root) if path.is_relative_to(root / "tests/data"))
    yield from (f"{path.relative_to(root)} has {path.stat().st_size} bytes, more than {LARGEST}" for path in large)
    if data > DATA:
        yield f"tests/data has {data} bytes, more than {DATA}"


def layout_problems(root, clang_format):
    sources = [path for path in files(root) if path.suffix in (".c", ".cpp", ".h", ".hpp") and "third_party" not in path.parts]
    run = subprocess.run([clang_format, "--dry-run", "--Werror", *sources], capture_output=True, text=True)
    if run.returncode != 0:
        yield run.stderr[:4000] or f"clang-format ended with {run.returncode}"


def main(root, clang_format=None):
    problems = [*size_problems(pathlib.Path(root)), *(layout_problems(pathlib.Path(root), clang_format) if clang_format else ())]
    print("\n".join(problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
