#!/usr/bin/env python3
"""Installs the SDK alone to a fresh prefix, copies the templates out of the tree and builds them as their README lines say.

Fails when a compiler was given any header folder but the installed SDK's.
"""
import argparse
import json
import pathlib
import shlex
import shutil
import subprocess
import sys


def run(*command):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{shlex.join(str(part) for part in command)}\n{done.stdout}{done.stderr}")


def include_folders(build):
    for entry in json.loads((build / "compile_commands.json").read_text()):
        words = shlex.split(entry["command"])
        for word, after in zip(words, words[1:] + [""]):
            if word in ("-I", "-isystem", "-iquote"):
                yield after
            elif word.startswith(("-I", "-isystem")):
                yield word.removeprefix("-isystem").removeprefix("-I")


def main():
    parser = argparse.ArgumentParser()
    for name in ("cmake", "build", "source", "work", "cc", "cxx", "sanitize"):
        parser.add_argument(f"--{name}", required=True)
    args = parser.parse_args()
    work = pathlib.Path(args.work)
    shutil.rmtree(work, ignore_errors=True)
    prefix = work / "prefix"
    run(args.cmake, "--install", args.build, "--component", "sdk", "--prefix", prefix)
    for language in ("c", "cxx"):
        source, build = work / language, work / language / "build"
        shutil.copytree(pathlib.Path(args.source) / language, source)
        run(args.cmake, "-S", source, "-B", build, f"-DCMAKE_PREFIX_PATH={prefix}", "-DCMAKE_BUILD_TYPE=Release",
            "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON", f"-DCMAKE_C_COMPILER={args.cc}", f"-DCMAKE_CXX_COMPILER={args.cxx}",
            f"-DFAIRLEAD_SANITIZE={args.sanitize}")
        run(args.cmake, "--build", build)
        foreign = [folder for folder in include_folders(build) if not pathlib.Path(folder).is_relative_to(prefix)]
        if foreign:
            sys.exit(f"{language}: header folders outside of the installed SDK: {foreign}")


if __name__ == "__main__":
    main()
