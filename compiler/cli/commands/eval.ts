/** `gatework eval DIR --data PATH`: loss and metrics of a trained model on data. */
import type { Command } from 'commander';
import { checkEngine } from '../engine.ts';
import { wholeNumber, type SpecOptions } from '../options.ts';
import { print, printJson } from '../output.ts';
import { readData } from '../training/data-file.ts';
import { evaluateOn, type DataScores } from '../training/evaluation.ts';
import { trainedOptions } from '../training/options.ts';
import { figures } from '../training/outcome.ts';
import { openTrained, type TrainedModelOptions } from '../training/trained-model.ts';

interface EvalOptions extends SpecOptions, TrainedModelOptions {
  readonly data: string;
  readonly batch: number;
}

export function define(command: Command): void {
  trainedOptions(command)
    .requiredOption('--data <path>', 'in the form that the model was trained on, or safetensors')
    .option('--batch <n>', 'examples at a time', wholeNumber, 32)
    .action(evaluateCommand);
}

async function evaluateCommand(spec: string, options: EvalOptions): Promise<void> {
  checkEngine(options);
  const trained = await openTrained(spec, options);
  const scores = await evaluateOn(trained, options, readData(options.data), options.batch);
  if (options.json === true) printJson({ ok: true, model: trained.model.name, ...scores });
  else print(describe(trained.model.name, scores));
}

function describe(model: string, { loss, metrics, tags, tokens }: DataScores): string {
  const lines = [`${model}: loss ${figures(loss, metrics)}, over ${tokens} tokens`];
  if (tags !== undefined) {
    const { precision, recall, f1 } = tags;
    lines.push(
      `  spans: precision ${precision.toFixed(3)}, recall ${recall.toFixed(3)}, F1 ${f1.toFixed(3)}`,
    );
  }
  return lines.join('\n');
}
