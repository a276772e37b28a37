#!/usr/bin/env python3
"""A plugin exports its entry point and nothing else, needs the language's libraries and nothing else, and runs nothing when
it is loaded.

usage: check_inert.py BUILD_FOLDER…
"""
import pathlib
import subprocess
import sys

ENTRY = "fl_plugin_entry_v1"
LIBRARIES = {"libc.so.6", "libm.so.6", "libstdc++.so.6", "libgcc_s.so.1"}


def lines(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()


def faults(build):
    plugins = list(build.glob("*.fairlead.so"))
    objects = list(build.rglob("*.o"))
    if len(plugins) != 1 or not objects:
        yield f"{build}: {len(plugins)} plugins and {len(objects)} objects, wanted one plugin and its objects"
        return
    exported = [line.split()[-1] for line in lines("nm", "--dynamic", "--defined-only", plugins[0])]
    if exported != [ENTRY]:
        yield f"{plugins[0]} exports {exported}, wanted [{ENTRY!r}]"
    needed = {line.split("[")[1].rstrip("]") for line in lines("readelf", "--dynamic", plugins[0]) if "(NEEDED)" in line}
    if needed - LIBRARIES:
        yield f"{plugins[0]} needs {sorted(needed - LIBRARIES)}"
    if not any("BIND_NOW" in line or "FLAGS_1" in line and "NOW" in line for line in lines("readelf", "--dynamic", plugins[0])):
        yield f"{plugins[0]} is bound lazily"
    for compiled in objects:
        if any(".init_array" in line or ".ctors" in line for line in lines("readelf", "--sections", "--wide", compiled)):
            yield f"{compiled} has static constructors"


def main():
    found = [fault for build in sys.argv[1:] for fault in faults(pathlib.Path(build))]
    if found or len(sys.argv) < 2:
        sys.exit("\n".join(found) or __doc__)
    print(f"{len(sys.argv) - 1} plugins: one symbol each, no static constructors")


if __name__ == "__main__":
    main()
