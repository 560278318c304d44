/** `gatework score DIR TEXT…`: log P and perplexity of each text or line. */
import type { Command } from 'commander';
import { textLines } from '../../../runtime/text/datasets.ts';
import { checkEngine } from '../engine.ts';
import { UsageError } from '../failure.ts';
import { readText } from '../files.ts';
import type { SpecOptions } from '../options.ts';
import { print, printJson } from '../output.ts';
import { table } from '../table.ts';
import { trainedOptions } from '../training/options.ts';
import { scoreTexts, type Score } from '../training/scorer.ts';
import { openTrained, type TrainedModelOptions } from '../training/trained-model.ts';

interface ScoreOptions extends SpecOptions, TrainedModelOptions {
  readonly data?: string;
}

export function define(command: Command): void {
  trainedOptions(command)
    .argument('[text...]', 'texts to compare')
    .option('--data <file>', 'a file with one text a line')
    .action(score);
}

async function score(spec: string, texts: readonly string[], options: ScoreOptions): Promise<void> {
  checkEngine(options);
  const { data } = options;
  if (texts.length === 0 && data === undefined) {
    throw new UsageError('nothing to score: give texts in quotes, or --data FILE');
  }
  const lines = data === undefined ? [] : textLines(readText(data), data).map((l) => l.text);
  const trained = await openTrained(spec, options);
  const scores = await scoreTexts(trained, options, [...texts, ...lines]);
  if (options.json === true) printJson({ ok: true, model: trained.model.name, scores });
  else print(describe(scores));
}

function describe(scores: readonly Score[]): string {
  const rows = scores.map((s) => [s.logProbability.toFixed(3), s.perplexity.toFixed(3), s.text]);
  const unknown = [...new Set(scores.flatMap((s) => s.unknown))];
  const named = unknown.map((token) => JSON.stringify(token)).join(', ');
  return [
    table(['log P', 'perplexity', 'text'], rows, [0, 1]),
    ...(unknown.length === 0 ? [] : [`not in the vocabulary, counted as <UNK>: ${named}`]),
  ].join('\n');
}
