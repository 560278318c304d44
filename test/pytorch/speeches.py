"""
PyTorch's side of `npm run speeches`: the model of specs/zoo/speeches.gate on the same text, with the
same vocabulary, stream, initialisation, clipping, learning rate and validation; only the seed draws
other numbers. After `npm run speeches` has left its text files:

    python3 test/pytorch/speeches.py out/speeches --steps N

With `--weights FILE` it begins with Gatework's numbers instead, as `gatework train --steps 1` leaves
them, so that no luck of a draw stands between the two.

Prints progress on stderr and one JSON line on stdout. The constants are the spec's; a run of fewer
`--steps` stops early on the same schedule, as `--steps` does there. Where other processes want the
cores as well, OMP_WAIT_POLICY=PASSIVE keeps two threads from waiting for each other in a loop.
"""

import argparse
import json
import math
import sys
import time
from collections import Counter
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional

WIDTH, DEPTH = 256, 2
BATCH, TRUNCATE, CLIP_NORM = 32, 64, 1.0
PEAK, STEPS, WARMUP = 0.004, 2000, 100
UNKNOWN, END = 0, 1


def main():
    options = parse()
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    training = lines_of(options.folder / "training.txt")
    vocabulary = vocabulary_of(training)
    model = Model(len(vocabulary) + 2)
    if options.weights is not None:
        model.adopt(tensors_of(options.weights))
    began = time.time()
    train(model, stream_of(training, vocabulary), options)
    nats = {}
    for part in ("validation", "test"):
        lines = lines_of(options.folder / f"{part}.txt")
        nats[part] = evaluate(model, stream_of(lines, vocabulary))
    result = {
        "torch": torch.__version__,
        "steps": options.steps,
        "seed": options.seed,
        "nats": nats,
        "bits_per_character": {part: loss / math.log(2) for part, loss in nats.items()},
        "seconds": time.time() - began,
    }
    print(json.dumps(result))


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path, help="has training.txt, validation.txt and test.txt")
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--weights", type=Path, help="model.safetensors of a Gatework run")
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args()


def lines_of(path):
    """One sequence a line, as Gatework reads text."""
    stripped = (line.strip() for line in path.read_text(encoding="utf-8").split("\n"))
    return [line for line in stripped if line]


def vocabulary_of(lines):
    """Ids from 2 by falling count; 0 is unknown and 1 the end of a sequence."""
    counts = Counter()
    for line in lines:
        counts.update(line)
    ordered = sorted(counts, key=lambda character: (-counts[character], character))
    return {character: i + 2 for i, character in enumerate(ordered)}


def stream_of(lines, vocabulary):
    """Rows [BATCH, time] of one long text, -1 past its end."""
    ids = []
    for line in lines:
        ids.extend(vocabulary.get(character, UNKNOWN) for character in line)
        ids.append(END)
    length = math.ceil(len(ids) / BATCH)
    rows = np.full(BATCH * length, -1)
    rows[: len(ids)] = ids
    return torch.from_numpy(rows.reshape(BATCH, length))


def tensors_of(file):
    """Of a safetensors file with f32 tensors."""
    content = file.read_bytes()
    end = 8 + int.from_bytes(content[:8], "little")
    header = json.loads(content[8:end])
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        first, after = entry["data_offsets"]
        flat = np.frombuffer(content[end + first : end + after], dtype="<f4")
        tensors[name] = torch.from_numpy(flat.reshape(entry["shape"]).copy())
    return tensors


class Model(nn.Module):
    """text<t-1> -> oneHot -> lstm(256, depth = 2, forget = 0) -> softmax(V)"""

    def __init__(self, size):
        super().__init__()
        self.size = size
        self.lstm = nn.LSTM(size, WIDTH, num_layers=DEPTH, batch_first=True)
        self.softmax = nn.Linear(WIDTH, size)
        self.reset()

    @torch.no_grad()
    def reset(self):
        """By gate: Glorot for what comes from outside, orthogonal for the state; no bias."""
        for layer in range(DEPTH):
            for gate in range(4):
                rows = slice(gate * WIDTH, (gate + 1) * WIDTH)
                nn.init.xavier_uniform_(getattr(self.lstm, f"weight_ih_l{layer}")[rows])
                nn.init.orthogonal_(getattr(self.lstm, f"weight_hh_l{layer}")[rows])
            getattr(self.lstm, f"bias_ih_l{layer}").zero_()
            # Gatework's lstm has one bias: a second one would learn at twice its rate.
            getattr(self.lstm, f"bias_hh_l{layer}").zero_().requires_grad_(False)
        nn.init.xavier_uniform_(self.softmax.weight)
        self.softmax.bias.zero_()

    @torch.no_grad()
    def adopt(self, tensors):
        """Gatework's weights: a matrix a gate, columns of the state before those of the input."""
        for layer in range(DEPTH):
            # PyTorch's order is input, forget, candidate, output.
            both = torch.cat([tensors[f"lstm.l{layer}.W{gate}"] for gate in "ufco"])
            getattr(self.lstm, f"weight_hh_l{layer}").copy_(both[:, :WIDTH])
            getattr(self.lstm, f"weight_ih_l{layer}").copy_(both[:, WIDTH:])
            bias = torch.cat([tensors[f"lstm.l{layer}.b{gate}"] for gate in "ufco"])
            getattr(self.lstm, f"bias_ih_l{layer}").copy_(bias)
        self.softmax.weight.copy_(tensors["softmax.W"])
        self.softmax.bias.copy_(tensors["softmax.b"])

    def forward(self, before, states):
        """Logits for each character, given the ones before (-1: none)."""
        known = before >= 0
        x = functional.one_hot(before.clamp(min=0), self.size) * known[..., None]
        y, states = self.lstm(x.float(), states)
        return self.softmax(y), states


def chunks(rows):
    """(characters before, characters) of TRUNCATE steps each; nothing stands before the first."""
    before = torch.cat([torch.full((BATCH, 1), -1), rows[:, :-1]], dim=1)
    for start in range(0, rows.shape[1], TRUNCATE):
        yield before[:, start : start + TRUNCATE], rows[:, start : start + TRUNCATE]


def rate_at(step):
    """cosine(PEAK, STEPS, WARMUP); step is 1 at the first update."""
    done = min(max((step - WARMUP) / (STEPS - WARMUP), 0), 1)
    return min(step / WARMUP, 1) * PEAK * 0.5 * (1 + math.cos(math.pi * done))


def train(model, rows, options):
    weights = [weight for weight in model.parameters() if weight.requires_grad]
    optimizer = torch.optim.Adam(weights)
    step, began = 0, time.time()
    while step < options.steps:
        states = None
        for before, characters in chunks(rows):
            if step == options.steps:
                return
            step += 1
            for group in optimizer.param_groups:
                group["lr"] = rate_at(step)
            logits, states = model(before, states)
            states = tuple(state.detach() for state in states)
            loss = functional.cross_entropy(logits.transpose(1, 2), characters, ignore_index=-1)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(weights, CLIP_NORM)
            optimizer.step()
            if step % 100 == 0 or step == options.steps:
                text = f"step {step}  loss {loss.item():.4f}  {time.time() - began:.0f} s"
                print(text, file=sys.stderr, flush=True)


@torch.no_grad()
def evaluate(model, rows):
    """Mean nats a character, states carried through the whole stream."""
    states, total, count = None, 0.0, 0
    for before, characters in chunks(rows):
        logits, states = model(before, states)
        total += functional.cross_entropy(
            logits.transpose(1, 2), characters, ignore_index=-1, reduction="sum"
        ).item()
        count += int((characters >= 0).sum())
    return total / count


main()
