/**
 * `gatework train SPEC --data PATH`: trains and leaves a folder with weights, record, checkpoint,
 * log and loss curve. Ctrl-C saves and exits 130; `--resume` goes on as if nothing had happened.
 */
import { InvalidArgumentError, type Command } from 'commander';
import type { TrainResult } from '../../../runtime/train/train-options.ts';
import type { SettingValue } from '../../graph/model.ts';
import { checkEngine } from '../engine.ts';
import { UsageError } from '../failure.ts';
import {
  byteCount,
  engineOf,
  engineOptions,
  specOptions,
  wholeNumber,
  type EngineOptions,
  type SpecOptions,
} from '../options.ts';
import { note, print, printJson } from '../output.ts';
import { progressReporter } from '../progress.ts';
import { describeOutcome, outcomeDocument } from '../training/outcome.ts';
import { trainRun } from '../training/run.ts';
import { setUpRun, type TrainRequest } from '../training/setup.ts';

interface TrainCommandOptions extends SpecOptions, EngineOptions {
  readonly data: string;
  readonly out: string;
  readonly steps?: number;
  readonly epochs?: number;
  readonly batch?: number;
  readonly seed?: number;
  readonly validation?: number | string;
  readonly memory?: number;
  readonly weights?: string;
  readonly resume?: boolean;
  readonly force?: boolean;
  readonly quiet?: boolean;
}

export function define(command: Command): void {
  engineOptions(specOptions(command))
    .requiredOption('--data <path>', 'text, tagged text, TSV, CSV, JSONL or safetensors')
    .option('--out <dir>', 'folder for the model, its log and its checkpoints', 'out')
    .option('--steps <n>', 'stop after so many updates in all', wholeNumber)
    .option('--epochs <n>', 'stop after so many rounds through the data', wholeNumber)
    .option('--batch <n>', 'examples of one update', wholeNumber)
    .option('--seed <n>', 'of first weights, order and dropout', wholeNumber)
    .option('--validation <part>', 'a fraction of the data, or a file of its own', fractionOrFile)
    .option(
      '--memory <size>',
      'wasm, webgpu: memory that a step may take, such as 512MB',
      byteCount,
    )
    .option('--weights <file>', 'begin with these: our own names or a PyTorch state_dict')
    .option('--resume', 'go on with the run in --out, to the same bits as if never stopped')
    .option('--force', 'begin anew, even over another model or a run that was stopped')
    .option('--quiet', 'no progress')
    .action(trainCommand);
}

async function trainCommand(spec: string, options: TrainCommandOptions): Promise<void> {
  checkEngine(options);
  const request = asRequest(spec, options);
  const quiet = options.quiet === true;
  const setup = await setUpRun(request);
  if (!quiet) for (const line of setup.data.notes) note(`note: ${line}`);
  const stop = stopOnSignals();
  const started = performance.now();
  const result: TrainResult = await trainRun(request, setup, {
    progress: progressReporter({ quiet }),
    signal: stop.signal,
  });
  stop.release();
  const outcome = { request, setup, result, seconds: (performance.now() - started) / 1000 };
  if (options.json === true) printJson(outcomeDocument(outcome));
  else if (!quiet) print(describeOutcome(outcome));
  if (result.interrupted) process.exitCode = stop.exitCode();
}

function asRequest(spec: string, options: TrainCommandOptions): TrainRequest {
  const { data, out, dim, memory, weights, resume = false, force = false } = options;
  if (memory !== undefined && options.backend === 'interpreter') {
    throw new UsageError('--memory needs --backend wasm or webgpu');
  }
  if (out === '') throw new UsageError('--out needs the name of a folder');
  if (resume && weights !== undefined) {
    throw new UsageError('--resume takes the weights of the checkpoint: leave --weights out');
  }
  const names = ['steps', 'epochs', 'batch', 'seed', 'validation'] as const;
  const flags = new Map<string, SettingValue>();
  for (const name of names) {
    const value = options[name];
    if (value !== undefined) flags.set(name, value);
  }
  return {
    spec,
    data,
    out,
    dims: dim,
    engine: engineOf(options),
    ...(memory === undefined ? {} : { memory }),
    resume,
    force,
    flags,
    ...(weights === undefined ? {} : { weights }),
  };
}

function fractionOrFile(text: string): number | string {
  const value = Number(text);
  if (text.trim() === '') throw new InvalidArgumentError('expected a fraction or a file.');
  return Number.isNaN(value) ? text : value;
}

/** The first signal lets the step that runs finish; a second one ends the process at once. */
function stopOnSignals(): {
  readonly signal: AbortSignal;
  exitCode(): number;
  release(): void;
} {
  const controller = new AbortController();
  let code = 130;
  const stopWith = (exitCode: number) => (): void => {
    if (controller.signal.aborted) process.exit(exitCode);
    code = exitCode;
    controller.abort();
  };
  const [interrupt, terminate] = [stopWith(130), stopWith(143)];
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', terminate);
  return {
    signal: controller.signal,
    exitCode: () => code,
    release: () => {
      process.off('SIGINT', interrupt);
      process.off('SIGTERM', terminate);
    },
  };
}
