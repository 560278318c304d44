/**
 * The equations of a workload in TensorFlow.js as one writes them who knows its backend: products
 * of inputs before the loop, all gates in one product, gradients that transpose first.
 */
import {
  biasRow,
  given,
  inputRows,
  recurrentRows,
  transposed,
  type Arrays,
} from '../workloads/blocks.ts';
import { outputWidth } from '../workloads/draw.ts';
import { gatesOf, peepholes, type Layer, type Workload } from '../workloads/workloads.ts';
import type { Tensor, TensorFlow, Variable } from './tfjs-types.ts';

interface LayerWeights {
  /** [inputs, gates * width] */
  readonly W: Variable;
  /** [width, gates * width]; of a gru those of the gates, then that of the candidate. */
  readonly U: readonly Variable[];
  readonly b: Variable;
  /** By gate of `peepholes`; empty but of a peephole cell. */
  readonly p: readonly Variable[];
}

/** The output first. */
type Carry = readonly Tensor[];

export class TunedEquations {
  private readonly tf: TensorFlow;
  private readonly workload: Workload;
  private readonly layers: readonly LayerWeights[];
  private readonly softmax: readonly Variable[];
  private readonly product: (x: Tensor, W: Tensor) => Tensor;

  constructor(tf: TensorFlow, workload: Workload, arrays: Arrays) {
    this.tf = tf;
    this.workload = workload;
    this.layers = workload.layers.map((layer) => layerWeights(tf, workload, layer, arrays));
    this.softmax = softmaxWeights(tf, workload, arrays);
    this.product = workload.mode === 'train' ? productOf(tf) : (x, W) => x.matMul(W);
  }

  /** States after one time step, by layer. */
  step(x: Tensor, before: readonly Carry[]): Tensor[][] {
    let below = x;
    return this.layers.map((w, i) => {
      const after = this.cell(w, this.product(below, w.W).add(w.b), before[i] ?? []);
      below = after[0] ?? below;
      return after;
    });
  }

  /** [T * B, classes] of x [T, B, inputs]. */
  logits(x: Tensor): Tensor {
    const { layers } = this.workload;
    const [time = 0, batch = 0] = x.shape;
    let below = x;
    for (const level of new Set(layers.map((layer) => layer.level))) {
      const outputs = layers.flatMap((layer, i) => {
        const w = this.layers[i];
        return layer.level === level && w !== undefined ? [this.overTime(w, layer, below)] : [];
      });
      const [only] = outputs;
      below = outputs.length === 1 && only !== undefined ? only : this.tf.concat(outputs, 2);
    }
    const [W, b] = this.softmax;
    if (W === undefined || b === undefined) throw new Error('the workload has no softmax');
    const rows = below.reshape([time * batch, outputWidth(layers)]);
    return this.product(rows, W).add(b);
  }

  /** The outputs [T, B, width] of a layer. */
  private overTime(w: LayerWeights, { reverse, width, inputs }: Layer, x: Tensor): Tensor {
    const { tf } = this;
    const [time = 0, batch = 0] = x.shape;
    const products = this.product(x.reshape([time * batch, inputs]), w.W).add(w.b);
    const steps = tf.unstack(products.reshape([time, batch, products.shape[1] ?? 0]), 0);
    let carry: Carry = [0, 1].map(() => tf.zeros([batch, width]));
    const outputs: Tensor[] = [];
    for (let turn = 0; turn < time; turn++) {
      const t = reverse ? time - 1 - turn : turn;
      const [fromInput] = steps.slice(t, t + 1);
      if (fromInput === undefined) break;
      carry = this.cell(w, fromInput, carry);
      const [output] = carry;
      if (output !== undefined) outputs[t] = output;
    }
    return tf.stack(outputs, 0);
  }

  private cell(w: LayerWeights, fromInput: Tensor, [h, c]: Carry): Tensor[] {
    if (h === undefined) throw new Error('a cell without a state');
    if (this.workload.cell === 'gru') return [this.gru(w, fromInput, h)];
    if (c === undefined) throw new Error('a cell without a cell state');
    return this.lstm(w, fromInput, h, c);
  }

  private lstm(w: LayerWeights, fromInput: Tensor, h: Tensor, c: Tensor): Tensor[] {
    const [U] = w.U;
    if (U === undefined) throw new Error('a weight is missing');
    const [u, f, candidate, o] = this.tf.split(fromInput.add(this.product(h, U)), 4, 1);
    if (u === undefined || f === undefined || candidate === undefined || o === undefined) {
      throw new Error('a gate is missing');
    }
    const [pu, pf, po] = w.p;
    const update = seen(u, pu, c).sigmoid();
    const forget = seen(f, pf, c).sigmoid();
    const next = update.mul(candidate.tanh()).add(forget.mul(c));
    const output = seen(o, po, next).sigmoid();
    return [output.mul(next.tanh()), next];
  }

  /** The reset gate acts before the product. */
  private gru(w: LayerWeights, fromInput: Tensor, h: Tensor): Tensor {
    const { tf } = this;
    const width = h.shape[1] ?? 0;
    const [Uru, Uc] = w.U;
    const [xru, xc] = tf.split(fromInput, [2 * width, width], 1);
    if (Uru === undefined || Uc === undefined || xru === undefined || xc === undefined) {
      throw new Error('a gate is missing');
    }
    const [reset, update] = tf.split(xru.add(this.product(h, Uru)).sigmoid(), 2, 1);
    if (reset === undefined || update === undefined) throw new Error('a gate is missing');
    const candidate = xc.add(this.product(reset.mul(h), Uc)).tanh();
    return update.mul(candidate.sub(h)).add(h);
  }
}

/** With the peephole of a gate, if it has one. */
export function seen(sum: Tensor, weight: Tensor | undefined, c: Tensor): Tensor {
  return weight === undefined ? sum : sum.add(weight.mul(c));
}

/** [width, classes] and [classes]; empty where the workload has no softmax. */
export function softmaxWeights(
  tf: TensorFlow,
  { classes, layers }: Workload,
  arrays: Arrays,
): readonly Variable[] {
  if (classes === undefined) return [];
  const W = transposed(given(arrays, 'softmax.W'), classes);
  return [
    tf.variable(tf.tensor(W, [outputWidth(layers), classes])),
    tf.variable(tf.tensor(given(arrays, 'softmax.b'), [classes])),
  ];
}

/** By gate of `peepholes`; empty but of a peephole cell. */
export function peepholeWeights(
  tf: TensorFlow,
  { cell }: Workload,
  { path, width }: Layer,
  arrays: Arrays,
): readonly Variable[] {
  if (cell !== 'peephole') return [];
  return peepholes.map((gate) =>
    tf.variable(tf.tensor(given(arrays, `${path}.p${gate}`), [width])),
  );
}

function layerWeights(
  tf: TensorFlow,
  workload: Workload,
  layer: Layer,
  arrays: Arrays,
): LayerWeights {
  const blocks = { layer, gates: gatesOf[workload.cell] };
  const parts = workload.cell === 'gru' ? [['r', 'u'], ['c']] : [blocks.gates];
  const turned = (data: Float32Array, columns: number): Variable => {
    const rows = data.length / columns;
    return tf.variable(tf.tensor(transposed(data, rows), [columns, rows]));
  };
  const bias = biasRow(arrays, blocks);
  return {
    W: turned(inputRows(arrays, blocks), layer.inputs),
    U: parts.map((gates) => turned(recurrentRows(arrays, { layer, gates }), layer.width)),
    b: tf.variable(tf.tensor(bias, [bias.length])),
    p: peepholeWeights(tf, workload, layer, arrays),
  };
}

/** x W, with both gradients as products of operands that lie as they are read. */
function productOf(tf: TensorFlow): (x: Tensor, W: Tensor) => Tensor {
  return tf.customGrad((x: Tensor, W: Tensor, save: (kept: Tensor[]) => void) => {
    save([x, W]);
    const gradFunc = (dy: Tensor, saved: Tensor[]): Tensor[] => {
      const [x0, W0] = saved;
      if (x0 === undefined || W0 === undefined) throw new Error('an operand was not saved');
      return [dy.matMul(W0.transpose()), x0.transpose().matMul(dy)];
    };
    return { value: x.matMul(W), gradFunc };
  });
}
