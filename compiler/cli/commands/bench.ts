/**
 * `gatework bench SPEC`: how long a call takes on fresh weights and random data, on each backend of
 * this machine. `--train` times an update, `--stream` one time step after another.
 */
import { InvalidArgumentError, Option, type Command } from 'commander';
import { benchBackends, type BenchOutcome } from '../bench/backends.ts';
import { describeResult, resultDocument } from '../bench/result.ts';
import { openSubject } from '../bench/subject.ts';
import { exitCodes, UsageError } from '../failure.ts';
import {
  specOptions,
  wasmOptions,
  wholeNumber,
  type Backend,
  type EngineOptions,
  type SpecOptions,
} from '../options.ts';
import { print, printJson } from '../output.ts';

interface BenchCommandOptions extends SpecOptions, Pick<EngineOptions, 'threads' | 'form'> {
  readonly backend?: readonly Backend[];
  readonly train?: boolean;
  readonly stream?: boolean;
  readonly reps?: number;
  readonly profile?: boolean;
}

const backends: readonly Backend[] = ['wasm', 'javascript', 'interpreter', 'webgpu'];

export function define(command: Command): void {
  wasmOptions(specOptions(command))
    .addOption(
      new Option(
        '--backend <name>',
        `${backends.join(', ')}; may be repeated; all if left out`,
      ).argParser(collectBackend),
    )
    .option('--train', 'an update: forward, backward, optimizer')
    .addOption(
      new Option('--stream', 'one time step a call, its state carried on').conflicts('train'),
    )
    .option('--reps <n>', 'calls; at least seven and for two seconds if left out', calls)
    .option('--profile', 'the time of each kernel, of wasm and webgpu')
    .action(bench);
}

async function bench(spec: string, options: BenchCommandOptions): Promise<void> {
  const { train = false, stream = false, reps, profile = false, threads, form } = options;
  const chosen = options.backend ?? backends;
  if (!chosen.includes('wasm') && threads !== undefined) {
    throw new UsageError('--threads needs --backend wasm');
  }
  if (!chosen.includes('wasm') && form !== undefined) {
    throw new UsageError('--form needs --backend wasm');
  }
  const mode = train ? 'train' : stream ? 'stream' : 'run';
  const subject = await openSubject(spec, options.dim, mode);
  const outcome = await benchBackends(subject, chosen, {
    reps,
    profile,
    ...(threads === undefined ? {} : { threads }),
    ...(form === undefined ? {} : { form }),
  });
  const ok = outcome.results.length > 0;
  if (options.json === true) {
    const { skipped } = outcome;
    printJson({ ok, results: outcome.results.map(resultDocument), skipped });
  } else {
    print(describe(outcome));
  }
  if (!ok) process.exitCode = exitCodes.machine;
}

function describe({ results, skipped }: BenchOutcome): string {
  const notRun = skipped.map(({ backend, reason }) => `${backend}: not run, ${reason}`);
  const parts = [...results.map(describeResult), notRun.join('\n')];
  return parts.filter((part) => part !== '').join('\n\n');
}

function collectBackend(text: string, known: readonly Backend[] = []): readonly Backend[] {
  const backend = backends.find((name) => name === text);
  if (backend === undefined) {
    throw new InvalidArgumentError(`expected one of ${backends.join(', ')}.`);
  }
  return known.includes(backend) ? known : [...known, backend];
}

function calls(text: string): number {
  const count = wholeNumber(text);
  if (count === 0) throw new InvalidArgumentError('expected at least one.');
  return count;
}
