"""Fourier transforms: of real and complex signals, their inverses, lengths, norms and dims; short-time ones."""

import torch
from cases import D, call, f32, f64, i64, program, weight

N, M = D("n", 12, 15, 6, 19), D("m", 3, 5, 3)
L = D("l", 64, 72, 64, 128)


def pairs(function):
    """With a result that is real: the pairs of what `function` gives."""
    return lambda *tensors: torch.view_as_real(function(*tensors))


def complex_of(function):
    """Of a complex signal, given as pairs."""
    return lambda x, *rest: pairs(function)(torch.view_as_complex(x), *rest)


def to_real(function):
    return lambda x, *rest: function(torch.view_as_complex(x), *rest)


def stft(*args, **kwargs):
    return lambda x, *window: torch.stft(x, *args, **kwargs, window=window[0] if window else None, return_complex=True)


CASES = [
    program("rfft", pairs(torch.fft.rfft), f32(3, 8)),
    program("rfft of a length that is no power of two", pairs(torch.fft.rfft), f32(2, 161)),
    program("rfft of an open length", pairs(torch.fft.rfft), f32(M, N)),
    program("rfft of integers", pairs(torch.fft.rfft), i64(2, 6)),
    program("rfft of doubles", pairs(torch.fft.rfft), f64(2, 6)),
    program("rfft along a dim", pairs(lambda x: torch.fft.rfft(x, dim=0)), f32(N, 3)),
    program("rfft cut", pairs(lambda x: torch.fft.rfft(x, 5)), f32(2, N)),
    program("rfft filled", pairs(lambda x: torch.fft.rfft(x, 20)), f32(2, N)),
    program("rfft ortho", pairs(lambda x: torch.fft.rfft(x, norm="ortho")), f32(2, N)),
    program("rfft forward", pairs(lambda x: torch.fft.rfft(x, norm="forward")), f32(2, 6)),
    program("fft", complex_of(torch.fft.fft), f32(3, 8, 2)),
    program("fft of real numbers", pairs(torch.fft.fft), f32(3, 7)),
    program("fft of an open length", complex_of(torch.fft.fft), f32(M, N, 2)),
    program("fft cut along a dim", complex_of(lambda x: torch.fft.fft(x, 2, dim=0)), f32(3, 8, 2)),
    program("ifft", complex_of(torch.fft.ifft), f32(3, 8, 2)),
    program("ifft ortho of an open length", complex_of(lambda x: torch.fft.ifft(x, norm="ortho")), f32(M, N, 2)),
    program("ifft forward", complex_of(lambda x: torch.fft.ifft(x, norm="forward")), f32(3, 6, 2)),
    program("irfft", to_real(torch.fft.irfft), f32(3, 5, 2)),
    program("irfft of an odd length", to_real(lambda x: torch.fft.irfft(x, 9)), f32(3, 5, 2)),
    program("irfft longer than its spectrum", to_real(lambda x: torch.fft.irfft(x, 16)), f32(3, 5, 2)),
    program("irfft shorter than its spectrum", to_real(lambda x: torch.fft.irfft(x, 5)), f32(3, 6, 2)),
    program("irfft of an open length", to_real(torch.fft.irfft), f32(M, N, 2)),
    program("irfft to a size of another tensor", to_real(lambda x, y: torch.fft.irfft(x, y.shape[0] * 2)), f32(2, 6, 2),
            f32(D("k", 6, 7, 6, 9))),
    program("irfft ortho", to_real(lambda x: torch.fft.irfft(x, norm="ortho")), f32(3, N, 2)),
    program("irfft of real numbers", torch.fft.irfft, f32(3, 5)),
    program("hfft", to_real(torch.fft.hfft), f32(3, 5, 2)),
    program("hfft of real numbers", lambda x: torch.fft.hfft(x, norm="forward"), f32(3, 5)),
    program("ihfft", pairs(lambda x: torch.fft.ihfft(x).resolve_conj()), f32(3, 7)),
    program("fft2", complex_of(torch.fft.fft2), f32(2, 4, 6, 2)),
    program("rfft2", pairs(torch.fft.rfft2), f32(M, 4, N)),
    program("rfft2 with sizes", pairs(lambda x: torch.fft.rfft2(x, s=(3, 8))), f32(2, 4, 6)),
    program("irfft2", to_real(torch.fft.irfft2), f32(2, 4, 5, 2)),
    program("fftn", complex_of(torch.fft.fftn), f32(2, 4, 6, 2)),
    program("fftn along dims", complex_of(lambda x: torch.fft.fftn(x, dim=(0, 2))), f32(2, M, 6, 2)),
    program("ifftn with sizes", complex_of(lambda x: torch.fft.ifftn(x, s=(3, 4))), f32(2, 4, 6, 2)),
    program("rfftn", pairs(lambda x: torch.fft.rfftn(x, norm="ortho")), f32(2, 4, 6)),
    program("irfftn", to_real(lambda x: torch.fft.irfftn(x, s=(4, 7), norm="forward")), f32(2, 4, 5, 2)),
    program("hfft2", to_real(torch.fft.hfft2), f32(2, 4, 5, 2)),
    program("ihfftn", pairs(lambda x: torch.fft.ihfftn(x).resolve_conj()), f32(2, 4, 5)),
    program("_fft_r2c of both halves", pairs(lambda x: torch.ops.aten._fft_r2c.default(x, [1], 1, False)), f32(2, 6)),
    program("_fft_c2r", to_real(lambda x: torch.ops.aten._fft_c2r.default(x, [0, 1], 2, 7)), f32(2, 4, 2)),
    program("_fft_c2c", complex_of(lambda x: torch.ops.aten._fft_c2c.default(x, [0, 1], 1, False)), f32(2, 4, 2)),
    program("a filter in the frequencies", lambda x, w: torch.fft.irfft(torch.fft.rfft(x) * torch.view_as_complex(w), 16),
            f32(M, 16), weight(f32(9, 2))),
    program("stft", pairs(stft(16, 4)), f32(2, 64), weight(f32(16))),
    program("stft of open sizes", pairs(stft(16, 4)), f32(M, L), weight(f32(16))),
    program("stft without a window", pairs(stft(16)), f32(2, 64)),
    program("stft with a short window", pairs(stft(20, 5, 13)), f32(2, 64), weight(f32(13))),
    program("stft without a window but its length", pairs(stft(20, 5, 13, normalized=True)), f32(2, 64)),
    program("stft with both halves", pairs(stft(16, 4, onesided=False, normalized=True)), f32(2, 64), weight(f32(16))),
    program("stft that is not centred", pairs(stft(16, 4, center=False)), f32(2, 64), weight(f32(16))),
    program("stft in constant padding", pairs(stft(16, 4, pad_mode="constant")), f32(2, 64), weight(f32(16))),
    program("stft of doubles", pairs(stft(16, 4)), f64(64), weight(f64(16))),
    program("stft of a complex signal", complex_of(stft(16, 4, onesided=False)), f32(2, 64, 2), weight(f32(16))),
    program("istft", to_real(lambda x, w: torch.istft(x, 16, 4, window=w)), f32(2, 9, 12, 2), weight(f32(16).within(1, 2))),
    program("istft of one signal, open", to_real(lambda x, w: torch.istft(x, 16, 4, window=w)), f32(9, D("t", 9, 12, 6), 2),
            weight(f32(16).within(1, 2))),
    program("istft of a length", to_real(lambda x: torch.istft(x, 16, length=50, normalized=True)), f32(2, 9, 12, 2)),
    program("istft that is not centred", to_real(lambda x: torch.istft(x, 16, 4, center=False)), f32(2, 9, 12, 2)),
    program("istft of both halves", to_real(lambda x: torch.istft(x, 16, 4, onesided=False)), f32(2, 16, 12, 2)),
    program("there and back", lambda x, w: torch.istft(torch.stft(x, 16, 4, window=w, return_complex=True), 16, 4, window=w),
            f32(M, L), weight(f32(16).within(1, 2))),
    call("aten::fft_fftfreq", 8),
    call("aten::fft_fftfreq", 7, 0.25, dtype=torch.float64),
    call("aten::fft_rfftfreq", 8, 2.0),
    call("aten::fft_rfftfreq", 7),
]
