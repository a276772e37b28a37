"""What a .pt2 says of its outputs and its state, read from the archive's own JSON: the names that the model's outputs must have."""

import json
import zipfile
from dataclasses import dataclass

PROGRAMS = ("models/model.json", "serialized_exported_program.json")


@dataclass
class Interface:
    outputs: list[str]  # of each leaf of what forward() returns, those that are no tensors included
    states: list[str]  # what a call may change, in the order of the placeholders: buffers and parameters, then inputs


def read_interface(archive_path):
    with zipfile.ZipFile(archive_path) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(PROGRAMS)]
        module = json.loads(archive.read(name))["graph_module"]
    call = module.get("call_spec") or next(entry["signature"] for entry in module["module_call_graph"] if entry["fqn"] == "")
    fields = {name: entry["field_names"] for name, entry in module.get("treespec_namedtuple_fields", {}).items()}
    _, spec = json.loads(call["out_spec"])
    return Interface(list(_paths(spec, "", fields)), _states(module["signature"]))


def _paths(spec, path, namedtuples):
    """"past.0.key": keys, fields and positions; what would begin with a position has output_ before it."""
    if spec["type"] is None:
        yield path or "output_0"
        return
    children = spec["children_spec"]
    names = _child_names(spec, len(children), namedtuples)
    for position, child in enumerate(children):
        name = str(names[position]) if names else str(position) if path else f"output_{position}"
        yield from _paths(child, f"{path}.{name}" if path else name, namedtuples)


def _child_names(spec, count, namedtuples):
    """Of a dict, a namedtuple, a dataclass ([fields, absent ones]), a defaultdict ([factory, keys]); None where there are positions."""
    if spec["type"] in ("builtins.tuple", "builtins.list", "collections.deque"):
        return None
    if spec["type"] == "collections.namedtuple":
        return namedtuples[spec["context"]]
    context = spec["context"]
    context = (json.loads(context) if isinstance(context, str) else context) or []
    lists = [names for names in (context, *context) if isinstance(names, list) and len(names) == count]
    return next((names for names in lists if not any(isinstance(name, list) for name in names)), None)


def _states(signature):
    if "input_specs" not in signature:  # schema 1
        return [*signature["inputs_to_parameters"].values(), *signature["inputs_to_buffers"].values(), *signature["user_inputs"]]
    weights, inputs = [], []
    for spec in signature["input_specs"]:
        ((kind, entry),) = spec.items()
        if kind in ("parameter", "buffer"):
            weights.append(entry[f"{kind}_name"])
        elif kind == "user_input" and "as_tensor" in entry["arg"]:
            inputs.append(entry["arg"]["as_tensor"]["name"])
    return weights + inputs
