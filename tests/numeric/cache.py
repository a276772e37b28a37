"""Where the cases lie: a folder for each version of a family's file, of the generator and of PyTorch, shared by all clones."""

import hashlib
import os
from pathlib import Path

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent
RECORDING = HERE.parent / "models" / "zoo"
FAMILIES = sorted(path.stem.removeprefix("cases_") for path in HERE.glob("cases_*.py"))


def family_folder(family):
    """FAIRLEAD_CACHE/numeric-FAMILY-KEY; the cache's default is that of tools/setup."""
    files = [HERE / f"cases_{family}.py", HERE / "make_cases.py", HERE / "cases.py", RECORDING / "recording.py"]
    digest = hashlib.sha256()
    for path in [*files, REPOSITORY / "tools" / "dependencies" / "python-torch.txt"]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    default = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "fairlead"
    return Path(os.environ.get("FAIRLEAD_CACHE") or default) / f"numeric-{family}-{digest.hexdigest()[:12]}"
