/**
 * A run from its set-up to the files that it leaves: record, checkpoints and log on the way,
 * weights and curve at the end, however it ends.
 */
import { join } from 'node:path';
import { RuntimeFault } from '../../../runtime/artifact/executable.ts';
import { fromNdArrays } from '../../../runtime/tensors/convert.ts';
import { writeSafetensors } from '../../../runtime/tensors/safetensors.ts';
import { logPath, parseLog } from '../../../runtime/train/log.ts';
import { train } from '../../../runtime/train/loop.ts';
import type { TrainResult } from '../../../runtime/train/train-options.ts';
import { drawLossCurve } from '../curve.ts';
import { readText, writeAside } from '../files.ts';
import { openNodeStore } from '../node-store.ts';
import type { ProgressReporter } from '../progress.ts';
import { beginFolder, curveFile, weightsFile } from './run-folder.ts';
import { writeRecord, type TrainingRecord } from './run-record.ts';
import type { RunSetup, TrainRequest } from './setup.ts';

export interface RunWatch {
  readonly progress: ProgressReporter;
  readonly signal: AbortSignal;
}

/** R7301 where the numbers diverge; what was good until then is kept. */
export async function trainRun(
  request: TrainRequest,
  setup: RunSetup,
  watch: RunWatch,
): Promise<TrainResult> {
  const { out, resume, force } = request;
  if (!resume) beginFolder(out, setup.record.model, force);
  const store = openNodeStore(out);
  if (!resume) writeSpecCopy(out, setup);
  writeRecord(out, setup.record);
  try {
    const result = await train({
      ...loopOptions(setup),
      store,
      resume,
      signal: watch.signal,
      onProgress: (progress) => watch.progress.update(progress),
      onWarning: (message) => watch.progress.note(`warning: ${message}`),
    });
    watch.progress.stop();
    await leave(out, setup, result);
    return result;
  } catch (error) {
    watch.progress.stop();
    if (error instanceof RuntimeFault && error.code === 'R7301') {
      writeRecord(out, { ...setup.record, training: diverged(error) });
      await writeCurve(out, setup.record.model);
    }
    throw error;
  }
}

function loopOptions(setup: RunSetup) {
  const { data, settings } = setup;
  const { epochs, steps, seed } = settings;
  return {
    program: setup.program,
    executable: setup.executable,
    training: data.training,
    ...(data.validation === undefined || setup.validation === undefined
      ? {}
      : { validation: { executable: setup.validation, data: data.validation } }),
    weights: setup.weights,
    epochs,
    steps,
    seed,
  };
}

/** Weights first: a record that says `finished` speaks of weights that are there. */
async function leave(out: string, setup: RunSetup, result: TrainResult): Promise<void> {
  const weights = result.best?.weights ?? result.weights;
  const metadata = new Map([
    ['format', 'gatework-weights-1'],
    ['model', setup.record.model],
    ['step', String(result.best?.step ?? result.step)],
  ]);
  writeAside(join(out, weightsFile), writeSafetensors(fromNdArrays(weights), metadata));
  await writeCurve(out, setup.record.model);
  const loss = result.best?.loss ?? result.validation?.loss;
  const training: TrainingRecord = {
    finished: !result.interrupted,
    steps: result.step,
    epochs: result.epoch,
    weights: result.best === undefined ? 'last' : 'best',
    ...(loss !== undefined && Number.isFinite(loss) ? { validationLoss: loss } : {}),
  };
  writeRecord(out, { ...setup.record, training });
}

function diverged(fault: RuntimeFault): TrainingRecord {
  return { finished: false, steps: 0, epochs: 0, weights: 'last', fault: fault.message };
}

async function writeCurve(out: string, title: string): Promise<void> {
  const svg = await drawLossCurve(parseLog(readText(join(out, logPath))), title);
  if (svg !== undefined) writeAside(join(out, curveFile), svg);
}

/** For people: programs read the record, which has the imports too. */
function writeSpecCopy(out: string, { record: { spec } }: RunSetup): void {
  const yaml = /\.ya?ml$/i.test(spec.name);
  writeAside(join(out, yaml ? 'spec.yaml' : 'spec.gate'), spec.text);
}
