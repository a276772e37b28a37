"""Makes seeds for manifest_fuzz: ELF files that hold little but the note. python manifest_seeds.py FOLDER"""

import pathlib
import struct
import sys

NOTE_TYPE = 0x464C0001


def manifest(plugin_id=b"com.acme.ops", kinds=1, sanitizer=1):
    return struct.pack("<IHHHHII96s32s32s", 1, 0, 1, 1, sanitizer, kinds, 0, plugin_id, b"1.0.0", b"0.1.0")


def note(owner, kind, description):
    name = owner + b"\0"
    padded = name + bytes(-len(name) % 4)
    return struct.pack("<III", len(name), len(description), kind) + padded + description + bytes(-len(description) % 4)


def elf(*segments, machine=62):
    """A shared object with these PT_NOTE segments behind its header."""
    content = bytearray(b"\x7fELF\x02\x01\x01" + bytes(9))
    content += struct.pack("<HHIQQQIHHHHHH", 3, machine, 1, 0, 64, 0, 0, 64, 56, len(segments), 64, 0, 0)
    at = 64 + 56 * len(segments)
    for segment in segments:
        content += struct.pack("<IIQQQQQQ", 4, 4, at, at, at, len(segment), len(segment), 4)
        at += len(segment)
    return bytes(content) + b"".join(segments)


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    ours = note(b"FL1", NOTE_TYPE, manifest())
    gnu = note(b"GNU", 3, bytes(20))
    seeds = {
        "plugin": elf(ours),
        "beside-others": elf(gnu, gnu + ours + gnu),
        "two-manifests": elf(ours, ours),
        "no-manifest": elf(gnu),
        "host-without-sanitizer": elf(note(b"FL1", NOTE_TYPE, manifest(sanitizer=0))),
        "long-id": elf(note(b"FL1", NOTE_TYPE, manifest(plugin_id=b"a" * 96))),
        "short": elf(note(b"FL1", NOTE_TYPE, manifest()[:-4])),
        "other-machine": elf(ours, machine=183),
        "text": b"#!/bin/sh\n",
    }
    for name, content in seeds.items():
        (folder / name).write_bytes(content)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
