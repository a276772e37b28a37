"""Convolutional networks of torchvision and timm."""

import timm
import torchvision

from zoo.inputs import BATCH, images
from zoo.registry import Program, model


def image_model(name, build, pixels=64, group="cnn", size="small"):
    """A model that takes one batch of square pictures."""

    @model(name, group, size)
    def _():
        return Program(build(), lambda b: ((images(b, 3, pixels, pixels),), {}), BATCH, ({0: "b"},))


def from_timm(name):
    return lambda: timm.create_model(name, pretrained=False)


image_model("resnet18", torchvision.models.resnet18, 224)
image_model("resnet50", torchvision.models.resnet50, 224, size="full")
image_model("mobilenet_v3_small", torchvision.models.mobilenet_v3_small, 96)
image_model("efficientnet_b0", torchvision.models.efficientnet_b0, 96)
image_model("convnext_atto", from_timm("convnext_atto"), 64)
image_model("densenet121", torchvision.models.densenet121, 64)
image_model("inception_v3", lambda: torchvision.models.inception_v3(init_weights=False), 96)
