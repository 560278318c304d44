/**
 * New sequences from a language model: one time step at a time, states carried, all samples as rows
 * of one batch. The model reads its own input one step late, so that the distribution of the next
 * token follows from the state alone: any token shows it, and running the drawn one gives the next
 * state.
 */
import { RuntimeFault, type KeptState } from '../../../runtime/artifact/executable.ts';
import type { NdArray } from '../../../runtime/artifact/nd-array.ts';
import { drawToken, type SamplingOptions } from '../../../runtime/text/sampling.ts';
import { keepState } from '../../../runtime/train/keep.ts';
import { endId, unknownId } from '../../../runtime/text/vocabulary.ts';
import { evaluateShape, type Bindings } from '../../graph/dim.ts';
import type { Model, ModelOutput } from '../../graph/model.ts';
import { inferenceGraph } from '../../pipeline.ts';
import { graphUse, loadEngine } from '../engine.ts';
import type { EngineOptions } from '../options.ts';
import type { TextInput } from './data-format.ts';
import { nextTokenOutput } from './language-model.ts';
import { needText, type TrainedModel } from './trained-model.ts';

type Arrays = ReadonlyMap<string, NdArray>;

export interface SampleRequest {
  readonly count: number;
  /** Most tokens of a sample, the prefix not counted. */
  readonly length: number;
  readonly seed: number;
  readonly temperature: number;
  readonly topK?: number;
  readonly prefix: string;
}

export interface Sample {
  /** The prefix and what was drawn, without `<EOS>`. */
  readonly text: string;
  readonly ids: readonly number[];
  /** Whether `<EOS>` was drawn. */
  readonly ended: boolean;
}

/** R7606 where the model cannot be sampled from, R7607 without a vocabulary, R7208 for options. */
export async function drawSamples(
  trained: TrainedModel,
  engine: EngineOptions,
  request: SampleRequest,
): Promise<Sample[]> {
  const { format, codec } = needText(trained);
  const { vocabulary } = codec;
  const stepper = await Stepper.open(trained, engine, format.text);
  await checkCausal(stepper, vocabulary.size);
  const prefix = [...vocabulary.encode(request.prefix)];
  // A model that was trained on one stream has seen every line after the end of another.
  const stream = trained.record?.settings.truncate !== undefined;
  const begin = stream ? [endId, ...prefix] : prefix;
  let states = stepper.zeroStates(request.count);
  if (begin.length > 0) {
    states = (await stepper.run(states, new Array(request.count).fill(begin))).states;
  }
  const drawn: number[][] = Array.from({ length: request.count }, () => []);
  const ended = new Array<boolean>(request.count).fill(false);
  const options = drawOptions(request, vocabulary.size, stepper.width);
  for (let step = 0; step < request.length && ended.includes(false); step++) {
    const any = ended.map(() => [endId]);
    const { probabilities } = await stepper.run(states, any);
    const next = ended.map((done, row) => {
      if (done) return endId;
      const place = { seed: request.seed, row, step };
      return drawToken(lastStepOf(probabilities, row), options, place);
    });
    next.forEach((id, row) => {
      if (id === endId) ended[row] = true;
      else drawn[row]?.push(id);
    });
    states = (
      await stepper.run(
        states,
        next.map((id) => [id]),
      )
    ).states;
  }
  return drawn.map((ids, row) => {
    const all = [...prefix, ...ids];
    return { text: vocabulary.decode(all), ids: all, ended: ended[row] === true };
  });
}

function drawOptions(request: SampleRequest, known: number, width: number): SamplingOptions {
  // A spec may have room for more ids than the training text had tokens.
  const nameless = Array.from({ length: Math.max(0, width - known) }, (_, i) => known + i);
  const { temperature, topK } = request;
  const never = [unknownId, ...nameless];
  return { temperature, never, ...(topK === undefined ? {} : { topK }) };
}

/** Runs time steps from given states; the weights stay where they run. */
class Stepper {
  /** Probabilities a token. */
  readonly width: number;
  private readonly model: Model;
  private readonly kept: KeptState;
  private readonly wanted: readonly string[];
  private readonly bindings: Bindings;
  private readonly text: TextInput;
  private readonly output: ModelOutput;

  private constructor(
    trained: TrainedModel,
    kept: KeptState,
    text: TextInput,
    output: ModelOutput,
  ) {
    this.model = trained.model;
    this.bindings = trained.bindings;
    this.kept = kept;
    this.wanted = [output.name, ...trained.model.states.map((s) => s.final)];
    this.text = text;
    this.output = output;
    this.width = evaluateShape(output.type.shape.slice(2), trained.bindings)[0] ?? 0;
  }

  static async open(
    trained: TrainedModel,
    engine: EngineOptions,
    text: TextInput,
  ): Promise<Stepper> {
    const { model } = trained;
    const output = nextTokenOutput(model, text);
    if (model.inputs.length > 1 || output === undefined) {
      throw cannotSample(model, 'it has no output with a probability for each token of its text');
    }
    const graph = inferenceGraph(model, graphUse(engine));
    const { bindings, weights } = trained;
    const executable = await loadEngine(graph, engine, { model, bindings });
    const kept = await keepState(executable, new Map([...weights.keys()].map((w) => [w, w])));
    kept.write(weights);
    return new Stepper(trained, kept, text, output);
  }

  get name(): string {
    return this.model.name;
  }

  zeroStates(rows: number): Arrays {
    return new Map(
      this.model.states.map(({ initial, type }) => {
        const shape = evaluateShape(type.shape, new Map([...this.bindings, ['B', rows]]));
        const size = shape.reduce((n, extent) => n * extent, 1);
        const int = type.dtype === 'int';
        const data = int ? new Int32Array(size) : new Float64Array(size);
        return [initial, { dtype: int ? 'int' : 'float', shape, data }];
      }),
    );
  }

  /** Tokens of each row, all equally many. Probabilities [B, T, ids]. */
  async run(
    states: Arrays,
    tokens: readonly (readonly number[])[],
  ): Promise<{ readonly probabilities: NdArray; readonly states: Arrays }> {
    const [rows, time] = [tokens.length, tokens[0]?.length ?? 0];
    const lengths = new Int32Array(rows).fill(time);
    const ids = Int32Array.from(tokens.flat());
    const inputs = new Map<string, NdArray>([
      ...states,
      [this.text.name, { dtype: 'int', shape: [rows, time], data: ids }],
      [this.text.lengths, { dtype: 'int', shape: [rows], data: lengths }],
    ]);
    const results = await this.kept.run(inputs, this.wanted);
    const probabilities = results.get(this.output.name);
    if (probabilities === undefined) throw cannotSample(this.model, 'it yields no probabilities');
    const next = this.model.states.flatMap(({ initial, final }) => {
      const array = results.get(final);
      return array === undefined ? [] : [[initial, array] as const];
    });
    return { probabilities, states: new Map(next) };
  }
}

/**
 * The distribution of a token must not depend on that token, and three steps at once must be three
 * steps one by one: it is tried, since no look at the layers would tell.
 */
async function checkCausal(stepper: Stepper, known: number): Promise<void> {
  const [a, b, c] = [endId, Math.min(2, known - 1), known - 1];
  const zero = stepper.zeroStates(1);
  const whole = await stepper.run(zero, [[c, b, c]]);
  const other = await stepper.run(zero, [[c, b, a]]);
  let { states } = await stepper.run(zero, [[c]]);
  states = (await stepper.run(states, [[b]])).states;
  const single = await stepper.run(states, [[a]]);
  const expected = lastStepOf(whole.probabilities, 0);
  const seesItself = a !== c && !alike(expected, lastStepOf(other.probabilities, 0));
  if (seesItself) {
    throw cannotSample(
      { name: stepper.name },
      'the probabilities of a token depend on that token itself',
      'let the model read its text one step late: text<t-1> -> …',
    );
  }
  if (alike(expected, lastStepOf(single.probabilities, 0))) return;
  throw cannotSample(
    { name: stepper.name },
    'it needs the whole sequence before its first answer',
    'bidirectional and reversed layers and pooling look ahead; leave them out of a language model',
  );
}

function alike(left: ArrayLike<number>, right: ArrayLike<number>): boolean {
  for (let i = 0; i < left.length; i++) {
    if (!(Math.abs((left[i] ?? 0) - (right[i] ?? 0)) <= 1e-4)) return false;
  }
  return true;
}

/** Probabilities of the last time step of a row. */
function lastStepOf({ shape, data }: NdArray, row: number): ArrayLike<number> {
  const [, time = 1, width = 0] = shape;
  const start = ((row + 1) * time - 1) * width;
  return data.subarray(start, start + width);
}

function cannotSample(model: { readonly name: string }, why: string, hint?: string): RuntimeFault {
  return new RuntimeFault('R7606', `${model.name} cannot be sampled from: ${why}`, hint);
}
