/**
 * jax-js on its WebAssembly backend: all of a call in one `jit`, gradients by `valueAndGrad`. It
 * has no scan, so that the time steps are written out. Weights lie as [gates * width, inputs],
 * which its products are fastest with, and products with a layer's inputs stand before the loop.
 */
import { given, givenInts } from '../workloads/blocks.ts';
import { streamInputs } from '../workloads/draw.ts';
import { Equations, weightsOf, type Carry, type Weights } from './jax-equations.ts';
import { trainingStep, type TrainingState } from './jax-training.ts';
import type { Jax, JaxArray } from './jax-types.ts';
import { loadPackage, versionOf } from './packages.ts';
import type { Call, Opened, Task } from './peer.ts';

const name = '@jax-js/jax';

export async function jaxJs(task: Task): Promise<Opened> {
  const jax = loadPackage(name) as Jax;
  await jax.init('wasm');
  jax.defaultDevice('wasm');
  return { about: `${name} ${versionOf(name) ?? ''}, wasm`, call: callOf(jax, task) };
}

function callOf(jax: Jax, task: Task): Call {
  const { mode } = task.workload;
  switch (mode) {
    case 'stream':
      return stream(jax, task);
    case 'run':
      return run(jax, task);
    case 'train':
      return train(jax, task);
  }
  return mode satisfies never;
}

/** Arguments of a jitted function are used up; what is to stay is passed as another reference. */
function stream(jax: Jax, { workload, arrays, sizes }: Task): Call {
  const { layers, cell, inputs } = workload;
  const { batch } = sizes;
  const weights = weightsOf(jax, workload, arrays);
  const equations = new Equations(jax, workload);
  const count = cell === 'gru' ? 1 : 2;
  let states: readonly Carry[] = layers.map(({ width }) =>
    Array.from({ length: count }, () => jax.numpy.zeros([batch, width])),
  );
  const jitted = jax.jit((w: Weights, x: JaxArray, before: readonly Carry[]) =>
    equations.step(w, x, before),
  );
  const all = given(arrays, 'x');
  const size = batch * inputs;
  let calls = 0;
  return () => {
    const from = (calls++ % streamInputs) * size;
    const x = jax.numpy.array(all.slice(from, from + size)).reshape([batch, inputs]);
    states = jitted(jax.tree.ref(weights), x, states);
    const top = states.at(-1)?.[0];
    if (top === undefined) throw new Error('jax-js gave no state');
    return top.ref.dataSync();
  };
}

function run(jax: Jax, { workload, arrays, sizes }: Task): Call {
  const weights = weightsOf(jax, workload, arrays);
  const equations = new Equations(jax, workload);
  const jitted = jax.jit((w: Weights, x: JaxArray) => equations.probabilities(w, x));
  const x = given(arrays, 'x');
  const shape = [sizes.batch, sizes.time, workload.inputs];
  return () => jitted(jax.tree.ref(weights), jax.numpy.array(x.slice()).reshape(shape)).dataSync();
}

function train(jax: Jax, { workload, arrays, sizes }: Task): Call {
  const { numpy, tree } = jax;
  const weights = weightsOf(jax, workload, arrays);
  const jitted = jax.jit(trainingStep(jax, new Equations(jax, workload)));
  const ids = (name: string): JaxArray =>
    numpy
      .array(givenInts(arrays, name).slice(), { dtype: numpy.int32 })
      .reshape([sizes.batch, sizes.time]);
  const zeros = (): Weights => tree.map((w) => numpy.zerosLike(w.ref), weights);
  let state: TrainingState = { weights, first: zeros(), second: zeros() };
  let steps = 0;
  return () => {
    const count = numpy.array(Float32Array.of(++steps)).reshape([]);
    const { loss, ...next } = jitted(state, count, ids('text'), ids('next'));
    state = next;
    return loss.dataSync();
  };
}
