/**
 * `gatework grad SPEC --weights W --input IN --output OUT`: what `run` writes, `loss`, and `d/NAME`
 * for every weight, float input and initial state. Dropout drops only with `--seed`.
 */
import type { Command } from 'commander';
import { computeGrad } from '../compute.ts';
import { checkEngine } from '../engine.ts';
import {
  engineOptions,
  specOptions,
  tensorOptions,
  wholeNumber,
  type EngineOptions,
  type SpecOptions,
  type TensorOptions,
} from '../options.ts';
import { compileSpec } from '../spec.ts';
import { readRequest, writeAnswer } from '../tensors.ts';
import { withStoredWeights } from '../training/stored-weights.ts';

interface GradOptions extends SpecOptions, EngineOptions, TensorOptions {
  readonly seed?: number;
}

export function define(command: Command): void {
  engineOptions(tensorOptions(specOptions(command)))
    .option('--seed <n>', 'let dropout drop, with random numbers from this seed', wholeNumber)
    .action(grad);
}

async function grad(spec: string, options: GradOptions): Promise<void> {
  checkEngine(options);
  const mode = options.seed === undefined ? 'inference' : 'training';
  const model = await compileSpec(spec, { dims: options.dim, mode });
  const { seed } = options;
  const read = withStoredWeights(spec, readRequest(options));
  const request = { ...read, ...(seed === undefined ? {} : { seed }) };
  writeAnswer(options, await computeGrad(model, request));
}
