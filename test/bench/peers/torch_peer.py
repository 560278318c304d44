"""
PyTorch on the processor: answers as worker.ts does. Reads the task from the JSON file that is its
only argument and the arrays from the safetensors file beside it; answers on file descriptor 3, a
line of JSON each. The number of threads is set in the environment before Python starts.
"""

import json
import os
import sys
import time

import numpy
import torch
from torch import nn

GATES = {"lstm": "ufco", "peephole": "ufco", "gru": "ruc"}
PEEPHOLES = "ufo"


def read_arrays(path):
    """name: tensor, of a safetensors file with F32 and I32 alone."""
    with open(path, "rb") as file:
        size = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(size))
        data = file.read()
    kinds = {"F32": numpy.float32, "I32": numpy.int32}
    arrays = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        array = numpy.frombuffer(data[begin:end], dtype=kinds[entry["dtype"]])
        arrays[name] = torch.from_numpy(array.reshape(entry["shape"]).copy())
    return arrays


class Layer:
    """The weights of a layer: gates one below the other, as PyTorch has them."""

    def __init__(self, layer, cell, arrays):
        path, width = layer["path"], layer["width"]
        stacked = torch.cat([arrays[f"{path}.W{gate}"] for gate in GATES[cell]])
        self.recurrent = stacked[:, :width].contiguous()
        self.input = stacked[:, width:].contiguous()
        self.bias = torch.cat([arrays[f"{path}.b{gate}"] for gate in GATES[cell]])
        self.width = width
        self.peepholes = [arrays[f"{path}.p{gate}"] for gate in PEEPHOLES if cell == "peephole"]


def lstm_of(task, layers):
    """nn.LSTM, whose second bias stays 0."""
    first = task["layers"][0]
    lstm = nn.LSTM(
        first["inputs"],
        first["width"],
        num_layers=task["layers"][-1]["level"] + 1,
        bidirectional=any(layer["reverse"] for layer in task["layers"]),
        batch_first=True,
    )
    with torch.no_grad():
        for layer, described in zip(layers, task["layers"]):
            end = f"_l{described['level']}" + ("_reverse" if described["reverse"] else "")
            getattr(lstm, "weight_ih" + end).copy_(layer.input)
            getattr(lstm, "weight_hh" + end).copy_(layer.recurrent)
            getattr(lstm, "bias_ih" + end).copy_(layer.bias)
            getattr(lstm, "bias_hh" + end).zero_()
    return lstm


def linear_of(arrays):
    weight = arrays["softmax.W"]
    linear = nn.Linear(weight.shape[1], weight.shape[0])
    with torch.no_grad():
        linear.weight.copy_(weight)
        linear.bias.copy_(arrays["softmax.b"])
    return linear


class Gru(nn.Module):
    """The lecture's form, whose reset gate acts before the product; nn.GRUCell is the other one."""

    def __init__(self, layer):
        super().__init__()
        self.width = layer.width
        self.register_buffer("input", layer.input.t().contiguous())
        self.register_buffer("gates", layer.recurrent[: 2 * layer.width].t().contiguous())
        self.register_buffer("candidate", layer.recurrent[2 * layer.width :].t().contiguous())
        self.register_buffer("bias", layer.bias)

    def forward(self, x, state):
        width = self.width
        sums = torch.addmm(self.bias, x, self.input)
        both = torch.sigmoid(torch.addmm(sums[:, : 2 * width], state, self.gates))
        reset, update = both[:, :width], both[:, width:]
        candidate = torch.tanh(torch.addmm(sums[:, 2 * width :], reset * state, self.candidate))
        return torch.lerp(state, candidate, update)


def stream(task, arrays):
    layers = [Layer(layer, task["cell"], arrays) for layer in task["layers"]]
    inputs = list(arrays["x"].unbind(0))
    batch = inputs[0].shape[0]
    zeros = [torch.zeros(batch, layer.width) for layer in layers]
    calls = 0

    if task["cell"] == "gru":
        # Traced, it costs less than operation by operation.
        cells = [
            torch.jit.freeze(torch.jit.trace(Gru(layer).eval(), (x, zero)))
            for layer, x, zero in zip(layers, inputs, zeros)
        ]

        def step_gru():
            nonlocal calls
            below = inputs[calls % len(inputs)]
            calls += 1
            for i, cell in enumerate(cells):
                below = zeros[i] = cell(below, zeros[i])
            return below

        return step_gru

    weights = [(l.input, l.recurrent, l.bias, torch.zeros_like(l.bias)) for l in layers]
    states = [(zero, zero) for zero in zeros]

    def step():
        nonlocal calls
        below = inputs[calls % len(inputs)]
        calls += 1
        for i, weight in enumerate(weights):
            states[i] = torch.lstm_cell(below, states[i], *weight)
            below = states[i][0]
        return below

    return step


def run(task, arrays):
    lstm = lstm_of(task, [Layer(layer, task["cell"], arrays) for layer in task["layers"]])
    linear = linear_of(arrays)
    x = arrays["x"]
    return lambda: torch.softmax(linear(lstm(x)[0]), -1)


class Peephole(nn.Module):
    """A layer over time as one writes it by hand: products of inputs first, then step by step."""

    def __init__(self, layer):
        super().__init__()
        self.input = nn.Parameter(layer.input)
        self.recurrent = nn.Parameter(layer.recurrent)
        self.bias = nn.Parameter(layer.bias)
        self.peepholes = nn.ParameterList([nn.Parameter(p) for p in layer.peepholes])

    def forward(self, x):
        update, forget, output = self.peepholes
        products = nn.functional.linear(x, self.input, self.bias)
        h = c = x.new_zeros(x.shape[1], self.recurrent.shape[1])
        recurrent = self.recurrent.t()
        outputs = []
        for product in products.unbind(0):
            u, f, candidate, o = torch.addmm(product, h, recurrent).chunk(4, 1)
            kept = torch.sigmoid(f + forget * c) * c
            c = torch.sigmoid(u + update * c) * torch.tanh(candidate) + kept
            h = torch.sigmoid(o + output * c) * torch.tanh(c)
            outputs.append(h)
        return torch.stack(outputs)


def train(task, arrays):
    layers = [Layer(layer, task["cell"], arrays) for layer in task["layers"]]
    linear = linear_of(arrays)
    if task["cell"] == "peephole":
        recurrent = nn.Sequential(*[Peephole(layer) for layer in layers])
    else:
        recurrent = lstm_of(task, layers)
    # Gatework's cell has one bias a gate.
    parameters = [
        *(p for name, p in recurrent.named_parameters() if not name.startswith("bias_hh")),
        *linear.parameters(),
    ]
    optimizer = torch.optim.Adam(parameters, lr=task["rate"], eps=1e-8)
    text, following = arrays["text"].long(), arrays["next"].long()

    def logits():
        x = nn.functional.one_hot(text, task["inputs"]).float()
        if task["cell"] == "peephole":
            return linear(recurrent(x.transpose(0, 1).contiguous()).transpose(0, 1))
        return linear(recurrent(x)[0])

    def step():
        optimizer.zero_grad(set_to_none=True)
        loss = nn.functional.cross_entropy(logits().flatten(0, 1), following.flatten())
        loss.backward()
        nn.utils.clip_grad_norm_(parameters, task["clipNorm"])
        optimizer.step()
        return loss.detach()

    return step


def answer(found):
    replies.write(json.dumps(found) + "\n")
    replies.flush()


def main():
    with open(sys.argv[1]) as file:
        task = json.load(file)
    torch.set_num_threads(task["threads"])
    start = time.perf_counter()
    arrays = read_arrays(task["arrays"])
    with torch.inference_mode(task["mode"] != "train"):
        call = {"stream": stream, "run": run, "train": train}[task["mode"]](task, arrays)
        results = [call()]
        ready = 1000 * (time.perf_counter() - start)
        while len(results) < task["checkedCalls"]:
            results.append(call())
        numbers = [r[task["checkedRows"]] if task["mode"] == "run" else r for r in results]
        answer(
            {
                "about": f"PyTorch {torch.__version__}",
                "readyMs": ready,
                "numbers": [n for r in numbers for n in r.flatten().tolist()],
            }
        )
        for line in sys.stdin:
            before, calls = map(int, line.split())
            for _ in range(before):
                call()
            start = time.perf_counter()
            for _ in range(calls):
                result = call()
            result.tolist()
            answer({"ms": 1000 * (time.perf_counter() - start)})


replies = os.fdopen(3, "w")
try:
    main()
except Exception as error:  # Whatever it is, the parent has to hear of it.
    answer({"failure": f"{type(error).__name__}: {error}"})
