/**
 * The equations of a workload in jax-js, for any weights. They are only traced, once for each
 * shape: so every operand is taken as one more reference (`.ref`), and none is ever used up.
 */
import {
  biasRow,
  given,
  inputRows,
  joined,
  recurrentRows,
  type Arrays,
} from '../workloads/blocks.ts';
import { outputWidth } from '../workloads/draw.ts';
import { gatesOf, peepholes, type Layer, type Workload } from '../workloads/workloads.ts';
import type { Jax, JaxArray } from './jax-types.ts';

/** A tree of arrays. */
export interface Weights {
  readonly layers: readonly LayerWeights[];
  /** [classes, width] and [classes]; empty where there is no softmax. */
  readonly softmax: readonly JaxArray[];
}

interface LayerWeights {
  /** [gates * width, inputs] */
  readonly W: JaxArray;
  /** [gates * width, width] */
  readonly U: JaxArray;
  /** [gates * width] */
  readonly b: JaxArray;
  /** [3 * width]; empty but of a peephole cell. */
  readonly p: readonly JaxArray[];
}

/** The output first. */
export type Carry = readonly JaxArray[];

export function weightsOf(jax: Jax, workload: Workload, arrays: Arrays): Weights {
  const { layers, cell, classes } = workload;
  const array = (data: Float32Array, shape: readonly number[]): JaxArray =>
    jax.numpy.array(data).reshape(shape);
  const gates = gatesOf[cell];
  return {
    layers: layers.map((layer) => {
      const { path, inputs, width } = layer;
      const rows = gates.length * width;
      const blocks = { layer, gates };
      const own = (): Float32Array =>
        joined(peepholes.map((gate) => given(arrays, `${path}.p${gate}`)));
      return {
        W: array(inputRows(arrays, blocks), [rows, inputs]),
        U: array(recurrentRows(arrays, blocks), [rows, width]),
        b: array(biasRow(arrays, blocks), [rows]),
        p: cell === 'peephole' ? [array(own(), [3 * width])] : [],
      };
    }),
    softmax:
      classes === undefined
        ? []
        : [
            array(given(arrays, 'softmax.W').slice(), [classes, outputWidth(layers)]),
            array(given(arrays, 'softmax.b').slice(), [classes]),
          ],
  };
}

export class Equations {
  private readonly jax: Jax;
  private readonly workload: Workload;

  constructor(jax: Jax, workload: Workload) {
    this.jax = jax;
    this.workload = workload;
  }

  /** States after one time step, by layer. */
  step(weights: Weights, x: JaxArray, before: readonly Carry[]): Carry[] {
    let below = x;
    return weights.layers.map((w, i) => {
      const after = this.cell(w, this.affine(below, w.W, w.b), before[i] ?? []);
      below = after[0] ?? below;
      return after;
    });
  }

  /** [B, T, classes] of x [B, T, inputs]. */
  probabilities(weights: Weights, x: JaxArray): JaxArray {
    const { numpy, nn } = this.jax;
    const logits = this.logits(weights, numpy.transpose(x.ref, [1, 0, 2]));
    return numpy.transpose(nn.softmax(logits, 2), [1, 0, 2]);
  }

  /** Cross entropy against the ids that follow; both [B, T]. */
  loss(weights: Weights, text: JaxArray, next: JaxArray): JaxArray {
    const { numpy, nn } = this.jax;
    const { inputs, classes = 0 } = this.workload;
    const [batch = 0, time = 0] = text.shape;
    const x = nn.oneHot(numpy.transpose(text.ref), inputs);
    const targets = nn.oneHot(numpy.transpose(next.ref), classes);
    const logs = nn.logSoftmax(this.logits(weights, x), 2);
    return numpy.sum(logs.mul(targets)).mul(-1 / (batch * time));
  }

  /** [T, B, classes] of x [T, B, inputs]. */
  private logits(weights: Weights, x: JaxArray): JaxArray {
    const { layers } = this.workload;
    let below = x;
    for (const level of new Set(layers.map((layer) => layer.level))) {
      const outputs = layers.flatMap((layer, i) => {
        const w = weights.layers[i];
        return layer.level === level && w !== undefined ? [this.overTime(w, layer, below)] : [];
      });
      below = this.jax.numpy.concatenate(outputs, 2);
    }
    const [W, b] = weights.softmax;
    if (W === undefined || b === undefined) throw new Error('the workload has no softmax');
    return this.affine(below, W, b);
  }

  /** The outputs [T, B, width] of a layer. */
  private overTime(w: LayerWeights, { reverse, width }: Layer, x: JaxArray): JaxArray {
    const { numpy } = this.jax;
    const [time = 0, batch = 0] = x.shape;
    const products = this.affine(x, w.W, w.b);
    let carry: Carry = [0, 1].map(() => numpy.zeros([batch, width]));
    const outputs: JaxArray[] = [];
    for (let turn = 0; turn < time; turn++) {
      const t = reverse ? time - 1 - turn : turn;
      carry = this.cell(w, products.ref.slice(t), carry);
      const [output] = carry;
      if (output !== undefined) outputs[t] = output.ref;
    }
    return numpy.stack(outputs, 0);
  }

  /** A cell's step; `fromInput` is W x + b of all gates. */
  private cell(w: LayerWeights, fromInput: JaxArray, carry: Carry): Carry {
    const [h, c] = carry;
    if (h === undefined) throw new Error('a cell without a state');
    if (this.workload.cell === 'gru') return [this.gru(w, fromInput, h)];
    if (c === undefined) throw new Error('a cell without a cell state');
    return this.lstm(w, fromInput, h, c);
  }

  private lstm(w: LayerWeights, fromInput: JaxArray, h: JaxArray, c: JaxArray): Carry {
    const { numpy, nn } = this.jax;
    const sums = fromInput.ref.add(this.product(h, w.U));
    const width = h.shape.at(-1) ?? 0;
    const gate = (i: number): JaxArray => columns(sums, i * width, width);
    const [p] = w.p;
    const seen = (i: number, state: JaxArray): JaxArray =>
      p === undefined
        ? gate(i)
        : gate(i).add(p.ref.slice([slot(i) * width, (slot(i) + 1) * width]).mul(state.ref));
    const update = nn.sigmoid(seen(0, c));
    const forget = nn.sigmoid(seen(1, c));
    const next = update.mul(numpy.tanh(gate(2))).add(forget.mul(c.ref));
    const output = nn.sigmoid(seen(3, next));
    return [output.mul(numpy.tanh(next.ref)), next];
  }

  /** The reset gate acts before the product. */
  private gru(w: LayerWeights, fromInput: JaxArray, h: JaxArray): JaxArray {
    const { numpy, nn } = this.jax;
    const width = h.shape.at(-1) ?? 0;
    const U = (from: number, to: number): JaxArray => w.U.ref.slice([from * width, to * width]);
    const both = nn.sigmoid(columns(fromInput, 0, 2 * width).add(this.product(h, U(0, 2))));
    const update = columns(both, width, width);
    const kept = columns(both, 0, width).mul(h.ref);
    const candidate = numpy.tanh(
      columns(fromInput, 2 * width, width).add(this.product(kept, U(2, 3))),
    );
    return update.ref.mul(candidate.sub(h.ref)).add(h.ref);
  }

  private affine(x: JaxArray, W: JaxArray, b: JaxArray): JaxArray {
    return this.product(x, W).add(b.ref);
  }

  /** x Wᵀ */
  private product(x: JaxArray, W: JaxArray): JaxArray {
    return this.jax.numpy.matmul(x.ref, this.jax.numpy.transpose(W.ref));
  }
}

function columns(x: JaxArray, from: number, count: number): JaxArray {
  return x.ref.slice([], [from, from + count]);
}

/** Of the gates u, f, c, o, the three that a peephole has a weight for. */
function slot(gate: number): number {
  return gate === 3 ? 2 : gate;
}
