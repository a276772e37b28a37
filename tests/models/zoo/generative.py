"""The two networks of a latent diffusion model: the U-Net that removes noise and the decoder to pixels."""

import math

import torch
import torch.nn.functional as F
from torch import nn

from zoo.registry import Program, model


class Residual(nn.Module):
    """Two normalised convolutions beside a shortcut; the time step is added between them."""

    def __init__(self, channels_in, channels_out, time_width=None):
        super().__init__()
        self.n1 = nn.GroupNorm(4, channels_in)
        self.c1 = nn.Conv2d(channels_in, channels_out, 3, padding=1)
        self.n2 = nn.GroupNorm(4, channels_out)
        self.c2 = nn.Conv2d(channels_out, channels_out, 3, padding=1)
        self.t = nn.Linear(time_width, channels_out) if time_width else None
        self.k = nn.Conv2d(channels_in, channels_out, 1) if channels_in != channels_out else nn.Identity()

    def forward(self, x, time=None):
        h = self.c1(F.silu(self.n1(x)))
        if self.t is not None:
            h = h + self.t(F.silu(time))[:, :, None, None]
        return self.k(x) + self.c2(F.silu(self.n2(h)))


class PixelAttention(nn.Module):
    """Every pixel attends to all pixels, or to a context from elsewhere."""

    def __init__(self, channels, context_width=None, heads=2):
        super().__init__()
        self.h = heads
        self.n = nn.GroupNorm(4, channels)
        self.q = nn.Linear(channels, channels, bias=False)
        self.k = nn.Linear(context_width or channels, channels, bias=False)
        self.v = nn.Linear(context_width or channels, channels, bias=False)
        self.o = nn.Linear(channels, channels)

    def forward(self, x, context=None):
        b, c, h, w = x.shape
        pixels = self.n(x).permute(0, 2, 3, 1).reshape(b, h * w, c)
        source = pixels if context is None else context

        def split(t):
            return t.view(b, -1, self.h, c // self.h).transpose(1, 2)

        attended = F.scaled_dot_product_attention(split(self.q(pixels)), split(self.k(source)), split(self.v(source)))
        attended = attended.transpose(1, 2).reshape(b, h * w, c)
        return x + self.o(attended).reshape(b, h, w, c).permute(0, 3, 1, 2)


class UNet(nn.Module):
    """One step down, one up; conditioned on a time step and a text."""

    def __init__(self, c=16):
        super().__init__()
        self.c = c
        self.t = nn.Sequential(nn.Linear(c, 32), nn.SiLU(), nn.Linear(32, 32))
        self.i = nn.Conv2d(4, c, 3, padding=1)
        self.d1 = Residual(c, c, 32)
        self.a1 = PixelAttention(c, 24)
        self.ds = nn.Conv2d(c, 2 * c, 3, 2, 1)
        self.d2 = Residual(2 * c, 2 * c, 32)
        self.m = Residual(2 * c, 2 * c, 32)
        self.ma = PixelAttention(2 * c)
        self.u2 = Residual(4 * c, 2 * c, 32)
        self.us = nn.Conv2d(2 * c, c, 3, padding=1)
        self.u1 = Residual(2 * c, c, 32)
        self.o = nn.Sequential(nn.GroupNorm(4, c), nn.SiLU(), nn.Conv2d(c, 4, 3, padding=1))

    def embed(self, step, device):
        half = self.c // 2
        frequencies = torch.exp(-math.log(10000) * torch.arange(half, dtype=torch.float32, device=device) / half)
        angles = step[:, None].float() * frequencies
        return self.t(torch.cat([angles.cos(), angles.sin()], -1))

    def forward(self, x, t, ctx):
        time = self.embed(t, x.device)
        wide = self.a1(self.d1(self.i(x), time), ctx)
        narrow = self.d2(self.ds(wide), time)
        middle = self.ma(self.m(narrow, time))
        up = self.u2(torch.cat([middle, narrow], 1), time)
        up = self.us(F.interpolate(up, scale_factor=2.0, mode="nearest"))
        return self.o(self.u1(torch.cat([up, wide], 1), time))


class PixelDecoder(nn.Module):
    """From latents to pixels: bilinear and transposed upsampling, one head of attention."""

    def __init__(self):
        super().__init__()
        self.p = nn.Conv2d(4, 4, 1)
        self.i = nn.Conv2d(4, 16, 3, padding=1)
        self.r = Residual(16, 16)
        self.a = PixelAttention(16, heads=1)
        self.r2 = Residual(16, 8)
        self.u = nn.Conv2d(8, 8, 3, padding=1)
        self.t = nn.ConvTranspose2d(8, 8, 4, 2, 1)
        self.o = nn.Conv2d(8, 3, 3, padding=1)

    def forward(self, z):
        x = self.a(self.r(self.i(self.p(z / 0.18215))))
        x = self.u(F.interpolate(self.r2(x), scale_factor=2, mode="bilinear", align_corners=False))
        return (self.o(F.leaky_relu(self.t(x), 0.2)) / 2 + 0.5).clamp(0, 1)


@model("unet2d_cond", "generative")
def _():
    def make_inputs(b, h):
        return (torch.randn(b, 4, h, 16), torch.randint(0, 1000, (b,)), torch.randn(b, 7, 24)), {}

    dynamic = ({0: "b", 2: "h"}, {0: "b"}, {0: "b"})
    return Program(UNet(), make_inputs, {"b": (2, 3), "h": (16, 24)}, dynamic, prefer_auto=True)


@model("vae_decoder", "generative")
def _():
    sizes = {"b": (2, 3), "h": (8, 12), "w": (8, 10)}
    return Program(PixelDecoder(), lambda b, h, w: ((torch.randn(b, 4, h, w),), {}), sizes, ({0: "b", 2: "h", 3: "w"},))
