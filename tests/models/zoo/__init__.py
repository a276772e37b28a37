"""The model list: random-weight programs of many kinds, by family. Importing this package registers them all."""

from zoo import (  # noqa: F401
    attention_decoders,
    audio,
    calling_conventions,
    control_flow,
    convolutional,
    detection_segmentation,
    encoder_decoders,
    generative,
    mutation,
    number_types,
    structured,
    text_encoders,
    vision_transformers,
)
from zoo.registry import MODELS, Definition, Program, select

__all__ = ["MODELS", "Definition", "Program", "select"]
