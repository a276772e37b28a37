#!/usr/bin/env python3
"""Every C header of the SDK compiles alone, as each language it promises.

usage: headers_alone.py CC CXX SDK_INCLUDE
"""
import pathlib
import subprocess
import sys

STRICT = ["-Wall", "-Wextra", "-pedantic", "-Werror", "-fsyntax-only"]
VARIANTS = [
    ("c", "-std=c11"),
    ("c", "-std=c17"),
    ("c", "-std=c11", "-fshort-enums", "-funsigned-char"),
    ("c++", "-std=c++17"),
    ("c++", "-std=c++20"),
    ("c++", "-std=c++20", "-fno-exceptions", "-fno-rtti"),
    ("c++", "-std=c++20", "-DFL_BUILDING_HOST"),
]


def main():
    cc, cxx, include = sys.argv[1:]
    headers = sorted((pathlib.Path(include) / "fairlead/sdk/abi").glob("*.h"))
    failures = []
    for header in headers:
        for language, *flags in VARIANTS:
            compiler = cc if language == "c" else cxx
            run = subprocess.run([compiler, *flags, *STRICT, f"-I{include}", "-x", language, header], capture_output=True, text=True)
            if run.returncode != 0:
                failures.append(f"{header.name} {language} {' '.join(flags)}:\n{run.stderr}")
    if len(headers) < 10:
        failures.append(f"{len(headers)} headers in {include}: the folder is not the SDK's")
    if failures:
        sys.exit("\n".join(failures))
    print(f"{len(headers)} headers, {len(VARIANTS)} ways each")


if __name__ == "__main__":
    main()
