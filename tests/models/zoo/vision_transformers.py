"""Transformers over pictures."""

import torchvision
import transformers as hf

from zoo.convolutional import from_timm, image_model
from zoo.inputs import BATCH, SMALL_VISION, images
from zoo.registry import Program, model

PIXELS = 32


def hf_image_model(name, build):
    """A Hugging Face model that takes `pixel_values`."""

    @model(name, "vit")
    def _():
        return Program(build(), lambda b: ((), {"pixel_values": images(b, 3, PIXELS, PIXELS)}), BATCH, {"pixel_values": {0: "b"}})


def swin():
    config = hf.SwinConfig(image_size=PIXELS, patch_size=2, embed_dim=16, depths=[2, 2], num_heads=[2, 4], window_size=4)
    return hf.SwinForImageClassification(config)


image_model("vit_b_16", torchvision.models.vit_b_16, 224, group="vit", size="full")
image_model("levit_128s", from_timm("levit_128s"), 224, group="vit")
hf_image_model("vit", lambda: hf.ViTForImageClassification(hf.ViTConfig(**SMALL_VISION, image_size=PIXELS, patch_size=8)))
hf_image_model(
    "deit_distilled",
    lambda: hf.DeiTForImageClassificationWithTeacher(hf.DeiTConfig(**SMALL_VISION, image_size=PIXELS, patch_size=8)),
)
hf_image_model("swin", swin)
