#!/usr/bin/env python3
"""A plugin exports its entry point and nothing else, needs the language's libraries and nothing else, and runs nothing when
it is loaded.

usage: check_inert.py PLUGIN OBJECTS_FOLDER [PLUGIN OBJECTS_FOLDER …]
"""
import pathlib
import subprocess
import sys

ENTRY = "fl_plugin_entry_v1"
LIBRARIES = {"libc.so.6", "libm.so.6", "libstdc++.so.6", "libgcc_s.so.1"}


def lines(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()


def faults(plugin, folder):
    objects = list(pathlib.Path(folder).rglob("*.o"))
    if not objects:
        yield f"{folder} has no objects of {plugin}"
    exported = [line.split()[-1] for line in lines("nm", "--dynamic", "--defined-only", plugin)]
    if exported != [ENTRY]:
        yield f"{plugin} exports {exported}, wanted [{ENTRY!r}]"
    needed = {line.split("[")[1].rstrip("]") for line in lines("readelf", "--dynamic", plugin) if "(NEEDED)" in line}
    if needed - LIBRARIES:
        yield f"{plugin} needs {sorted(needed - LIBRARIES)}"
    if not any("BIND_NOW" in line or "FLAGS_1" in line and "NOW" in line for line in lines("readelf", "--dynamic", plugin)):
        yield f"{plugin} is bound lazily"
    for compiled in objects:
        if any(".init_array" in line or ".ctors" in line for line in lines("readelf", "--sections", "--wide", compiled)):
            yield f"{compiled} has static constructors"


def main():
    pairs = list(zip(sys.argv[1::2], sys.argv[2::2]))
    found = [fault for pair in pairs for fault in faults(*pair)]
    if found or not pairs:
        sys.exit("\n".join(found) or __doc__)
    print(f"{len(pairs)} plugins: one symbol each, no static constructors")


if __name__ == "__main__":
    main()
