"""Models that write text, without and with their cache."""

import torch
import transformers as hf
from torch import nn

from zoo.inputs import SMALL_TEXT, token_ids
from zoo.registry import Program, model
from zoo.text_encoders import text_model

GROUPED = {**SMALL_TEXT, "num_key_value_heads": 2}


def decoder(name, build, size="small", **options):
    text_model(name, build, "decoder", size, decoder=True, **options)


def opt():
    """OPT with embeddings narrower than its layers."""
    sizes = {"hidden_size": 32, "ffn_dim": 64, "word_embed_proj_dim": 16}
    return hf.OPTForCausalLM(hf.OPTConfig(**sizes, num_hidden_layers=2, num_attention_heads=4, vocab_size=100))


def mamba():
    """A selective state space instead of attention; its scan is a loop over the sequence."""
    return hf.MambaForCausalLM(hf.MambaConfig(hidden_size=32, num_hidden_layers=2, vocab_size=100, state_size=4))


decoder("gpt2", lambda: hf.GPT2LMHeadModel(hf.GPT2Config()), "full", vocabulary=50000)
decoder("llama", lambda: hf.LlamaForCausalLM(hf.LlamaConfig(**GROUPED)))
decoder("mistral", lambda: hf.MistralForCausalLM(hf.MistralConfig(**GROUPED, sliding_window=8)))
decoder("qwen2", lambda: hf.Qwen2ForCausalLM(hf.Qwen2Config(**GROUPED)))
decoder("gemma2", lambda: hf.Gemma2ForCausalLM(hf.Gemma2Config(**GROUPED, head_dim=8, sliding_window=8)))
decoder("phi3", lambda: hf.Phi3ForCausalLM(hf.Phi3Config(**GROUPED, pad_token_id=0)))
decoder("opt", opt)
decoder("mamba", mamba, with_mask=False)


class WithCache(nn.Module):
    """A decoder whose keys and values of each layer go in and out as plain tensors."""

    def __init__(self, lm):
        super().__init__()
        self.m = lm

    def forward(self, input_ids, attention_mask, past):
        cache = hf.DynamicCache()
        for layer, (key, value) in enumerate(past):
            cache.update(key, value, layer)
        out = self.m(input_ids=input_ids, attention_mask=attention_mask, past_key_values=cache, use_cache=True, return_dict=True)
        return out.logits, [(layer.keys, layer.values) for layer in out.past_key_values.layers]


@model("gpt2_kv", "decoder")
def _():
    layers, heads, width = 2, 4, 8
    lm = hf.GPT2LMHeadModel(hf.GPT2Config(n_embd=heads * width, n_layer=layers, n_head=heads, vocab_size=100))

    def make_inputs(b, s, p):
        past = [(torch.randn(b, heads, p, width), torch.randn(b, heads, p, width)) for _ in range(layers)]
        return (token_ids(b, s), torch.ones(b, s + p, dtype=torch.long), past), {}

    past = [({0: "b", 2: "p"}, {0: "b", 2: "p"}) for _ in range(layers)]
    dynamic = ({0: "b", 1: "s"}, {0: "b", 1: "s+p"}, past)
    return Program(WithCache(lm), make_inputs, {"b": (2, 3), "s": (3, 5), "p": (6, 9)}, dynamic, prefer_auto=True)
