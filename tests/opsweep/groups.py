"""Which operators belong together, which are left out, and which results have no single right value.

Everything here is a judgement, not a mechanism. Patterns are shell patterns of names in the sample database.
"""

import fnmatch

LEFT_OUT = (
    ("sparse.*", "sparse layout"),
    ("to_sparse", "sparse layout"),
    ("jiterator_*", "compiled for CUDA only"),
    ("bmm.triton_optimized", "CUDA only"),
    ("torch._scaled_mm*", "needs float8 hardware"),
    ("torch.ops.aten._flash_attention_forward", "CUDA only"),
    ("torch.ops.aten._efficient_attention_forward", "CUDA only"),
    ("broadcast_shapes", "no tensor takes part"),
    ("hash_tensor", "value is tied to the PyTorch build"),
)

# The first group with a matching pattern. Cases with complex numbers in them are a group of their own, `complex`.
GROUPS = {
    "backward": ("*_backward", "*_backward_data", "*.grad"),
    "linalg": (
        "linalg.cholesky*", "linalg.cond", "linalg.det", "linalg.eig*", "linalg.householder_product", "linalg.inv*",
        "linalg.ldl_*", "linalg.lstsq*", "linalg.lu*", "linalg.matrix_rank*", "linalg.pinv*", "linalg.qr", "linalg.slogdet",
        "linalg.solve*", "linalg.svd*", "linalg.tensorinv", "linalg.tensorsolve", "linalg.norm*", "linalg.matrix_norm",
        "cholesky*", "geqrf", "logdet", "lu", "lu_*", "matrix_exp", "norm.nuc", "ormqr", "pca_lowrank", "pinverse", "qr",
        "svd", "svd_lowrank", "triangular_solve",
    ),
    "random": (
        "bernoulli", "cauchy", "exponential", "geometric", "log_normal", "multinomial", "nn.functional.*dropout*",
        "nn.functional.rrelu", "nn.functional.fractional_max_pool*", "normal*", "rand*", "uniform",
    ),
    "special": (
        "special.*", "polygamma*", "mvlgamma*", "lgamma", "digamma", "igamma", "igammac", "i0", "signal.windows.kaiser",
    ),
    "extra": ("extra.*",),
}  # fmt: skip

# Overloads that leave memory as it was: only shape and type are checked.
UNINITIALISED = frozenset((
    "aten.empty.memory_format", "aten.empty_like.default", "aten.empty_permuted.default", "aten.empty_strided.default",
    "aten.new_empty.default", "aten.new_empty_strided.default", "aten.resize_.default", "aten.resize_as_.default",
))  # fmt: skip

# One of several right answers: only shape and type are checked.
NOT_UNIQUE = (
    ("linalg.eig", "order and scale of eigenvectors are free"),
    ("linalg.eigvals", "order of eigenvalues is free"),
    ("linalg.eigh", "sign of eigenvectors is free"),
    ("linalg.svd", "sign of singular vectors is free"),
    ("svd", "sign of singular vectors is free"),
    ("svd_lowrank", "random projection"),
    ("pca_lowrank", "random projection"),
    ("linalg.qr", "sign of columns is free"),
    ("qr", "sign of columns is free"),
    ("geqrf", "packed reflectors depend on the library"),
    ("linalg.ldl_factor*", "pivoting depends on the library"),
)

# Outputs that are positions, free among equal elements: only shape and type are checked when the input has equal elements.
TIED_OUTPUTS = {
    "argsort": (0,), "kthvalue": (1,), "median": (1,), "mode": (1,), "nanmedian": (1,), "sort": (1,), "topk": (1,),
}  # fmt: skip

# What repeated rows break, at other sizes: a permutation, a matrix that has an inverse. There, only shape and type count.
NOT_RESIZABLE_ARGUMENTS = ("sorter",)
NOT_RESIZABLE_GROUPS = ("linalg",)


def _reason(name, table):
    return next((reason for pattern, reason in table if fnmatch.fnmatchcase(name, pattern)), None)


def left_out(operator):
    """Why an operator is left out altogether, or None."""
    return _reason(operator, LEFT_OUT)


def not_unique(operator):
    """Why the values of an operator are not unique, or None."""
    return _reason(operator, NOT_UNIQUE)


def is_resizable(operator, arguments):
    """Whether a call means something when rows of its tensors are repeated."""
    broken = any(arguments.get(name) is not None for name in NOT_RESIZABLE_ARGUMENTS)
    return not broken and group_of(operator) not in NOT_RESIZABLE_GROUPS


def group_of(operator):
    for group, patterns in GROUPS.items():
        if any(fnmatch.fnmatchcase(operator, pattern) for pattern in patterns):
            return group
    return "standard"
