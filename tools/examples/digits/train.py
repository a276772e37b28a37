"""Trains the digits classifier that ships with Fairlead and writes what lies beside this file.

    python3 -m venv /tmp/digits && /tmp/digits/bin/pip install torch==2.13.0 numpy==2.4.6 safetensors==0.8.0 scikit-learn==1.9.1
    /tmp/digits/bin/python tools/examples/digits/train.py

    digits.pt2            the trained program, as torch.export.save wrote it; batch 1 to 1024
    heldout.safetensors   images that it was not trained on, and PyTorch's logits for each of them
    labels.npy            what these images show

The images are scikit-learn's digits set: 1,797 scans of handwritten digits, 8 by 8 pixels of 17 grey values, in the order in
which people wrote them. The last 360 are held out, so that their writers are new to the network.
"""

import pathlib

import numpy
import torch
from safetensors.torch import save_file
from sklearn.datasets import load_digits
from torch import nn

HELD_OUT = 360
EPOCHS = 60
FOLDER = pathlib.Path(__file__).parent


class Digits(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 32, 3, padding=1), nn.BatchNorm2d(32), nn.ReLU(),
            nn.Conv2d(32, 64, 3, padding=1), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(64, 64, 3, padding=1), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(2),
        )
        self.classifier = nn.Sequential(nn.Flatten(), nn.Dropout(0.3), nn.Linear(64 * 2 * 2, 10))

    def forward(self, images):
        return {"logits": self.classifier(self.features(images))}


def shifted(images):
    """Each image moved by up to one pixel, so that few scans go a long way."""
    padded = nn.functional.pad(images, (1, 1, 1, 1))
    rows, columns = torch.randint(0, 3, (2, len(images)))
    return torch.stack([image[:, r:r + 8, c:c + 8] for image, r, c in zip(padded, rows, columns)])


def train(images, labels):
    model = Digits()
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=1e-2)
    batches = range(0, len(images), 64)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 3e-3, epochs=EPOCHS, steps_per_epoch=len(batches))
    for _ in range(EPOCHS):
        order = torch.randperm(len(images))
        for start in batches:
            chosen = order[start:start + 64]
            loss = nn.functional.cross_entropy(model(shifted(images[chosen]))["logits"], labels[chosen], label_smoothing=0.05)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    return model.eval()


def name_places(graph):
    """Stack traces with file names as they stand in the project and in torch, not as they stood on this machine."""
    roots = [str(FOLDER.resolve().parents[2]) + "/", str(pathlib.Path(torch.__file__).parents[1]) + "/"]
    for node in graph.nodes:
        for root in roots:
            node.meta["stack_trace"] = node.meta.get("stack_trace", "").replace(root, "")


def main():
    torch.manual_seed(0)
    torch.set_num_threads(1)
    digits = load_digits()
    images = torch.tensor(digits.images, dtype=torch.float32).unsqueeze(1) / 16
    labels = torch.tensor(digits.target)
    model = train(images[:-HELD_OUT], labels[:-HELD_OUT])

    held_out = images[-HELD_OUT:].contiguous()
    with torch.no_grad():
        logits = model(held_out)["logits"]
    accuracy = (logits.argmax(1) == labels[-HELD_OUT:]).double().mean().item()
    print(f"accuracy {accuracy:.2%} of {HELD_OUT} held-out scans")
    assert accuracy >= 0.97, "not good enough to ship"

    batch = torch.export.Dim("batch", min=1, max=1024)
    program = torch.export.export(model, (held_out[:2].clone(),), dynamic_shapes={"images": {0: batch}})
    name_places(program.graph)
    torch.export.save(program, FOLDER / "digits.pt2")
    save_file({"images": held_out, "logits": logits}, FOLDER / "heldout.safetensors")
    numpy.save(FOLDER / "labels.npy", labels[-HELD_OUT:].numpy())


if __name__ == "__main__":
    main()
