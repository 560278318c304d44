/**
 * Layers of TensorFlow.js as its documentation has them: `basicLSTMCell` along time, and for the
 * peephole cell, which it lacks, the same in the same manner.
 */
import {
  biasRow,
  inputRows,
  joined,
  recurrentRows,
  transposed,
  type Arrays,
} from '../workloads/blocks.ts';
import { outputWidth } from '../workloads/draw.ts';
import type { Layer, Workload } from '../workloads/workloads.ts';
import type { Tensor, TensorFlow, Variable } from './tfjs-types.ts';
import { peepholeWeights, seen, softmaxWeights } from './tfjs-tuned.ts';

interface LayerWeights {
  readonly width: number;
  /** [inputs + width, 4 * width] */
  readonly W: Variable;
  readonly b: Variable;
  readonly p: readonly Variable[];
}

/** The gates in the order of `basicLSTMCell`. */
const gates: readonly string[] = ['u', 'c', 'f', 'o'];

export class PlainEquations {
  private readonly tf: TensorFlow;
  private readonly layers: readonly LayerWeights[];
  private readonly softmax: readonly Variable[];
  private readonly width: number;
  private readonly forgetBias: Tensor;

  constructor(tf: TensorFlow, workload: Workload, arrays: Arrays) {
    this.tf = tf;
    this.layers = workload.layers.map((layer) => layerWeights(tf, workload, layer, arrays));
    this.softmax = softmaxWeights(tf, workload, arrays);
    this.width = outputWidth(workload.layers);
    this.forgetBias = tf.scalar(0);
  }

  /** [T * B, classes] of x [T, B, inputs]. */
  logits(x: Tensor): Tensor {
    const { tf } = this;
    const [time = 0, batch = 0] = x.shape;
    let steps = tf.unstack(x, 0);
    for (const layer of this.layers) {
      let [c, h] = [tf.zeros([batch, layer.width]), tf.zeros([batch, layer.width])];
      steps = steps.map((step) => {
        [c, h] =
          layer.p.length === 0
            ? tf.basicLSTMCell(this.forgetBias, layer.W, layer.b, step, c, h)
            : this.peephole(layer, step, c, h);
        return h;
      });
    }
    const [W, b] = this.softmax;
    if (W === undefined || b === undefined) throw new Error('the workload has no softmax');
    return tf
      .stack(steps, 0)
      .reshape([time * batch, this.width])
      .matMul(W)
      .add(b);
  }

  private peephole(
    { W, b, p, width }: LayerWeights,
    x: Tensor,
    c: Tensor,
    h: Tensor,
  ): [Tensor, Tensor] {
    const sums = this.tf.concat([x, h], 1).matMul(W).add(b);
    const batch = sums.shape[0] ?? 0;
    const gate = (i: number): Tensor => sums.slice([0, i * width], [batch, width]);
    const [pu, pf, po] = p;
    const update = seen(gate(0), pu, c).sigmoid();
    const forget = seen(gate(2), pf, c).sigmoid();
    const next = update.mul(gate(1).tanh()).add(forget.mul(c));
    return [next, seen(gate(3), po, next).sigmoid().mul(next.tanh())];
  }
}

function layerWeights(
  tf: TensorFlow,
  workload: Workload,
  layer: Layer,
  arrays: Arrays,
): LayerWeights {
  const { width, inputs } = layer;
  const blocks = { layer, gates };
  const rows = gates.length * width;
  const both = [inputRows(arrays, blocks), recurrentRows(arrays, blocks)];
  const W = joined(both.map((part) => transposed(part, rows)));
  return {
    width,
    W: tf.variable(tf.tensor(W, [inputs + width, rows])),
    b: tf.variable(tf.tensor(biasRow(arrays, blocks), [rows])),
    p: peepholeWeights(tf, workload, layer, arrays),
  };
}
