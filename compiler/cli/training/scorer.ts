/**
 * log P of texts under a language model: each text alone, with `<EOS>` at its end, so that texts of
 * any length can be compared.
 */
import { RuntimeFault } from '../../../runtime/artifact/executable.ts';
import { padExamples } from '../../../runtime/train/batches.ts';
import { perplexity } from '../../../runtime/train/metrics.ts';
import { initialStates, readTallies } from '../../../runtime/train/step.ts';
import { tokenize } from '../../../runtime/text/tokenize.ts';
import { endId, unknownId, type Vocabulary } from '../../../runtime/text/vocabulary.ts';
import type { EngineOptions } from '../options.ts';
import { encodeExamples, fieldsOf } from './encode.ts';
import { lossExecutable, trainingProgram } from './program.ts';
import { needText, type TrainedModel } from './trained-model.ts';

export interface Score {
  readonly text: string;
  /** Natural logarithm of the text's probability, `<EOS>` included. */
  readonly logProbability: number;
  /** e to the mean negative log probability of a token. */
  readonly perplexity: number;
  /** `<EOS>` included. */
  readonly tokens: number;
  /** Tokens that training never saw; they count as `<UNK>`. */
  readonly unknown: readonly string[];
}

/** R7607 where the model is no language model or has no vocabulary. */
export async function scoreTexts(
  trained: TrainedModel,
  engine: EngineOptions,
  texts: readonly string[],
): Promise<Score[]> {
  const { format, codec } = needText(trained);
  const { model, bindings, weights, record } = trained;
  const at = model.metrics.findIndex((m) => m.name === 'nats');
  if (format.kind !== 'sequences' || at < 0) {
    throw new RuntimeFault(
      'R7607',
      `${model.name} is no language model: score needs one text and loss crossEntropy(next, text)`,
    );
  }
  const program = trainingProgram(model, bindings, engine.dtype);
  const executable = await lossExecutable(model, engine, bindings);
  const fields = fieldsOf(format);
  // A model of one stream has seen every line after the end of another: `<EOS>` goes before it.
  const stream = record?.settings.truncate !== undefined;
  const scores: Score[] = [];
  for (const [i, text] of texts.entries()) {
    const [ids = new Int32Array()] =
      encodeExamples(format, [{ text, labels: [], line: i + 1 }], codec, '')[0] ?? [];
    let states = initialStates(program, new Map(), padExamples(fields, [[ids]]));
    if (stream) {
      const start = padExamples(fields, [[Int32Array.of(endId)]]);
      const results = await executable.run(new Map([...start.inputs, ...weights, ...states]));
      states = new Map(
        program.states.flatMap(({ initial, final }) => {
          const array = results.get(final);
          return array === undefined ? [] : [[initial, array] as const];
        }),
      );
    }
    const { inputs } = padExamples(fields, [[ids]]);
    const results = await executable.run(new Map([...inputs, ...weights, ...states]));
    const nats = readTallies(program, results)[at] ?? { sum: NaN, count: 0 };
    scores.push({
      text,
      logProbability: -nats.sum,
      perplexity: perplexity(nats),
      tokens: ids.length,
      unknown: unknownTokens(text, codec.vocabulary),
    });
  }
  return scores;
}

function unknownTokens(text: string, vocabulary: Vocabulary): string[] {
  const tokens = tokenize(text, vocabulary.kind);
  return [...new Set(tokens.filter((token) => vocabulary.id(token) === unknownId))];
}
