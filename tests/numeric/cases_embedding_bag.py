"""Bags of embedding rows."""

import torch
from cases import D, bf16, f16, f32, i64, program, values, weight

N = D("n", 6, 9)
ROWS, OFFSETS = weight(f32(7, 3)), values([0, 2, 2, 5], torch.int64)
WITH_LAST = values([0, 2, 2, 6], torch.int64)


def bag(name, *options, offsets=OFFSETS, indices=None, factors=()):
    """Only the first result: the others are for the backward pass."""
    packet, _, overload = name.partition(".")
    function = getattr(getattr(torch.ops.aten, packet), overload or "default")
    indices = indices or i64(N).within(0, 7)
    text = f"{name} {', '.join(map(str, options))}" + (" of weighted rows" if factors else "")
    if factors:
        return program(text, lambda w, i, o, f: function(w, i, o, *options[:3], f, *options[3:])[0], ROWS, indices, offsets, *factors)
    return program(text, lambda w, i, o: function(w, i, o, *options[:3], None, *options[3:])[0], ROWS, indices, offsets)


NARROW = {mode: lambda w, i, o, mode=mode: torch.ops.aten.embedding_bag(w, i, o, False, mode)[0] for mode in (0, 2)}

CASES = [
    case
    for mode in (0, 1, 2)
    for case in (
        bag("embedding_bag", False, mode, False, False),
        bag("embedding_bag", False, mode, False, True, offsets=WITH_LAST, indices=i64(6).within(0, 7)),
        bag("embedding_bag.padding_idx", False, mode, False, False, 2),
        bag("embedding_bag.padding_idx", False, mode, False, False, -2),
        bag("embedding_bag.padding_idx", False, mode, False, False, None),
        bag("_embedding_bag", False, mode, False, False, -1),
        bag("_embedding_bag", False, mode, False, False, 3),
        bag("_embedding_bag_forward_only", False, mode, False, False, -1),
        bag("_embedding_bag_forward_only", False, mode, False, False, 1),
    )
] + [
    bag("embedding_bag", False, 0, False, False, factors=(f32(N),)),
    bag("embedding_bag.padding_idx", False, 0, False, False, 2, factors=(f32(N),)),
] + [
    program(f"embedding_bag of {rows.dtype}, mode {mode}", NARROW[mode], rows, i64(N).within(0, 7), values([0, 2], torch.int64))
    for mode in (0, 2)
    for rows in (f16(7, 3), bf16(7, 3))
]
