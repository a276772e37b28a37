"""Makes seeds for archive_fuzz out of the fixtures: python archive_seeds.py FIXTURES FOLDER"""

import io
import pathlib
import sys
import zipfile

fixtures, folder = map(pathlib.Path, sys.argv[1:])
folder.mkdir(parents=True, exist_ok=True)


def seed(choice, name, data):
    (folder / f"{choice}-{name}").write_bytes(bytes([choice]) + data)


for path in sorted(fixtures.glob("pt2-*/*.pt2")):
    if path.stat().st_size > 16000:
        continue
    name = f"{path.parent.name}-{path.stem}"
    seed(0, name, path.read_bytes())
    archive = zipfile.ZipFile(path)
    for entry in archive.namelist():
        data = archive.read(entry)
        if entry.endswith("serialized_exported_program.json"):
            seed(1, name, data)
        elif "models/" in entry:
            seed(2, name, data)
        elif data.startswith(b"PK"):
            nested = zipfile.ZipFile(io.BytesIO(data))
            for inner in nested.namelist():
                if inner.endswith("data.pkl"):
                    seed(3, f"{name}-{entry.split('/')[-2] if '/' in entry else entry}", nested.read(inner))
for path in sorted((fixtures / "tensors").glob("*")):
    if path.suffix == ".safetensors":
        seed(4, path.stem, path.read_bytes())
    elif path.suffix == ".npy":
        seed(5, path.stem, path.read_bytes())
