/**
 * The workloads that ONNX can say, as models: its own LSTM and GRU ops, one a layer, with both
 * directions of a layer in one op. ONNX has the time first, hence the transposes.
 */
import { outputWidth } from '../workloads/draw.ts';
import {
  biasRow,
  given,
  inputRows,
  joined,
  recurrentRows,
  transposed,
  type Arrays,
} from '../workloads/blocks.ts';
import type { Cell, Layer, Sizes, Workload } from '../workloads/workloads.ts';
import {
  encodeModel,
  type OnnxConstant,
  type OnnxGraph,
  type OnnxNode,
  type OnnxValue,
} from './model.ts';

/**
 * Inputs `x` [B, T, inputs] (and `lengths` [B] for whole sequences), result `y` [B, T, classes]. Of
 * a stream: `x` [T, B, inputs] and each state `PATH.h`, `PATH.c` [1, B, width], results `PATH.hn`,
 * `PATH.cn`; the last layer's `hn` is the answer.
 */
export function onnxModel(workload: Workload, arrays: Arrays, sizes: Sizes): Uint8Array {
  const graph = new GraphDraft(workload, arrays, sizes);
  if (workload.mode === 'stream') graph.stream();
  else graph.sequence();
  return encodeModel(graph);
}

/** In ONNX's order. Its update gate of a GRU keeps the old state where ours lets the new in. */
const gateOrders: Readonly<Record<Cell, readonly string[]>> = {
  lstm: ['u', 'o', 'f', 'c'],
  peephole: ['u', 'o', 'f', 'c'],
  gru: ['-u', 'r', 'c'],
};

class GraphDraft implements OnnxGraph {
  readonly nodes: OnnxNode[] = [];
  readonly constants = new Map<string, OnnxConstant>();
  readonly inputs: OnnxValue[] = [];
  readonly outputs: OnnxValue[] = [];
  private readonly workload: Workload;
  private readonly arrays: Arrays;
  private readonly sizes: Sizes;

  constructor(workload: Workload, arrays: Arrays, sizes: Sizes) {
    this.workload = workload;
    this.arrays = arrays;
    this.sizes = sizes;
  }

  stream(): void {
    const { layers, cell, inputs } = this.workload;
    const { batch, time } = this.sizes;
    this.inputs.push({ name: 'x', dtype: 'float', shape: [time, batch, inputs] });
    let below = 'x';
    for (const layer of layers) {
      const { path, width } = layer;
      const shape = [1, batch, width];
      const states = cell === 'gru' ? ['h'] : ['h', 'c'];
      for (const state of states) {
        this.inputs.push({ name: `${path}.${state}`, dtype: 'float', shape });
        this.outputs.push({ name: `${path}.${state}n`, dtype: 'float', shape });
      }
      const finals = states.map((state) => `${path}.${state}n`);
      // With one step, the states over time [1, 1, B, width] are the last one.
      const initials = states.map((state) => `${path}.${state}`);
      this.recurrent([layer], below, '', initials, ['', ...finals]);
      below = `${path}.hn`;
    }
  }

  sequence(): void {
    const { layers, inputs, classes = 0 } = this.workload;
    const { batch, time } = this.sizes;
    this.inputs.push({ name: 'x', dtype: 'float', shape: [batch, time, inputs] });
    this.inputs.push({ name: 'lengths', dtype: 'int', shape: [batch] });
    this.outputs.push({ name: 'y', dtype: 'float', shape: [batch, time, classes] });
    let below = this.node('Transpose', ['x'], { perm: [1, 0, 2] });
    for (const level of new Set(layers.map((layer) => layer.level))) {
      const both = layers.filter((layer) => layer.level === level);
      const states = `states${level}`;
      this.recurrent(both, below, 'lengths', [], [states]);
      // [T, directions, B, width] to [T, B, both widths].
      const turned = this.node('Transpose', [states], { perm: [0, 2, 1, 3] });
      below = this.node('Reshape', [turned, this.shape([time, batch, outputWidth(both)])]);
    }
    const width = outputWidth(layers);
    const W = transposed(given(this.arrays, 'softmax.W'), classes);
    const b = given(this.arrays, 'softmax.b');
    this.constants.set('softmax.W', { dtype: 'float', shape: [width, classes], data: W });
    this.constants.set('softmax.b', { dtype: 'float', shape: [classes], data: b });
    const rows = this.node('Transpose', [below], { perm: [1, 0, 2] });
    const logits = this.node('Add', [this.node('MatMul', [rows, 'softmax.W']), 'softmax.b']);
    this.nodes.push({
      op: 'Softmax',
      inputs: [logits],
      outputs: ['y'],
      attributes: { axis: 2 },
    });
  }

  /** One op over the directions of a layer. */
  private recurrent(
    directions: readonly Layer[],
    below: string,
    lengths: string,
    initials: readonly string[],
    outputs: readonly string[],
  ): void {
    const { cell } = this.workload;
    const [first] = directions;
    if (first === undefined) return;
    const { path, width, inputs } = first;
    const blocks = directions.map((layer) => ({ layer, gates: gateOrders[cell] }));
    const rows = gateOrders[cell].length * width;
    const count = directions.length;
    const constant = (name: string, shape: readonly number[], data: Float32Array): string => {
      this.constants.set(`${path}.${name}`, { dtype: 'float', shape, data });
      return `${path}.${name}`;
    };
    const W = joined(blocks.map((b) => inputRows(this.arrays, b)));
    const R = joined(blocks.map((b) => recurrentRows(this.arrays, b)));
    // Two biases a gate, of which the second stays 0.
    const B = joined(blocks.flatMap((b) => [biasRow(this.arrays, b), new Float32Array(rows)]));
    this.nodes.push({
      op: cell === 'gru' ? 'GRU' : 'LSTM',
      inputs: [
        below,
        constant('W', [count, rows, inputs], W),
        constant('R', [count, rows, width], R),
        constant('B', [count, 2 * rows], B),
        lengths,
        ...initials,
      ],
      outputs,
      attributes: {
        hidden_size: width,
        direction: count === 2 ? 'bidirectional' : 'forward',
        ...(cell === 'gru' ? { linear_before_reset: 0 } : {}),
      },
    });
  }

  private node(
    op: string,
    inputs: readonly string[],
    attributes: NonNullable<OnnxNode['attributes']> = {},
  ): string {
    const output = `${op}${this.nodes.length}`;
    this.nodes.push({ op, inputs, outputs: [output], attributes });
    return output;
  }

  private shape(dims: readonly number[]): string {
    const name = `shape${this.constants.size}`;
    this.constants.set(name, { int64: dims });
    return name;
  }
}
