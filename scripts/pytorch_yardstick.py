"""The same networks in PyTorch, for scripts/bench: images a second of training steps and of inference, one line.

Arguments: network side channels minibatch threads precision(float|bfloat16) mode(eager|compiled) steps
"""

import statistics
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn


def block(inputs, outputs):
    return nn.Sequential(nn.Conv2d(inputs, outputs, 3, padding="same"), nn.ReLU())


def reference(channels, side, classes):
    return nn.Sequential(
        block(channels, 32), block(32, 32), nn.MaxPool2d(2), nn.BatchNorm2d(32), nn.Dropout(0.25),
        block(32, 64), block(64, 64), nn.MaxPool2d(2), nn.BatchNorm2d(64), nn.Dropout(0.25),
        block(64, 128), nn.BatchNorm2d(128), nn.AdaptiveAvgPool2d(1), nn.Flatten(),
        nn.Linear(128, 128), nn.ReLU(), nn.Dropout(0.5), nn.Linear(128, classes))


def article(channels, side, classes):
    layers = []
    for inputs in (channels, 32, 32):
        layers += [block(inputs, 32), nn.MaxPool2d(2), nn.BatchNorm2d(32), nn.Dropout(0.25)]
    features = 32 * (side // 8) ** 2
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(features, 128), nn.ReLU(), nn.Dropout(0.5), nn.Linear(128, classes))


class Residual(nn.Module):
    """He et al. 2015, the block of two 3 x 3 convolutions."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.main = nn.Sequential(
            nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(),
            nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False), nn.BatchNorm2d(outputs))
        self.side = nn.Identity() if inputs == outputs else nn.Sequential(
            nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        return F.relu(self.main(x) + self.side(x))


def resnet18(channels, side, classes):
    layers = [nn.Conv2d(channels, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(3, 2, 1)]
    inputs = 64
    for outputs in (64, 128, 256, 512):
        layers += [Residual(inputs, outputs, 1 if outputs == 64 else 2), Residual(outputs, outputs, 1)]
        inputs = outputs
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, classes))


def rate(run, examples, steps):
    seconds = []
    for i in range(steps + 5):
        began = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - began)
    return examples / statistics.median(seconds[5:])


def main(network, side, channels, minibatch, threads, precision, mode, steps):
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    model = {"reference": reference, "article": article, "resnet18": resnet18}[network](channels, side, 10)
    model = model.to(memory_format=torch.channels_last)
    # Bytes come in, as they do for Tessera.
    pixels = torch.randint(256, (minibatch, channels, side, side), dtype=torch.uint8).contiguous(memory_format=torch.channels_last)
    labels = torch.randint(10, (minibatch,))
    updater = torch.optim.SGD(model.parameters(), lr=0.02, momentum=0.9, nesterov=True)
    called = torch.compile(model) if mode == "compiled" else model

    def forward():
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=precision == "bfloat16"):
            return called(pixels.float() / 255)

    def step():
        updater.zero_grad()
        F.cross_entropy(forward(), labels).backward()
        updater.step()

    def infer():
        with torch.no_grad():
            forward()

    model.train()
    train = rate(step, minibatch, steps)
    model.eval()
    inference = rate(infer, minibatch, steps)
    print(f"pytorch {network} {precision} {mode} threads {threads} train {train:.1f} images/s inference {inference:.1f} images/s")


a = sys.argv[1:]
main(a[0], int(a[1]), int(a[2]), int(a[3]), int(a[4]), a[5], a[6], int(a[7]))
