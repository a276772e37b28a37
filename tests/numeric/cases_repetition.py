"""Elements as often as a number of their own says."""

import torch
from cases import D, boolean, call, f16, f32, i64, values

N = D("n", 3, 5)
COUNTS = values([2, 0, 3], torch.int64)

CASES = [
    call("aten::repeat_interleave.Tensor", COUNTS),
    call("aten::repeat_interleave.Tensor", values([1, 4], torch.int32)),
    call("aten::repeat_interleave.Tensor", values([0, 0], torch.int64)),
    call("aten::repeat_interleave.Tensor", COUNTS, output_size=5),
    call("aten::repeat_interleave.self_Tensor", f32(3, 2), COUNTS, 0),
    call("aten::repeat_interleave.self_Tensor", f32(2, 3), COUNTS, -1),
    call("aten::repeat_interleave.self_Tensor", f32(2, 3), COUNTS, 1, output_size=5),
    call("aten::repeat_interleave.self_Tensor", i64(3), COUNTS),
    call("aten::repeat_interleave.self_Tensor", f32(N, 2), values([2], torch.int64), 0),
    call("aten::repeat_interleave.self_Tensor", f16(2, 2), values(3, torch.int64)),
    call("aten::repeat_interleave.self_Tensor", boolean(3, 2), COUNTS, 0),
    call("aten::repeat_interleave.self_int", f32(2, 3), 2),
    call("aten::repeat_interleave.self_int", f32(N, 3), 3, 0),
]
