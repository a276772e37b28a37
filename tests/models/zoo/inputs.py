"""Inputs and configuration values that several families use."""

import torch

BATCH = {"b": (2, 3)}
BATCH_AND_SEQUENCE = {"b": (2, 3), "s": (12, 7)}

# A transformer of Hugging Face that is small and still has several layers and heads.
SMALL_VISION = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 64}
SMALL_TEXT = {**SMALL_VISION, "vocab_size": 100}


def token_ids(batch, length, vocabulary=99, first=3):
    """Random tokens; those before `first` are left to padding and its kin."""
    return torch.randint(first, vocabulary, (batch, length))


def padding_mask(batch, length):
    """Ones; from the second row on, the last quarter is padding."""
    mask = torch.ones(batch, length, dtype=torch.long)
    if batch > 1:
        mask[1:, -max(1, length // 4) :] = 0
    return mask


def images(batch, channels, height, width):
    """Pixels between -1 and 1."""
    return torch.rand(batch, channels, height, width) * 2 - 1
