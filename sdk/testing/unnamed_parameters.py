#!/usr/bin/env python3
"""Fails where a lowering leaves a parameter unnamed, and so unread, without saying so: only Unused<T> and NoEffect<T> may be.

usage: unnamed_parameters.py FOLDER…

A parameter that has a name and is not read is a compiler warning; one without a name is not, and its value would be
ignored without a word.
"""
import pathlib
import re
import sys

FUNCTION = re.compile(r"\w+\(Builder&\s*\w*,(?P<rest>(?:[^(){}]|\([^(){}]*\))*)\)\s*\{")
ALIAS = re.compile(r"using (\w+) = (?:Unused|NoEffect)<")


def split(parameters):
    """At commas outside of angle brackets."""
    depth, start = 0, 0
    for i, c in enumerate(parameters):
        depth += (c == "<") - (c == ">")
        if c == "," and depth == 0:
            yield parameters[start:i].strip()
            start = i + 1
    yield parameters[start:].strip()


def is_unnamed(parameter):
    """`const std::optional<bool>&`, `int64_t`: a type and nothing after it."""
    plain = re.sub(r"<.*>", "", parameter).replace("const ", "").strip()
    return re.fullmatch(r"[\w:]+\s*[&*]*", plain) is not None


def findings(path):
    text = re.sub(r"//[^\n]*|/\*.*?\*/", "", path.read_text(), flags=re.S)
    may_be_unnamed = ("Unused<", "NoEffect<", *ALIAS.findall(text))
    for function in FUNCTION.finditer(text):
        for parameter in split(function["rest"]):
            if is_unnamed(parameter) and not parameter.startswith(may_be_unnamed):
                yield f"{path}: {function[0].split('(')[0]} does not name its parameter of type {parameter}"


def main():
    paths = [p for folder in sys.argv[1:] for p in sorted(pathlib.Path(folder).rglob("*.cpp"))]
    found = [f for p in paths for f in findings(p)]
    print(*found, f"{len(paths)} files", sep="\n")
    sys.exit(bool(found) or not paths)


if __name__ == "__main__":
    main()
