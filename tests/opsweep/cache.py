"""Where the cases lie: a folder for each selection, version of the generator and of PyTorch, shared by all clones."""

import hashlib
import json
import os
import tomllib
from pathlib import Path

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent
SELECTIONS = tomllib.loads((HERE / "selections.toml").read_text())
MODULES = ("make_cases", "operator_cases", "program", "other_sizes", "samples", "extra_ops", "groups")
GENERATOR = [HERE / f"{module}.py" for module in MODULES]


def selection_folder(name):
    """FAIRLEAD_CACHE/opsweep-SELECTION-KEY; the cache's default is that of tools/setup."""
    digest = hashlib.sha256(json.dumps(SELECTIONS[name], sort_keys=True).encode())
    for path in [*GENERATOR, REPOSITORY / "tools" / "dependencies" / "python-torch.txt"]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    default = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "fairlead"
    return Path(os.environ.get("FAIRLEAD_CACHE") or default) / f"opsweep-{name}-{digest.hexdigest()[:12]}"
