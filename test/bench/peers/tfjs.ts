/**
 * TensorFlow.js on its WebAssembly backend, in one thread: it has no more in Node. For training
 * there are two: `tfjs` takes what the library offers as it comes, `tfjs-tuned` goes around a
 * product of transposed operands, with which the backend is many times slower. Inference has none
 * of them and is written as well as we can for both.
 */
import { given, givenInts } from '../workloads/blocks.ts';
import { streamInputs } from '../workloads/draw.ts';
import { training } from '../workloads/workloads.ts';
import { loadPackage, pathInPackage, versionOf } from './packages.ts';
import type { Call, Opened, Task } from './peer.ts';
import { PlainEquations } from './tfjs-plain.ts';
import { TunedEquations } from './tfjs-tuned.ts';
import type { Tensor, TensorFlow } from './tfjs-types.ts';

const name = '@tensorflow/tfjs';
const backend = '@tensorflow/tfjs-backend-wasm';

export function tensorFlow(task: Task): Promise<Opened> {
  return open(task, false);
}

export function tensorFlowTuned(task: Task): Promise<Opened> {
  return open(task, true);
}

async function open(task: Task, tuned: boolean): Promise<Opened> {
  const tf = loadPackage(name) as TensorFlow;
  const { setWasmPaths } = loadPackage(backend) as {
    readonly setWasmPaths: (folder: string) => void;
  };
  setWasmPaths(pathInPackage(backend, 'dist/'));
  if (!(await tf.setBackend('wasm'))) throw new Error('TensorFlow.js has no backend wasm here');
  return { about: `${name} ${versionOf(name) ?? ''}, wasm`, call: callOf(tf, task, tuned) };
}

function callOf(tf: TensorFlow, task: Task, tuned: boolean): Call {
  const { mode } = task.workload;
  switch (mode) {
    case 'stream':
      return stream(tf, task);
    case 'run':
      return run(tf, task);
    case 'train':
      return train(tf, task, tuned);
  }
  return mode satisfies never;
}

function stream(tf: TensorFlow, { workload, arrays, sizes }: Task): Call {
  const { layers, cell, inputs } = workload;
  const { batch } = sizes;
  const equations = new TunedEquations(tf, workload, arrays);
  const count = cell === 'gru' ? 1 : 2;
  let states: Tensor[][] = layers.map(({ width }) =>
    Array.from({ length: count }, () => tf.zeros([batch, width])),
  );
  const all = given(arrays, 'x');
  const size = batch * inputs;
  let calls = 0;
  return () => {
    const from = (calls++ % streamInputs) * size;
    const before = states;
    states = tf.tidy(() => {
      const x = tf.tensor(all.subarray(from, from + size), [batch, inputs]);
      return equations.step(x, before);
    });
    for (const state of before.flat()) state.dispose();
    const top = states.at(-1)?.[0];
    if (top === undefined) throw new Error('TensorFlow.js gave no state');
    return top.dataSync();
  };
}

function run(tf: TensorFlow, { workload, arrays, sizes }: Task): Call {
  const equations = new TunedEquations(tf, workload, arrays);
  const x = given(arrays, 'x');
  const { batch, time } = sizes;
  return () =>
    tf.tidy(() => {
      const sequence = tf.tensor(x, [batch, time, workload.inputs]).transpose([1, 0, 2]);
      const logits = equations.logits(sequence);
      return logits
        .softmax()
        .reshape([time, batch, workload.classes ?? 0])
        .transpose([1, 0, 2])
        .dataSync();
    });
}

/** The arithmetic of Gatework's step: cross entropy, one norm over all gradients, Adam. */
function train(tf: TensorFlow, { workload, arrays, sizes }: Task, tuned: boolean): Call {
  const { batch, time } = sizes;
  const equations = tuned
    ? new TunedEquations(tf, workload, arrays)
    : new PlainEquations(tf, workload, arrays);
  const optimizer = tf.train.adam(training.rate, 0.9, 0.999, 1e-8);
  const ids = (of: string): Tensor => tf.tensor(givenInts(arrays, of), [batch, time], 'int32');
  const rows = (of: string, count: number): Tensor =>
    tf.cast(tf.oneHot(ids(of).transpose(), count), 'float32');
  const loss = (): Tensor => {
    const classes = workload.classes ?? 0;
    const logits = equations.logits(rows('text', workload.inputs));
    const targets = rows('next', classes).reshape([time * batch, classes]);
    return tf.losses.softmaxCrossEntropy(targets, logits);
  };
  return () =>
    tf.tidy(() => {
      const { value, grads } = tf.variableGrads(loss);
      optimizer.applyGradients(clipped(tf, grads));
      return value.dataSync();
    });
}

/** As PyTorch's clip_grad_norm_. */
function clipped(
  tf: TensorFlow,
  gradients: Readonly<Record<string, Tensor>>,
): Record<string, Tensor> {
  const squares = Object.values(gradients).map((gradient) => gradient.square().sum());
  const norm = squares.reduce((sum, square) => sum.add(square)).sqrt();
  const ratio = tf.scalar(training.clipNorm).div(norm.add(tf.scalar(1e-6)));
  const factor = tf.minimum(ratio, tf.scalar(1));
  return Object.fromEntries(
    Object.entries(gradients).map(([of, gradient]) => [of, gradient.mul(factor)]),
  );
}
