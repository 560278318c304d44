/** What a finished or stopped run has to say, for people and as JSON. */
import { join } from 'node:path';
import {
  parseLog,
  logPath,
  type EpochRecord,
  type StepRecord,
} from '../../../runtime/train/log.ts';
import type { MetricValues } from '../../../runtime/train/metrics.ts';
import type { TrainResult } from '../../../runtime/train/train-options.ts';
import { readText } from '../files.ts';
import { curveFile, weightsFile } from './run-folder.ts';
import type { RunSetup, TrainRequest } from './setup.ts';

export interface Outcome {
  readonly request: TrainRequest;
  readonly setup: RunSetup;
  readonly result: TrainResult;
  readonly seconds: number;
}

export function outcomeDocument({ request, setup, result, seconds }: Outcome): object {
  const last = lastLoss(request.out);
  return {
    ok: !result.interrupted,
    interrupted: result.interrupted,
    model: setup.record.model,
    out: request.out,
    steps: result.step,
    epochs: result.epoch,
    seconds,
    ...(last === undefined ? {} : { loss: last.loss, metrics: last.metrics }),
    ...(result.validation === undefined
      ? {}
      : { validation: { loss: result.validation.loss, metrics: result.validation.metrics } }),
    ...(result.best === undefined
      ? {}
      : { best: { loss: result.best.loss, step: result.best.step, epoch: result.best.epoch } }),
    files: {
      weights: join(request.out, weightsFile),
      curve: join(request.out, curveFile),
      log: join(request.out, logPath),
    },
  };
}

export function describeOutcome(outcome: Outcome): string {
  const { request, setup, result, seconds } = outcome;
  const last = lastLoss(request.out);
  const lines = [
    `${setup.record.model}: ${result.interrupted ? 'stopped after' : 'trained for'} ` +
      `${counted(result.step, 'step')} (${counted(result.epoch, 'epoch')}) ` +
      `in ${seconds.toFixed(1)} s`,
  ];
  if (last !== undefined) lines.push(`  training    loss ${figures(last.loss, last.metrics)}`);
  const { validation, best } = result;
  if (validation !== undefined) {
    lines.push(`  validation  loss ${figures(validation.loss, validation.metrics)}`);
  }
  if (best !== undefined && best.step !== result.step) {
    lines.push(
      `  kept        the weights of step ${best.step}, validation loss ${short(best.loss)}`,
    );
  }
  lines.push(`  ${request.out}: ${weightsFile}, ${curveFile}, ${logPath}`);
  if (result.interrupted) lines.push('  --resume goes on from here');
  return lines.join('\n');
}

export function figures(loss: number, metrics: MetricValues): string {
  const others = Object.entries(metrics).map(([label, value]) =>
    label.startsWith('accuracy') || label.endsWith('accuracy')
      ? `${label} ${(100 * value).toFixed(1)}%`
      : `${label} ${short(value)}`,
  );
  return [short(loss), ...others].join(', ');
}

/** Four figures, zeros too. */
function short(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  return Math.abs(value) >= 1000 ? value.toFixed(0) : value.toPrecision(4);
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Of the last whole epoch, or of the last step where there was none. */
function lastLoss(out: string): EpochRecord | StepRecord | undefined {
  const records = parseLog(readText(join(out, logPath)));
  return records.findLast((r) => r.kind === 'epoch') ?? records.findLast((r) => r.kind === 'step');
}
