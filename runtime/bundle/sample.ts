/** New text from a language model, token after token. */
import { drawToken } from '../text/sampling.ts';
import { endId, unknownId, type Vocabulary } from '../text/vocabulary.ts';
import type { Numbers } from './engine.ts';
import type { OpenedBundle } from './load.ts';
import { beginAt, carry } from './stream.ts';

export interface SampleOptions {
  /** How it begins; what is yielded comes after it. */
  readonly prefix?: string;
  /** 1 draws as the model says, 0 takes the likeliest; 1 if left out. */
  readonly temperature?: number;
  /** Draw among so many likeliest tokens. */
  readonly topK?: number;
  /** Most tokens; 200 if left out. */
  readonly length?: number;
  /** The same seed gives the same text; 1 if left out. */
  readonly seed?: number;
}

export interface SampledText {
  readonly input: string;
  readonly output: string;
  readonly vocabulary: Vocabulary;
  /** Whether it was trained on one stream, where a text follows the end of another. */
  readonly stream: boolean;
}

/** How long others wait for their turn, in milliseconds. */
const turnMs = 10;

/**
 * Each token's text, as it is drawn, up to the end that the model gives it. Of words, with the
 * space before it. Faults: R7208 for options that make no sense.
 */
export async function* sample(
  { described, engine }: Pick<OpenedBundle, 'described' | 'engine'>,
  { input, output, vocabulary, stream }: SampledText,
  options: SampleOptions = {},
): AsyncGenerator<string, void> {
  const { prefix = '', temperature = 1, topK, length = 200, seed = 1 } = options;
  const states = beginAt(described, {});
  const [lengths] = described.lengths;
  const run = (ids: readonly number[]): ReadonlyMap<string, Numbers> => {
    const inputs = new Map<string, Numbers>([...states, [input, Int32Array.from(ids)]]);
    if (lengths !== undefined) inputs.set(lengths.name, Int32Array.of(ids.length));
    for (const { name, count } of described.zeros) inputs.set(name, new Int32Array(count));
    const sizes = described.symbols.map((symbol) => (symbol === 'B' ? 1 : ids.length));
    return engine.runNow(sizes, inputs);
  };
  const read = [...(stream ? [endId] : []), ...vocabulary.encode(prefix)];
  if (read.length > 0) carry(described, states, run(read));
  const drawn = [...vocabulary.encode(prefix)];
  let told = vocabulary.decode(drawn).length;
  let since = performance.now();
  for (let step = 0; step < length; step++) {
    // What comes next follows from the states alone: any token shows it.
    const probabilities = run([endId]).get(output) ?? new Float32Array();
    const nameless = Array.from(
      { length: Math.max(0, probabilities.length - vocabulary.size) },
      (_, i) => vocabulary.size + i,
    );
    const how = { temperature, never: [unknownId, ...nameless] };
    const limited = topK === undefined ? how : { ...how, topK };
    const id = drawToken(probabilities, limited, { seed, row: 0, step });
    if (id === endId) return;
    carry(described, states, run([id]));
    drawn.push(id);
    const text = vocabulary.decode(drawn);
    yield text.slice(told);
    told = text.length;
    // A long text leaves others their turn: a page that is asked for 60 pictures a second, say.
    if (performance.now() - since > turnMs) {
      await new Promise((resolve) => setTimeout(resolve));
      since = performance.now();
    }
  }
}
