/**
 * Opens a bundle: reads its weights, and takes the first backend that this place has. Each part of
 * a bundle that not every model needs is handed in, so that what is not needed is not there.
 */
import type { Backend } from '../artifact/bundle.ts';
import type { Description } from './description.ts';
import type { DirectEngine, NamedNumbers } from './engine.ts';
import { batchOf, type Encode, type Example } from './examples.ts';
import { addressOf, readFile, readTensors, type Decode } from './files.ts';
import type { EngineKind, firstOf } from './first.ts';
import { outputsOf, type Output, type Tell } from './results.ts';
import { selfTest, type SelfTest } from './self-test.ts';

export interface LoadOptions {
  /** The first that there is, of WebGPU, WebAssembly and JavaScript, if left out. */
  readonly backend?: Backend | undefined;
  /** The weights' file, where it is not beside the module. */
  readonly weights?: string | URL | Uint8Array | undefined;
}

export interface Bundle<Features> {
  readonly described: Description;
  /** In the order in which they are tried. */
  readonly engines: readonly EngineKind[];
  /** Chooses among them. */
  readonly choose: typeof firstOf;
  /** The bytes of its files, and where they are unless they are inlined. */
  readonly files: BundleFiles;
  readonly encode?: Encode;
  readonly tell?: Tell;
  /** Of weights in other types than F32. */
  readonly decode?: Decode;
  /** What only some models can, on an engine that answers at once. */
  readonly abilities?: (opened: OpenedBundle) => Features;
}

export interface BundleFiles {
  /** The address of the weights, unless they are inlined. */
  readonly base?: string;
  weights(): Uint8Array | Promise<Uint8Array>;
  golden(): Uint8Array | Promise<Uint8Array>;
}

export interface OpenedBundle {
  readonly described: Description;
  readonly encode: Encode | undefined;
  readonly tell: Tell | undefined;
  readonly engine: DirectEngine;
}

export interface OpenModel {
  readonly backend: Backend;
  run(example: Example | readonly Example[]): Promise<Answer | readonly Answer[]>;
  selfTest(): Promise<SelfTest>;
  close(): void;
}

/** Outputs by name. */
export type Answer = Readonly<Record<string, Output>>;

/** Faults: R7802 and R7803 for files, R7804 for a backend that this place has not. */
export async function openBundle<Features extends object>(
  bundle: Bundle<Features>,
  options: LoadOptions = {},
): Promise<OpenModel & Features> {
  return openWith(bundle, await readWeights(bundle, options), options.backend);
}

/** Those that the bundle was built with. Faults: R7802, R7803. */
export async function readWeights(
  { described, files, decode }: Bundle<object>,
  { weights }: LoadOptions,
): Promise<NamedNumbers> {
  const bytes = await bytesOf(weights, files);
  return readTensors(described.weights, bytes, decode).tensors;
}

/** The model with these weights. Faults: R7804. */
export async function openWith<Features extends object>(
  { described, engines, choose, files, abilities, encode, tell }: Bundle<Features>,
  weights: NamedNumbers,
  backend: Backend | undefined,
): Promise<OpenModel & Features> {
  const engine = await choose(engines, weights, backend);
  const run = async (examples: readonly Example[]): Promise<Answer[]> => {
    if (examples.length === 0) return [];
    const batch = batchOf(described, examples, encode);
    const results = await engine.run(batch.sizes, batch.inputs);
    return examples.map((_, row) => outputsOf(described, tell, batch, results, { row }));
  };
  const model: OpenModel = {
    get backend() {
      return engine.backend;
    },
    async run(asked) {
      const answers = await run(isList(asked) ? asked : [asked]);
      return isList(asked) ? answers : (answers[0] as Answer);
    },
    selfTest: async () => selfTest(readTensors(described.golden, await files.golden()), engine),
    close: () => engine.close(),
  };
  if (abilities === undefined) return model as OpenModel & Features;
  const direct = engine.direct === undefined ? (engine as DirectEngine) : await engine.direct();
  return Object.assign(model, abilities({ described, encode, tell, engine: direct }));
}

const isList: (asked: Example | readonly Example[]) => asked is readonly Example[] = Array.isArray;

function bytesOf(
  given: LoadOptions['weights'],
  files: BundleFiles,
): Uint8Array | Promise<Uint8Array> {
  if (given === undefined) return files.weights();
  return given instanceof Uint8Array ? given : readFile(addressOf(given, files.base));
}
