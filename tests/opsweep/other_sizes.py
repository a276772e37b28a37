"""Inputs of other sizes for a program with open dimensions, and what it answers to them."""

import torch

from program import run_eagerly, same_values


def _changes(symbols):
    """Ways to change sizes: all of them, then one at a time."""
    yield lambda _, size: size + 1
    yield lambda _, size: size * 2
    for only in symbols:
        yield lambda symbol, size, only=only: size + (symbol == only)
        yield lambda symbol, size, only=only: size * (1 + (symbol == only))


def _resized(tensor, shape):
    """Rows are repeated where they stand, so that what is sorted stays so."""
    for dim, size in enumerate(shape):
        tensor = tensor.index_select(dim, torch.arange(size) * tensor.shape[dim] // max(size, 1))
    return tensor.clone()


def _value(size, sizes):
    return int(size.node.expr.subs(sizes) if isinstance(size, torch.SymInt) else size)


def try_other_sizes(program, tensors, seeds):
    """(how open the program is, values at other sizes, whether they are random); no values where none were accepted."""
    placeholders = {node.name: node for node in program.graph.nodes if node.op == "placeholder"}
    shapes = [placeholders[name].meta["val"].shape for name in program.graph_signature.user_inputs]
    open_sizes = [size for shape in shapes for size in shape if isinstance(size, torch.SymInt)]
    symbols = list(dict.fromkeys(symbol for size in open_sizes for symbol in size.node.expr.free_symbols))
    account = {"symbols": len(symbols), "shapes": [[str(size) for size in shape] for shape in shapes]}
    if not symbols:
        return account, {}, False
    environment = open_sizes[0].node.shape_env
    hints = getattr(environment, "backed_var_to_val", None) or environment.var_to_val
    for change in _changes(symbols):
        wanted = {symbol: (change(symbol, int(hints[symbol])), int(hints[symbol])) for symbol in symbols}
        sizes = {s: new if new <= environment.var_to_range[s].upper else old for s, (new, old) in wanted.items()}
        try:
            inputs = [_resized(t, [_value(size, sizes) for size in shape]) for t, shape in zip(tensors, shapes)]
            results = [run_eagerly(program.module(), [t.clone() for t in inputs], seed) for seed in range(seeds)]
        except Exception as error:  # guards, and whatever the operator says of these sizes
            account["no_other_sizes"] = first_line(error)
            continue
        account.pop("no_other_sizes", None)
        account["other_sizes"] = [list(tensor.shape) for tensor in inputs]
        is_random = not all(same_values(results[0], others) for others in results[1:])
        return account, {"alt_in": inputs, "alt_out": results[0]}, is_random
    return account, {}, False


def first_line(error):
    """The kind of an exception and the first line of its text."""
    lines = (line.strip() for line in str(error).splitlines())
    return f"{type(error).__name__}: {next(filter(None, lines), '')}"[:300]
