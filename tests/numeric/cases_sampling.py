"""Images read at the places of a grid, and grids of affine maps."""

from cases import D, bf16, call, f16, f32, f64

N, L = D("n", 2, 3), D("l", 4, 6)
GRID = 1.6  # the grid reaches this far; 1 is the border

CASES = [
    call(name, image, grid.within(-GRID, GRID), mode, padding, corners)
    for names, image, grid, modes in (
        (("grid_sampler", "grid_sampler_2d"), f32(2, 2, 4, 5), f32(2, 3, 7, 2), (0, 1, 2)),
        (("grid_sampler", "grid_sampler_3d"), f32(2, 2, 3, 4, 5), f32(2, 3, 2, 5, 3), (0, 1)),
    )
    for name in map("aten::{}".format, names)
    for mode in modes
    for padding in (0, 1, 2)
    for corners in (False, True)
] + [
    call("aten::grid_sampler_2d", f32(N, 2, L, 5), f32(N, 3, L, 2).within(-GRID, GRID), 0, 1, True),
    call("aten::grid_sampler_2d", f16(1, 2, 4, 5), f16(1, 3, 4, 2).within(-1, 1), 0, 0, False),
    call("aten::grid_sampler_2d", f16(1, 2, 1, 5), f16(1, 3, 4, 2).within(-1, 1), 0, 1, True),
] + [
    call("aten::grid_sampler_2d", image(2, 2, 40, 50), image(2, 13, 7, 2).within(-GRID, GRID), mode, padding, corners)
    for image in (f16, bf16)
    for mode in ((0, 1, 2) if image is f16 else (0, 1))  # the weights of cubes, too, PyTorch rounds to bfloat16
    for padding in (0, 1, 2)
    for corners in (False, True)
] + [
    call("aten::grid_sampler_2d", f64(1, 2, 4, 5), f64(1, 3, 4, 2).within(-GRID, GRID), 0, 2, False),
    call("aten::grid_sampler_2d", f32(1, 1, 1, 1), f32(1, 3, 4, 2).within(-GRID, GRID), 0, 2, True),
    call("aten::grid_sampler_3d", f32(N, 2, 3, L, 5), f32(N, 3, L, 2, 3).within(-GRID, GRID), 0, 2, True),
    call("aten::grid_sampler_3d", f16(1, 2, 3, 4, 5), f16(1, 3, 2, 2, 3).within(-1, 1), 0, 0, False),
    call("aten::grid_sampler_3d", f32(0, 2, 3, 4, 5), f32(0, 3, 2, 2, 3), 0, 0, False),
    call("aten::affine_grid_generator", f32(2, 2, 3), [2, 3, 4, 5], False),
    call("aten::affine_grid_generator", f32(2, 2, 3), [2, 3, 4, 5], True),
    call("aten::affine_grid_generator", f32(2, 2, 3), [2, 3, 1, 5], True),
    call("aten::affine_grid_generator", f32(2, 2, 3), [2, 3, 1, 5], False),
    call("aten::affine_grid_generator", f32(1, 3, 4), [1, 2, 2, 3, 4], False),
    call("aten::affine_grid_generator", f64(1, 3, 4), [1, 2, 2, 1, 4], True),
    call("aten::affine_grid_generator", f16(2, 2, 3), [2, 3, 4, 5], True),
]
