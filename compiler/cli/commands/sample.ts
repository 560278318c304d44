/** `gatework sample DIR`: new sequences from a trained language model, one a line. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import { checkEngine } from '../engine.ts';
import { wholeNumber, type SpecOptions } from '../options.ts';
import { print, printJson } from '../output.ts';
import { trainedOptions } from '../training/options.ts';
import { drawSamples } from '../training/sampler.ts';
import { openTrained, type TrainedModelOptions } from '../training/trained-model.ts';

interface SampleOptions extends SpecOptions, TrainedModelOptions {
  readonly count: number;
  readonly length: number;
  readonly seed: number;
  readonly temperature: number;
  readonly topK?: number;
  readonly prefix: string;
}

export function define(command: Command): void {
  trainedOptions(command)
    .option('--count <n>', 'how many', wholeNumber, 10)
    .option('--temperature <t>', '1 draws as the model says, 0 takes the likeliest', positive, 1)
    .option('--top-k <k>', 'draw among the k likeliest tokens only', wholeNumber)
    .addOption(new Option('--prefix <text>', 'how every sample begins').default('', 'empty'))
    .option('--length <n>', 'most tokens of a sample', wholeNumber, 200)
    .option('--seed <n>', 'the same seed gives the same samples', wholeNumber, 1)
    .action(sample);
}

async function sample(spec: string, options: SampleOptions): Promise<void> {
  checkEngine(options);
  const trained = await openTrained(spec, options);
  const samples = await drawSamples(trained, options, options);
  if (options.json === true) printJson({ ok: true, model: trained.model.name, samples });
  else if (samples.length > 0) print(samples.map((s) => s.text).join('\n'));
}

function positive(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value < Infinity) return value;
  throw new InvalidArgumentError('expected a number from 0.');
}
