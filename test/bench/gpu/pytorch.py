"""
Times training steps of PyTorch's LSTM (cuDNN on a CUDA device) on the two models that gatework.ts
times: forward, backward and Adam on one batch that is the same at every step. Prints JSON: for each
model, with TF32 off and on, the median of the timed steps, by CUDA events and on the wall clock.

    python3 pytorch.py [--device cuda|cpu] [--steps 20] [--warm-up 5] [--only NAME]
"""

import argparse
import json
import platform
import statistics
import time

import torch
from torch import nn


class CharLm(nn.Module):
    """char-lm-256.gate: oneHot -> lstm(256, depth = 2) -> softmax(65), cross entropy."""

    symbols, width, batch, time = 65, 256, 32, 64

    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(self.symbols, self.width, num_layers=2, batch_first=True)
        self.softmax = nn.Linear(self.width, self.symbols)

    def draw_batch(self, device):
        shape = (self.batch, self.time)
        text = torch.randint(self.symbols, shape, device=device)
        return text, torch.randint(self.symbols, shape, device=device)

    def loss(self, text, following):
        # The one-hot rows are part of the step, as they are in the spec.
        x = nn.functional.one_hot(text, self.symbols).float()
        logits = self.softmax(self.lstm(x)[0])
        return nn.functional.cross_entropy(logits.flatten(0, 1), following.flatten())


class Bidirectional(nn.Module):
    """bidirectional-512.gate: bidirectional(lstm(512), depth = 3), mean squared error."""

    features, width, batch, time = 512, 512, 64, 128

    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(
            self.features, self.width, num_layers=3, batch_first=True, bidirectional=True
        )

    def draw_batch(self, device):
        shape = (self.batch, self.time)
        x = torch.randn(*shape, self.features, device=device)
        return x, torch.randn(*shape, 2 * self.width, device=device)

    def loss(self, x, wanted):
        return nn.functional.mse_loss(self.lstm(x)[0], wanted)


MODELS = {"char-lm-256": CharLm, "bidirectional-512": Bidirectional}


def training_step(model, optimizer, batch):
    optimizer.zero_grad(set_to_none=True)
    loss = model.loss(*batch)
    loss.backward()
    optimizer.step()
    return loss


def timed(step, device, warm_up, steps):
    """
    Milliseconds of each timed step: between two CUDA events around it, and on the wall clock until
    its loss is there as a number. Also the losses of all steps.
    """
    events, wall, losses = [], [], []
    for i in range(warm_up + steps):
        start = time.perf_counter()
        if device == "cuda":
            before = torch.cuda.Event(enable_timing=True)
            after = torch.cuda.Event(enable_timing=True)
            before.record()
        loss = step()
        if device == "cuda":
            after.record()
        losses.append(loss.item())
        if i < warm_up:
            continue
        wall.append(1000 * (time.perf_counter() - start))
        if device == "cuda":
            events.append(before.elapsed_time(after))
    return events, wall, losses


def median(numbers):
    return round(statistics.median(numbers), 3) if numbers else None


def measure(name, tf32, options):
    torch.backends.cuda.matmul.allow_tf32 = tf32
    torch.backends.cudnn.allow_tf32 = tf32
    torch.manual_seed(1)
    model = MODELS[name]().to(options.device)
    batch = model.draw_batch(options.device)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
    events, wall, losses = timed(
        lambda: training_step(model, optimizer, batch),
        options.device,
        options.warm_up,
        options.steps,
    )
    return {
        "name": name,
        "batch": model.batch,
        "time": model.time,
        "parameters": sum(p.numel() for p in model.parameters()),
        "tf32": tf32,
        "medianEventMs": median(events),
        "medianWallMs": median(wall),
        "losses": [losses[0], losses[-1]],
    }


def machine(device):
    found = {"python": platform.python_version(), "torch": torch.__version__}
    if device == "cuda":
        found["cuda"] = torch.version.cuda
        found["cudnn"] = torch.backends.cudnn.version()
        found["device"] = torch.cuda.get_device_name()
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--device", choices=["cuda", "cpu"], default="cuda")
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--warm-up", type=int, default=5)
    parser.add_argument("--only", choices=list(MODELS), action="append")
    options = parser.parse_args()
    # TF32 is a matter of the GPU alone.
    modes = [False, True] if options.device == "cuda" else [False]
    names = options.only or list(MODELS)
    results = [measure(name, tf32, options) for name in names for tf32 in modes]
    print(json.dumps({**machine(options.device), "results": results}, indent=2))


if __name__ == "__main__":
    main()
