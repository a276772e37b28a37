"""Where the models lie: one folder for each version of the generator and of what it uses, shared by all clones."""

import hashlib
import os
from pathlib import Path

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent


def generator_files():
    """What decides what a model is."""
    pins = sorted((REPOSITORY / "tools" / "dependencies").glob("python-*.txt"))
    return [HERE / "make_models.py", *sorted((HERE / "zoo").glob("*.py")), *pins]


def models_folder():
    """FAIRLEAD_CACHE/models-KEY; the cache's default is that of tools/setup."""
    digest = hashlib.sha256()
    for path in generator_files():
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    default = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "fairlead"
    return Path(os.environ.get("FAIRLEAD_CACHE") or default) / f"models-{digest.hexdigest()[:12]}"
