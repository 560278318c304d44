/** `gatework run SPEC --weights W --input IN --output OUT`: outputs and final states. */
import type { Command } from 'commander';
import { computeRun } from '../compute.ts';
import { checkEngine } from '../engine.ts';
import {
  engineOptions,
  specOptions,
  tensorOptions,
  type EngineOptions,
  type SpecOptions,
  type TensorOptions,
} from '../options.ts';
import { compileSpec } from '../spec.ts';
import { readRequest, writeAnswer } from '../tensors.ts';
import { withStoredWeights } from '../training/stored-weights.ts';

export function define(command: Command): void {
  engineOptions(tensorOptions(specOptions(command))).action(run);
}

async function run(
  spec: string,
  options: SpecOptions & EngineOptions & TensorOptions,
): Promise<void> {
  checkEngine(options);
  const model = await compileSpec(spec, { dims: options.dim, mode: 'inference' });
  const request = withStoredWeights(spec, readRequest(options));
  writeAnswer(options, await computeRun(model, request));
}
