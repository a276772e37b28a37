"""Regions that say how a part of a program runs, and operators within operators: no rows of their own, for passes take them away."""

import torch
from cases import D, boolean, f32, i64, program, weight
from torch._higher_order_ops.hints_wrap import hints_wrapper
from torch._higher_order_ops.scan import scan
from torch._higher_order_ops.strict_mode import strict_mode
from torch._higher_order_ops.wrap import wrap
from torch.utils.checkpoint import checkpoint

N = D("n", 3, 5)


def no_grad(x):
    with torch.no_grad():
        y = x * 2
    return y + x


def switched(x):
    with torch.enable_grad():
        y = x.sin()
        with torch.no_grad():
            y = y + x
    return y.cos()


def autocast(dtype, enabled=True):
    def run(x, w):
        with torch.autocast("cpu", dtype=dtype, enabled=enabled):
            y = x @ w
            z = torch.softmax(y, -1)
        return y, z

    return run


def autocast_twice(x, w):
    with torch.autocast("cpu", dtype=torch.bfloat16):
        y = torch.nn.functional.linear(x, w)
        with torch.autocast("cpu", enabled=False):
            z = x @ w
    return y.float() + z


def checkpointed(x, w):
    return checkpoint(lambda x: (x @ w).relu(), x, use_reentrant=False) + 1


@torch.compiler.nested_compile_region
def region(x, w):
    return (x @ w).sin()


def hinted(x):
    return hints_wrapper(lambda x: (x.sin(),), (x,), {}, hints={"ac": True})[0]


CASES = [
    program("no_grad", no_grad, f32(N, 3)),
    program("enable_grad around no_grad", switched, f32(N, 3)),
    program("autocast to bfloat16", autocast(torch.bfloat16), f32(N, 3), f32(3, 3)),
    program("autocast to float16", autocast(torch.float16), f32(N, 3), f32(3, 3)),
    program("autocast that is off", autocast(torch.bfloat16, False), f32(N, 3), f32(3, 3)),
    program("autocast within autocast", autocast_twice, f32(N, 3), f32(3, 3)),
    program("checkpoint", checkpointed, f32(N, 3), f32(3, 3)),
    program("a compile region", lambda x, w: region(region(x, w), w), f32(N, 3), weight(f32(3, 3))),
    program("a compile region within cond", lambda p, x, w: torch.cond(p, lambda x, w: region(x, w), lambda x, w: x * 2, (x, w)), boolean(), f32(N, 3), weight(f32(3, 3))),
    program("no_grad within cond", lambda p, x: torch.cond(p, no_grad, lambda x: x * 3, (x,)), boolean(), f32(N, 3)),
    program("no_grad within scan", lambda s, x: scan(lambda c, x: (no_grad(c) + x, c + x), s, x), f32(3), f32(N, 3)),
    program("strict_mode", lambda x: strict_mode(lambda x: (x.sin() + 1,), (x,)), f32(N, 3)),
    program("wrap", lambda x, y: wrap(lambda x, y: x.sin() + y, x, y), f32(N, 3), f32(3)),
    program("hints_wrapper", hinted, f32(N, 3)),
    program("print", lambda x: (torch._higher_order_ops.print("x is {}", x), x + 1)[1], f32(N, 3)),
]  # fmt: skip
