"""Boxes and masks."""

import torch
import torchvision
import transformers as hf
from torch import nn

from zoo.convolutional import image_model
from zoo.encoder_decoders import SMALL_PAIR
from zoo.inputs import BATCH, images
from zoo.registry import Program, model


@model("segformer", "seg")
def _():
    config = hf.SegformerConfig(
        hidden_sizes=[8, 16, 16, 16], depths=[1, 1, 1, 1], num_attention_heads=[1, 2, 2, 2], decoder_hidden_size=16
    )
    return Program(
        hf.SegformerForSemanticSegmentation(config),
        lambda b, h, w: ((), {"pixel_values": images(b, 3, h, w)}),
        {"b": (2, 3), "h": (64, 96), "w": (64, 96)},
        {"pixel_values": {0: "b", 2: "h", 3: "w"}},
    )


class PlainDictionary(nn.Module):
    """torchvision answers with an OrderedDict; its keys become the names of outputs either way."""

    def __init__(self, segmenter):
        super().__init__()
        self.m = segmenter

    def forward(self, x):
        return dict(self.m(x))


def deeplab():
    return PlainDictionary(torchvision.models.segmentation.deeplabv3_mobilenet_v3_large(weights=None, weights_backbone=None))


image_model("deeplabv3_mobilenet", deeplab, 96, group="seg")


@model("detr", "detection")
def _():
    backbone = hf.ResNetConfig(embedding_size=8, hidden_sizes=[8, 16], depths=[1, 1], out_features=["stage2"])
    no_download = {"use_timm_backbone": False, "use_pretrained_backbone": False, "backbone": None}
    config = hf.DetrConfig(**no_download, **SMALL_PAIR, backbone_config=backbone, num_queries=5)

    def make_inputs(b):
        mask = torch.ones(b, 64, 64, dtype=torch.long)
        mask[0, :, 48:] = 0  # the first picture is narrower than the batch
        return (), {"pixel_values": torch.randn(b, 3, 64, 64), "pixel_mask": mask}

    return Program(hf.DetrForObjectDetection(config), make_inputs, BATCH, {"pixel_values": {0: "b"}, "pixel_mask": {0: "b"}})
