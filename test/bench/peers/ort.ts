/** ONNX Runtime, native in Node or as WebAssembly: inference with its own LSTM and GRU ops. */
import { onnxModel } from '../onnx/recurrent.ts';
import { streamInputs } from '../workloads/draw.ts';
import { given } from '../workloads/blocks.ts';
import { loadPackage, pathInPackage, versionOf } from './packages.ts';
import type { Call, Opened, Task } from './peer.ts';

export function onnxRuntimeNode(task: Task): Promise<Opened> {
  return open('onnxruntime-node', 'cpu', task);
}

export function onnxRuntimeWeb(task: Task): Promise<Opened> {
  return open('onnxruntime-web', 'wasm', task);
}

/** What is used of both packages, which share their interface. */
interface OnnxRuntime {
  readonly env: { readonly wasm: { numThreads?: number; wasmPaths?: string } };
  readonly InferenceSession: {
    create(model: Uint8Array, options: object): Promise<Session>;
  };
  readonly Tensor: new (
    type: 'float32' | 'int32',
    data: Float32Array | Int32Array,
    dims: readonly number[],
  ) => Tensor;
}

interface Tensor {
  readonly data: Float32Array;
}

type Tensors = Record<string, Tensor>;

interface Session {
  run(feeds: Tensors): Promise<Tensors>;
}

async function open(name: string, provider: string, task: Task): Promise<Opened> {
  const runtime = loadPackage(name) as OnnxRuntime;
  const { workload, arrays, sizes, threads } = task;
  runtime.env.wasm.numThreads = threads;
  runtime.env.wasm.wasmPaths = pathInPackage('onnxruntime-web', 'dist/');
  const session = await runtime.InferenceSession.create(onnxModel(workload, arrays, sizes), {
    executionProviders: [provider],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
  });
  const about = `${name} ${versionOf(name) ?? ''}`;
  if (workload.mode !== 'stream') return { about, call: run(runtime, session, task) };
  return { about, call: stream(runtime, session, task) };
}

/**
 * Final states go in again as the tensors that came out. Tensors that are there already would do
 * for the native build, which they save nothing; the WebAssembly build does not write into them.
 */
function stream(runtime: OnnxRuntime, session: Session, task: Task): Call {
  const { workload, arrays, sizes } = task;
  const { inputs, layers, cell } = workload;
  const { batch, time } = sizes;
  const states = layers.flatMap(({ path, width }) =>
    (cell === 'gru' ? ['h'] : ['h', 'c']).map((state) => ({ name: `${path}.${state}`, width })),
  );
  const feeds: Tensors = {};
  for (const { name, width } of states) {
    const data = new Float32Array(batch * width);
    feeds[name] = new runtime.Tensor('float32', data, [1, batch, width]);
  }
  const all = given(arrays, 'x');
  const size = batch * inputs;
  const xs = Array.from({ length: streamInputs }, (_, i) => all.slice(i * size, (i + 1) * size));
  const answer = `${layers.at(-1)?.path ?? ''}.hn`;
  let calls = 0;
  return async () => {
    const x = xs[calls++ % streamInputs] ?? all;
    feeds['x'] = new runtime.Tensor('float32', x, [time, batch, inputs]);
    const results = await session.run(feeds);
    for (const { name } of states) feeds[name] = known(results[`${name}n`], name);
    return known(results[answer], answer).data;
  };
}

function run(runtime: OnnxRuntime, session: Session, { workload, arrays, sizes }: Task): Call {
  const { batch, time } = sizes;
  const x = given(arrays, 'x');
  const lengths = new Int32Array(batch).fill(time);
  return async () => {
    const feeds = {
      x: new runtime.Tensor('float32', x, [batch, time, workload.inputs]),
      lengths: new runtime.Tensor('int32', lengths, [batch]),
    };
    const { y } = await session.run(feeds);
    return known(y, 'y').data;
  };
}

function known(tensor: Tensor | undefined, name: string): Tensor {
  if (tensor === undefined) throw new Error(`ONNX Runtime gave no ${name}`);
  return tensor;
}
