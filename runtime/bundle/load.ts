/**
 * Opens a bundle: reads its weights, and takes the first backend that this place has. Each part of
 * a bundle that not every model needs is handed in, so that what is not needed is not there.
 */
import { RuntimeFault } from '../artifact/executable.ts';
import type { Backend, BundleDescription } from '../artifact/bundle.ts';
import type { DirectEngine, Engine, NamedNumbers } from './engine.ts';
import { batchOf, type Encode, type Example } from './examples.ts';
import { addressOf, readFile, readTensors, type Decode } from './files.ts';
import { Lasting } from './lasting.ts';
import { outputsOf, type Output } from './results.ts';
import { selfTest, type SelfTest } from './self-test.ts';

export interface LoadOptions {
  /** The first that there is, of WebGPU, WebAssembly and JavaScript, if left out. */
  readonly backend?: Backend | undefined;
  /** The weights' file, where it is not beside the module. */
  readonly weights?: string | URL | Uint8Array | undefined;
}

export interface Bundle<Features> {
  readonly description: BundleDescription;
  /** In the order in which they are tried. Undefined where this place has it not. */
  readonly engines: readonly {
    readonly backend: Backend;
    open(weights: NamedNumbers): Promise<Engine | undefined>;
  }[];
  /** The bytes of its files, and where they are unless they are inlined. */
  readonly files: BundleFiles;
  readonly encode: readonly Encode[];
  /** Of weights in other types than F32. */
  readonly decode?: Decode;
  /** What only some models can, on an engine that answers at once. */
  readonly features?: (opened: OpenedBundle) => Features;
}

export interface BundleFiles {
  /** The address of the weights, unless they are inlined. */
  readonly base?: string;
  weights(): Uint8Array | Promise<Uint8Array>;
  golden(): Uint8Array | Promise<Uint8Array>;
}

export interface OpenedBundle {
  readonly description: BundleDescription;
  readonly encode: Encode;
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
  const { description, features } = bundle;
  const { backend } = options;
  const bytes = await bytesOf(options.weights, bundle.files);
  const weights = readTensors(description.weights, bytes, bundle.decode).tensors;
  const engine = await lastingEngine(bundle, weights, backend);
  const encode = firstEncoding(bundle.encode);
  if (features === undefined) return modelOn(bundle, engine, encode) as OpenModel & Features;
  const direct = await directOf(bundle, engine.current(), weights);
  const model = modelOn(bundle, engine, encode, direct);
  const further = features({ description, encode, engine: direct });
  return Object.defineProperties(model, Object.getOwnPropertyDescriptors(further)) as typeof model &
    Features;
}

function modelOn<Features>(
  { description, files }: Bundle<Features>,
  engine: LastingEngine,
  encode: Encode,
  direct?: DirectEngine,
): OpenModel {
  const run = async (examples: readonly Example[]): Promise<Answer[]> => {
    if (examples.length === 0) return [];
    const batch = batchOf(description, examples, encode);
    const results = await engine.run(batch.sizes, batch.inputs);
    return examples.map((_, row) => outputsOf(description, batch, results, row));
  };
  return {
    get backend() {
      return engine.backend;
    },
    async run(asked) {
      if (isList(asked)) return run(asked);
      const [answer = {}] = await run([asked]);
      return answer;
    },
    selfTest: async () => {
      const golden = readTensors(description.golden, await files.golden());
      return selfTest(golden, engine);
    },
    close() {
      engine.close();
      direct?.close();
    },
  };
}

interface LastingEngine extends Engine {
  current(): Engine;
}

/** A GPU that fails in the middle leaves the others, unless it was asked for by name. */
async function lastingEngine<Features>(
  { engines }: Bundle<Features>,
  weights: NamedNumbers,
  wanted: Backend | undefined,
): Promise<LastingEngine> {
  const known = engines.filter(({ backend }) => wanted === undefined || backend === wanted);
  const engine = new Lasting(await firstOf(known, weights, wanted));
  return {
    get backend() {
      return engine.current.backend;
    },
    current: () => engine.current,
    async run(sizes, inputs) {
      const used = engine.current;
      try {
        return await used.run(sizes, inputs);
      } catch (error) {
        const rest = known.slice(known.findIndex((e) => e.backend === used.backend) + 1);
        // What is too large for one linear memory is too large for the other.
        if (!isMachine(error) || isDirect(used) || rest.length === 0) throw error;
        const next = await engine.instead(used, () => firstOf(rest, weights, undefined));
        return next.run(sizes, inputs);
      }
    },
    close: () => engine.current.close(),
  };
}

/** The first of these that knows the kind of value. */
function firstEncoding(all: readonly Encode[]): Encode {
  return (input, value) => {
    for (const encode of all) {
      const found = encode(input, value);
      if (found !== undefined) return found;
    }
    return undefined;
  };
}

/** The first of them that there is. R7804 where there is none. */
async function firstOf(
  engines: Bundle<object>['engines'],
  weights: NamedNumbers,
  wanted: Backend | undefined,
): Promise<Engine> {
  for (const one of engines) {
    const engine = await one.open(weights);
    if (engine !== undefined) return engine;
  }
  throw new RuntimeFault(
    'R7804',
    wanted === undefined ? 'no backend of this bundle runs here' : `${wanted} does not run here`,
    'load it without naming a backend, or build it with more of them',
  );
}

/** What streams run on: a GPU answers too late for single steps. */
async function directOf<Features>(
  { engines }: Bundle<Features>,
  opened: Engine,
  weights: NamedNumbers,
): Promise<DirectEngine> {
  if (isDirect(opened)) return opened;
  const engine = await firstOf(
    engines.filter(({ backend }) => backend !== 'webgpu'),
    weights,
    undefined,
  );
  if (isDirect(engine)) return engine;
  throw new Error(`${engine.backend} does not answer at once`);
}

function isDirect(engine: Engine): engine is DirectEngine {
  return 'runNow' in engine;
}

function isList(asked: Example | readonly Example[]): asked is readonly Example[] {
  return Array.isArray(asked);
}

/**
 * Faults of the machine, T6…, and not of the inputs. By the code alone: a module that is loaded
 * later on has a `RuntimeFault` of its own.
 */
function isMachine(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^T\d{4}$/.test(String(error.code));
}

function bytesOf(
  given: LoadOptions['weights'],
  files: BundleFiles,
): Uint8Array | Promise<Uint8Array> {
  if (given === undefined) return files.weights();
  return given instanceof Uint8Array ? given : readFile(addressOf(given, files.base));
}
