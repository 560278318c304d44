/** Arguments and options that several commands share, with what they mean once parsed. */
import { Option, InvalidArgumentError, type Command } from 'commander';
import type { WasmForm } from '../../runtime/wasm/features.ts';

export interface SpecOptions {
  readonly dim: ReadonlyMap<string, number>;
  readonly json?: boolean;
}

export interface EngineOptions {
  readonly backend: Backend;
  readonly dtype: 'f32' | 'f64';
  /** Stop at the first NaN or infinity, and say which layer made it. */
  readonly checkNan?: boolean;
  readonly schedule?: 'auto' | 'steps' | 'persistent';
  /** Of WebAssembly; one if not said. */
  readonly threads?: number;
  /** How WebAssembly writes vectors; the best that there is if not said. */
  readonly form?: WasmForm;
}

/** What is said of the engine, among other options. */
export function engineOf(options: EngineOptions): EngineOptions {
  const { backend, dtype, checkNan, schedule, threads, form } = options;
  return {
    backend,
    dtype,
    ...(checkNan === undefined ? {} : { checkNan }),
    ...(schedule === undefined ? {} : { schedule }),
    ...(threads === undefined ? {} : { threads }),
    ...(form === undefined ? {} : { form }),
  };
}

export type Backend = 'interpreter' | 'javascript' | 'wasm' | 'webgpu';

export interface TensorOptions {
  readonly weights?: string;
  readonly input: string;
  readonly output: string;
  /** Seed for initial weights where no `--weights` are given. */
  readonly init?: number;
}

const anySpec = 'a .gate or .yaml file, a pipeline in quotes, or the folder of a trained model';

/** `SPEC`, `--dim`, `--json`. */
export function specOptions(command: Command, spec = anySpec): Command {
  return command
    .argument('<spec>', spec)
    .addOption(
      new Option('--dim <NAME=N>', 'bind a dimension; may be repeated')
        .default(new Map(), 'none')
        .argParser(collectDim),
    )
    .option('--json', 'one machine-readable document on stdout');
}

/** `--backend`, `--threads`, `--form`, `--dtype`, `--schedule`, `--check-nan`. */
export function engineOptions(command: Command): Command {
  return wasmOptions(
    command
      .addOption(
        new Option('--backend <name>', 'what computes; for f64 the interpreter, unless said')
          .choices(['wasm', 'javascript', 'interpreter', 'webgpu'])
          .default('wasm'),
      )
      .addOption(new Option('--dtype <type>', 'precision').choices(['f32', 'f64']).default('f32')),
  )
    .addOption(
      new Option('--schedule <form>', 'webgpu: loops over time as a dispatch a step, or as one')
        .choices(['auto', 'steps', 'persistent'])
        .default('auto'),
    )
    .option('--check-nan', 'webgpu: stop at the first NaN or infinity and say where; slow')
    .hook('preAction', (_, called) => {
      const isUnsaid = called.getOptionValueSource('backend') === 'default';
      // Only the interpreter computes in f64.
      if (isUnsaid && called.getOptionValue('dtype') === 'f64') {
        called.setOptionValue('backend', 'interpreter');
      }
    });
}

/** `--threads`, `--form`. */
export function wasmOptions(command: Command): Command {
  return command
    .option('--threads <n>', 'wasm: threads that share the work; one if left out', threadCount)
    .addOption(
      new Option('--form <name>', 'wasm: vectors with relaxed multiply-adds, without, or none')
        .choices(['relaxed', 'simd', 'scalar'])
        .default(undefined, 'the best there is'),
    );
}

/** `--weights`, `--init`, `--input`, `--output`. */
export function tensorOptions(command: Command): Command {
  return command
    .option('--weights <file>', 'safetensors: our own names or a PyTorch state_dict')
    .addOption(
      new Option('--init <seed>', 'initial weights from a seed, instead of --weights')
        .argParser(wholeNumber)
        .conflicts('weights'),
    )
    .requiredOption('--input <file>', 'safetensors: one tensor an input, by name')
    .requiredOption('--output <file>', 'safetensors, written when all is well');
}

/** `512MB`, `1.5GB`, `300000`: bytes. */
export function byteCount(text: string): number {
  const [, digits, unit = 'B'] = /^(\d+(?:\.\d+)?)\s*([kMG]?B)?$/i.exec(text) ?? [];
  const scale = { b: 1, kb: 1e3, mb: 1e6, gb: 1e9 }[unit.toLowerCase()];
  if (digits === undefined || scale === undefined) {
    throw new InvalidArgumentError('expected a number of bytes such as 512MB or 2GB.');
  }
  return Math.floor(Number(digits) * scale);
}

export function wholeNumber(text: string): number {
  const value = Number(text.replaceAll('_', ''));
  if (!/^[\d_]+$/.test(text) || value > 0xffffffff) {
    throw new InvalidArgumentError('expected a whole number from 0 to 4294967295.');
  }
  return value;
}

function threadCount(text: string): number {
  const count = /^\d+$/.test(text) ? Number(text) : NaN;
  if (!(count >= 1 && count <= 64))
    throw new InvalidArgumentError('expected a whole number from 1 to 64.');
  return count;
}

function collectDim(text: string, known: ReadonlyMap<string, number>): Map<string, number> {
  const [, name, digits] = /^([^\s=]+)=([\d_]+)$/.exec(text) ?? [];
  const value = Number((digits ?? '').replaceAll('_', ''));
  if (name === undefined || value < 1 || value > 0x7fffffff) {
    throw new InvalidArgumentError('expected NAME=N with N from 1 to 2147483647.');
  }
  return new Map([...known, [name, value]]);
}
