"""ONNX's own test models, and whether a copy of them says the same.

    onnx_corpus.py make FOLDER              writes every model of ONNX's node tests and those in its package to FOLDER
    onnx_corpus.py compare FOLDER COPIES    compares files of the same name; a copy may be missing

Functions are written out before comparing, types that the copier cannot hold (optional, map, sparse) may be missing, and
typed data may have become raw.
"""
import pathlib
import sys
import warnings

import onnx
import onnx.checker
import onnx.inliner
import onnx.numpy_helper
from onnx import AttributeProto, helper


def make(folder):
    warnings.simplefilter("ignore")
    import onnx.backend.test.case.node as node_tests
    for case in node_tests.collect_testcases(None):
        if case.model is not None:
            (folder / f"{case.name}.onnx").write_bytes(case.model.SerializeToString())
    data = pathlib.Path(onnx.__file__).parent / "backend" / "test" / "data"
    for path in sorted(data.glob("**/*.onnx")):
        (folder / ("_".join(path.relative_to(data).parts[:-1] + (path.name,)))).write_bytes(path.read_bytes())


def tensor_of(t):
    return t.data_type, list(t.dims), onnx.numpy_helper.to_array(t).tobytes()


def type_of(value):
    t = value.type
    held = t.HasField("tensor_type") or (t.HasField("sequence_type") and t.sequence_type.elem_type.HasField("tensor_type"))
    return t.SerializeToString() if held else None


def attribute_of(a):
    if a.type == AttributeProto.TENSOR:
        return tensor_of(a.t)
    if a.type == AttributeProto.TENSORS:
        return [tensor_of(t) for t in a.tensors]
    if a.type == AttributeProto.GRAPH:
        return graph_of(a.g)
    if a.type == AttributeProto.GRAPHS:
        return [graph_of(g) for g in a.graphs]
    return a.type, helper.get_attribute_value(a)


def trimmed(names):
    names = list(names)
    while names and not names[-1]:
        names.pop()
    return names


def node_of(n):
    domain = "" if n.domain == "ai.onnx" else n.domain
    return n.op_type, domain, n.name, trimmed(n.input), trimmed(n.output), {a.name: attribute_of(a) for a in n.attribute}


def graph_of(g):
    made = {name for n in g.node for name in n.output} - {o.name for o in g.output}
    return {
        "name": g.name,
        "inputs": [(i.name, type_of(i)) for i in g.input],
        "outputs": [(o.name, type_of(o)) for o in g.output],
        "types": {v.name: type_of(v) for v in g.value_info if v.name in made and type_of(v)},
        "initializers": [(t.name, *tensor_of(t)) for t in g.initializer],
        "nodes": [node_of(n) for n in g.node],
    }


def model_of(m):
    return {
        "ir": m.ir_version,
        "opsets": {"" if o.domain == "ai.onnx" else o.domain: o.version for o in m.opset_import},
        "metadata": {p.key: p.value for p in m.metadata_props},
        "producer": (m.producer_name, m.producer_version, m.doc_string),
        "graph": graph_of(m.graph),
    }


def passes_checker(model):
    try:
        onnx.checker.check_model(model, full_check=True)
        return True
    except Exception:
        return False


def compare(folder, copies):
    failed = compared = 0
    for path in sorted(folder.glob("*.onnx")):
        copy = copies / path.name
        if not copy.exists():
            continue
        compared += 1
        ours, theirs = onnx.load(copy), onnx.load(path)
        if theirs.functions:
            theirs = onnx.inliner.inline_local_functions(theirs)
        a, b = model_of(ours), model_of(theirs)
        differing = [key for key in a if a[key] != b[key]] + [f"graph {k}" for k in a["graph"] if a["graph"][k] != b["graph"][k]]
        whole = all(t for _, t in b["graph"]["inputs"] + b["graph"]["outputs"])
        if not differing and whole and passes_checker(theirs) and not passes_checker(ours):
            differing = ["the checker's verdict"]
        if differing:
            failed += 1
            print(f"{path.name}: differs in {', '.join(differing)}")
    print(f"{compared} compared, {failed} differ")
    sys.exit(1 if failed or not compared else 0)


if __name__ == "__main__":
    folders = [pathlib.Path(a) for a in sys.argv[2:]]
    make(*folders) if sys.argv[1] == "make" else compare(*folders)
