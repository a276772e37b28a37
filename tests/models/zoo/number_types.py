"""Other types than float32 all the way."""

import torch
import transformers as hf
from torch import nn

from zoo.inputs import BATCH, SMALL_TEXT
from zoo.registry import Program, model
from zoo.text_encoders import text_model

text_model(
    "llama_bf16",
    lambda: hf.LlamaForCausalLM(hf.LlamaConfig(**SMALL_TEXT, num_key_value_heads=2)).to(torch.bfloat16),
    "dtype",
    decoder=True,
)
text_model("bert_fp16", lambda: hf.BertModel(hf.BertConfig(**SMALL_TEXT)).to(torch.float16), "dtype")


class Integers(nn.Module):
    """Integer arithmetic with torch's rules for signs: floor and truncation, shifts, bits, sorting, buckets."""

    def __init__(self):
        super().__init__()
        self.register_buffer("t", torch.randint(-50, 50, (16, 8)))

    def forward(self, x):
        h = (x * 31 + 7) % 16
        y = self.t[h]
        z = y.sum(1)
        return (
            z // 3,
            z % 5,
            torch.div(z, 4, rounding_mode="trunc"),
            (z & 15) | (z ^ 3),
            z << 2,
            z >> 1,
            (h == 3).sum(1),
            y.to(torch.int8).max(1).values,
            z.clamp(-9, 9).abs().sign(),
            ~(z > 0),
            torch.bucketize(z, torch.tensor([-10, 0, 10])),
            h.cumsum(1),
            h.sort(1).values,
            z.fmod(7),
        )


@model("integer_only", "dtype")
def _():
    return Program(Integers(), lambda b: ((torch.randint(0, 1000, (b, 6)),), {}), BATCH, ({0: "b"},))
