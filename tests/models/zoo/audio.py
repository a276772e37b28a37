"""Sound: features, waves and spectra."""

import torch
import transformers as hf
from torch import nn

from zoo.encoder_decoders import SMALL_PAIR
from zoo.inputs import SMALL_TEXT, token_ids
from zoo.registry import Program, model


@model("whisper", "audio")
def _():
    special = {"pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 2, "decoder_start_token_id": 1}
    config = hf.WhisperConfig(**SMALL_PAIR, **special, vocab_size=100, num_mel_bins=8, max_source_positions=16)

    def make_inputs(b, t):
        return (), {"input_features": torch.randn(b, 8, 32), "decoder_input_ids": token_ids(b, t), "use_cache": False}

    dynamic = {"input_features": {0: "b"}, "decoder_input_ids": {0: "b", 1: "t"}, "use_cache": None}
    return Program(hf.WhisperForConditionalGeneration(config), make_inputs, {"b": (2, 3), "t": (9, 5)}, dynamic)


@model("wav2vec2", "audio")
def _():
    convolutions = {"conv_dim": (16, 16), "conv_stride": (2, 2), "conv_kernel": (3, 3), "num_feat_extract_layers": 2}
    positions = {"num_conv_pos_embeddings": 8, "num_conv_pos_embedding_groups": 2}
    wave_model = hf.Wav2Vec2ForCTC(hf.Wav2Vec2Config(**SMALL_TEXT, **convolutions, **positions))
    sizes = {"b": (2, 3), "s": (400, 560)}
    return Program(wave_model, lambda b, s: ((), {"input_values": torch.randn(b, s)}), sizes, {"input_values": {0: "b", 1: "s"}})


class MelSpectrum(nn.Module):
    """A complex spectrum inside; the angle leaves as its cosine because the angle itself jumps by 2 pi near pi."""

    def __init__(self):
        super().__init__()
        self.register_buffer("w", torch.hann_window(32))
        self.register_buffer("fb", torch.rand(17, 8))
        self.l = nn.Linear(8, 3)

    def forward(self, x):
        spectrum = torch.stft(x, 32, 8, window=self.w, return_complex=True)
        power = spectrum.abs().pow(2).transpose(1, 2) @ self.fb
        return self.l((power + 1e-6).log()), spectrum.angle().cos(), spectrum.real


@model("stft_mel", "complex")
def _():
    return Program(MelSpectrum(), lambda b, n: ((torch.randn(b, n),), {}), {"b": (2, 3), "n": (128, 160)}, ({0: "b", 1: "n"},))
