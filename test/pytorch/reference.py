"""
What PyTorch computes for a list of cases. Reads cases as JSON on stdin, writes for each
NAME.weights, NAME.input and NAME.expected.safetensors into the folder that is given. All in f64 and
on one thread; the cases' seeds make every run the same.
"""

import json
import struct
import sys

import numpy as np
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)

NAMES = {"float64": "F64", "float32": "F32", "int64": "I64", "int32": "I32"}


def save(path, tensors):
    header, data, offset = {}, [], 0
    for name, tensor in tensors.items():
        array = np.ascontiguousarray(tensor.detach().numpy())
        raw = array.tobytes()
        header[name] = {
            "dtype": NAMES[str(array.dtype)],
            "shape": list(tensor.shape),
            "data_offsets": [offset, offset + len(raw)],
        }
        data.append(raw)
        offset += len(raw)
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(data))


def recurrent(case, width):
    kinds = {"rnn": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}
    extra = {"nonlinearity": case["activation"]} if case["kind"] == "rnn" else {}
    return kinds[case["kind"]](
        width,
        case["hidden"],
        num_layers=case["layers"],
        bidirectional=case["bidirectional"],
        bias=case["bias"],
        batch_first=True,
        **extra,
    )


def through(layer, x, lengths, state):
    """Outputs with zeros past each length, and final states as a tuple."""
    if lengths is None:
        y, final = layer(x, state)
    else:
        packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        y, final = layer(packed, state)
        y, _ = pad_packed_sequence(y, batch_first=True, total_length=x.shape[1])
    return y, final if isinstance(final, tuple) else (final,)


def stage(case, folder):
    """One recurrent stage: outputs, final states and every gradient of a random linear loss."""
    torch.manual_seed(case["seed"])
    batch, time, width = case["batch"], case["time"], case["width"]
    layer = recurrent(case, width)
    x = torch.randn(batch, time, width, requires_grad=True)
    lengths = case.get("lengths")
    lengths = None if lengths is None else torch.tensor(lengths)
    letters = ["h", "c"] if case["kind"] == "lstm" else ["h"]
    rows = case["layers"] * (2 if case["bidirectional"] else 1)
    shape = (rows, batch, case["hidden"])
    initial = [torch.randn(shape, requires_grad=True) for _ in letters]
    state = None
    if case["states"]:
        state = tuple(initial) if case["kind"] == "lstm" else initial[0]
    y, final = through(layer, x, lengths, state)
    dy = torch.randn(y.shape)
    seeds = [torch.randn(shape) for _ in letters] if case["states"] else []
    loss = (y * dy).sum() + sum((f * d).sum() for f, d in zip(final, seeds))
    loss.backward()
    given = {"x": x, "dy": dy}
    expected = {"y": y, "loss": loss, "d/x": x.grad}
    if lengths is not None:
        given["lengths"] = lengths
    for i, letter in enumerate(letters):
        expected[letter + "n"] = final[i]
        if case["states"]:
            given[letter + "0"] = initial[i]
            given["d" + letter + "n"] = seeds[i]
            expected["d/" + letter + "0"] = initial[i].grad
    finish(case, folder, layer, given, expected)


class Tagger(nn.Module):
    """Several stages under prefixes of PyTorch's own choosing."""

    def __init__(self, case):
        super().__init__()
        self.table = nn.Embedding(case["words"], case["width"])
        self.norm = nn.LayerNorm(case["width"])
        self.first = recurrent(case, case["width"])
        directions = 2 if case["bidirectional"] else 1
        self.second = nn.GRU(case["hidden"] * directions, 3, batch_first=True)
        self.head = nn.Linear(3, case["classes"])

    def forward(self, ids, lengths):
        a, _ = through(self.first, self.norm(self.table(ids)), lengths, None)
        b, _ = through(self.second, a, lengths, None)
        return self.head(b)


def tagger(case, folder):
    torch.manual_seed(case["seed"])
    model = Tagger(case)
    with torch.no_grad():
        for p in model.parameters():
            p.uniform_(-0.7, 0.7)
    ids = torch.randint(0, case["words"], (case["batch"], case["time"]))
    lengths = torch.tensor(case["lengths"])
    y = model(ids, lengths)
    mask = torch.arange(case["time"])[None, :] < lengths[:, None]
    y = y * mask[:, :, None]
    dy = torch.randn(y.shape)
    loss = (y * dy).sum()
    loss.backward()
    given = {"x": ids, "dy": dy, "lengths": lengths}
    finish(case, folder, model, given, {"y": y, "loss": loss})


def finish(case, folder, module, given, expected):
    prefix = case.get("prefix", "")
    weights = {prefix + name: p for name, p in module.named_parameters()}
    for name, p in weights.items():
        expected["d/" + name] = p.grad
    write(case, folder, weights, given, expected)


def ctc(case, folder):
    """Mean over rows of -log P(target), as torch computes it with reduction='none'."""
    torch.manual_seed(case["seed"])
    batch, time, classes = case["batch"], case["time"], case["classes"]
    x = torch.randn(batch, time, classes, requires_grad=True)
    targets = torch.tensor(case["targets"])
    lengths = torch.tensor(case["lengths"])
    target_lengths = torch.tensor(case["targetLengths"])
    logs = torch.log_softmax(x, -1).transpose(0, 1)
    rows = nn.functional.ctc_loss(
        logs, targets, lengths, target_lengths, blank=case["blank"], reduction="none"
    )
    loss = rows.mean()
    loss.backward()
    given = {"x": x, "target": targets, "lengths": lengths, "lengths/S": target_lengths}
    write(case, folder, {}, given, {"loss": loss, "d/x": x.grad, "rows": rows})


def optimizer(case, folder):
    """Five steps on one batch; the weights after each."""
    torch.manual_seed(case["seed"])
    layer = recurrent(case, case["width"])
    directions = 2 if case["bidirectional"] else 1
    head = nn.Linear(case["hidden"] * directions, case["classes"])
    x = torch.randn(case["batch"], case["time"], case["width"])
    target = torch.randn(case["batch"], case["time"], case["classes"])
    names = {"rnn." + n: p for n, p in layer.named_parameters()}
    names.update({"fc." + n: p for n, p in head.named_parameters()})
    weights = {n: p.detach().clone() for n, p in names.items()}
    rule = getattr(torch.optim, case["rule"])(names.values(), **case["settings"])
    expected = {}
    for step in range(5):
        rule.zero_grad()
        loss = ((head(layer(x)[0]) - target) ** 2).mean()
        loss.backward()
        rule.step()
        expected[f"{step}/loss"] = loss.detach().clone()
        for n, p in names.items():
            expected[f"{step}/{n}"] = p.detach().clone()
    write(case, folder, weights, {"x": x, "target": target}, expected)


def write(case, folder, weights, given, expected):
    for part, tensors in (("weights", weights), ("input", given), ("expected", expected)):
        save(f"{folder}/{case['name']}.{part}.safetensors", tensors)


KINDS = {"stage": stage, "tagger": tagger, "ctc": ctc, "optimizer": optimizer}

for each in json.load(sys.stdin):
    KINDS[each["task"]](each, sys.argv[1])
