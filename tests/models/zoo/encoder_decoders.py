"""Models with an encoder and a decoder, and one with two encoders."""

import torch
import transformers as hf

from zoo.inputs import SMALL_TEXT, SMALL_VISION, padding_mask, token_ids
from zoo.registry import Program, model

SMALL_PAIR = {
    "d_model": 32,
    "encoder_layers": 2,
    "decoder_layers": 2,
    "encoder_attention_heads": 4,
    "decoder_attention_heads": 4,
    "encoder_ffn_dim": 64,
    "decoder_ffn_dim": 64,
}


def sequence_to_sequence(name, build):
    """A text model whose decoder reads its own tokens."""

    @model(name, "encdec")
    def _():
        def make_inputs(b, s, t):
            encoder = {"input_ids": token_ids(b, s), "attention_mask": padding_mask(b, s)}
            return (), {**encoder, "decoder_input_ids": token_ids(b, t), "use_cache": False}

        source = {0: "b", 1: "s"}
        dynamic = {"input_ids": source, "attention_mask": source, "decoder_input_ids": {0: "b", 1: "t"}, "use_cache": None}
        return Program(build(), make_inputs, {"b": (2, 3), "s": (12, 7), "t": (9, 5)}, dynamic)


def t5():
    return hf.T5ForConditionalGeneration(hf.T5Config(d_model=32, d_kv=8, d_ff=64, num_layers=2, num_heads=4, vocab_size=100))


sequence_to_sequence("t5", t5)
sequence_to_sequence("bart", lambda: hf.BartForConditionalGeneration(hf.BartConfig(**SMALL_PAIR, vocab_size=100)))


@model("clip", "multimodal")
def _():
    text = {**SMALL_TEXT, "eos_token_id": 2}
    vision = {**SMALL_VISION, "image_size": 32, "patch_size": 8}

    def make_inputs(b, s, i):
        words = {"input_ids": token_ids(b, s), "attention_mask": padding_mask(b, s)}
        return (), {**words, "pixel_values": torch.randn(i, 3, 32, 32)}

    dynamic = {"input_ids": {0: "b", 1: "s"}, "attention_mask": {0: "b", 1: "s"}, "pixel_values": {0: "i"}}
    config = hf.CLIPConfig(text_config=text, vision_config=vision, projection_dim=16)
    return Program(hf.CLIPModel(config), make_inputs, {"b": (2, 3), "s": (12, 7), "i": (3, 4)}, dynamic)
