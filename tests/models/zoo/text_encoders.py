"""Transformers that read text."""

import transformers as hf

from zoo.inputs import BATCH_AND_SEQUENCE, SMALL_TEXT, padding_mask, token_ids
from zoo.registry import Program, model


def text_model(name, build, group, size="small", *, decoder=False, with_mask=True, vocabulary=99):
    """A Hugging Face model that takes `input_ids`, and `attention_mask` where it has one; a decoder without its cache."""

    def make_inputs(b, s):
        inputs = {"input_ids": token_ids(b, s, vocabulary)}
        if with_mask:
            inputs["attention_mask"] = padding_mask(b, s)
        if decoder:
            inputs["use_cache"] = False
        return (), inputs

    dynamic = {"input_ids": {0: "b", 1: "s"}}
    if with_mask:
        dynamic["attention_mask"] = {0: "b", 1: "s"}
    if decoder:
        dynamic["use_cache"] = None
    model(name, group, size)(lambda: Program(build(), make_inputs, BATCH_AND_SEQUENCE, dynamic))


def deberta():
    """Disentangled attention: relative positions in buckets, from content to position and back."""
    config = hf.DebertaV2Config(
        **SMALL_TEXT,
        relative_attention=True,
        pos_att_type=["p2c", "c2p"],
        position_buckets=8,
        norm_rel_ebd="layer_norm",
        share_att_key=True,
    )
    return hf.DebertaV2ForSequenceClassification(config)


def distilbert():
    return hf.DistilBertModel(hf.DistilBertConfig(dim=32, n_layers=2, n_heads=4, hidden_dim=64, vocab_size=100))


text_model("bert", lambda: hf.BertForSequenceClassification(hf.BertConfig(**SMALL_TEXT)), "text")
text_model("bert_base", lambda: hf.BertForMaskedLM(hf.BertConfig()), "text", "full", vocabulary=30000)
text_model("distilbert", distilbert, "text")
text_model("roberta", lambda: hf.RobertaForTokenClassification(hf.RobertaConfig(**SMALL_TEXT)), "text")
text_model("deberta_v2", deberta, "text")
