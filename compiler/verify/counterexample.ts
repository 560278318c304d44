/**
 * A failure made small: first the numbers of its case, then its spec, then its numbers again; and
 * the first primitive that departs, with the part of the compiler that is to blame. What hangs is
 * left as it is, since every try would take as long as patience lasts.
 */
import fc from 'fast-check';
import { idRanges, kernelProgram } from '../pipeline.ts';
import { CasePoint } from './case-point.ts';
import type { Arrays } from './arrays.ts';
import type { Backend, Check } from './checks/check.ts';
import { culprit } from './culprit.ts';
import type { Failure } from './outcome.ts';
import { answerOf, isOver, type Limits } from './patience.ts';
import type { Oracle } from './runner.ts';
import { kernelRunner } from './runners/kernel-runner.ts';
import { smallerSpec, type SmallerSpecOptions } from './smaller-spec.ts';
import { describeTraining, simplerTrainings } from './training/draw.ts';
import type { VerifySubject } from './subject.ts';
import { caseArbitrary, limitsOf, type CaseData } from './verify-case.ts';

export interface CounterexampleRequest {
  readonly failure: Failure;
  readonly check: Check;
  readonly backend: Backend;
  readonly subject: VerifySubject;
  readonly oracle: Oracle;
  /** A smaller text as a subject; undefined where it does not compile. */
  readonly compile: (text: string) => Promise<VerifySubject | undefined>;
  /** Where imports are found, and what the text is called. */
  readonly source: Pick<SmallerSpecOptions, 'load' | 'name'>;
  readonly limits: Limits;
}

export interface Counterexample {
  readonly failure: Failure;
  readonly text: string;
  readonly data: CaseData;
  /** What the check ran on. */
  readonly inputs: Arrays;
  readonly messages: readonly string[];
  /** How it is trained, in words, where that is what fell. */
  readonly training?: string;
  /** The first value that departs and who is to blame, in a few sentences; empty if unknown. */
  readonly blame: string;
  /** How often the check was run to find it. */
  readonly tries: number;
}

export async function counterexample(request: CounterexampleRequest): Promise<Counterexample> {
  const search = new Search(request);
  if (request.failure.kind !== 'hung') await search.shrink();
  const { subject, data, messages, tries } = search;
  const { check, failure } = request;
  const point = new CasePoint(subject, data, request.oracle);
  return {
    failure,
    text: subject.text,
    data,
    inputs: point.inputs(check.graph),
    messages,
    ...(check.graph === 'training' ? { training: describeTraining(data.training) } : {}),
    blame: failure.kind === 'hung' ? '' : await blameFor(request, point),
    tries,
  };
}

/** Tries of one shrinking of numbers, and of a spec. */
const triesOfData = 60;
const triesOfSpec = 150;

class Search {
  subject: VerifySubject;
  data: CaseData;
  messages: readonly string[];
  tries = 0;
  private readonly request: CounterexampleRequest;

  constructor(request: CounterexampleRequest) {
    this.request = request;
    this.subject = request.subject;
    this.data = request.failure.case.data;
    this.messages = request.failure.messages;
  }

  async shrink(): Promise<void> {
    await this.shrinkData();
    const { compile, source, subject } = this.request;
    // Given weights fit the given spec alone.
    if (subject.weights.size > 0) return;
    const falls = async (text: string): Promise<boolean> => {
      const smaller = await compile(text);
      if (smaller === undefined || isOver(this.request.limits)) return false;
      for (const data of [this.data, ...plainCases(this.data)]) {
        if (await this.fell(smaller, data)) return true;
      }
      return false;
    };
    await smallerSpec(subject.text, falls, { ...source, tries: triesOfSpec });
    await this.shrinkData();
  }

  private async shrinkData(): Promise<void> {
    if (this.request.check.graph === 'training') await this.shrinkTraining();
    const { subject, data: seen } = this;
    let left = triesOfData;
    // Drawn values can be shrunk one by one, and how a case trains is none of these.
    const training = fc.constant(seen.training);
    const property = fc.asyncProperty(
      caseArbitrary(limitsOf(subject.model), training),
      async (data) => {
        return left-- <= 0 || !(await this.fell(subject, data));
      },
    );
    await fc.check(property, { examples: [[seen]], numRuns: 1, seed: 1 });
  }

  private async shrinkTraining(): Promise<void> {
    for (let helped = true; helped;) {
      helped = false;
      for (const training of simplerTrainings(this.data.training)) {
        helped = await this.fell(this.subject, { ...this.data, training });
        if (helped) break;
      }
    }
  }

  /** What falls is remembered: each is smaller than what fell before it. */
  private async fell(subject: VerifySubject, data: CaseData): Promise<boolean> {
    const { check, backend, oracle, limits } = this.request;
    if (isOver(limits) || !check.takes(data) || !check.suits(subject, backend)) return false;
    this.tries++;
    const point = new CasePoint(subject, data, oracle);
    const known = await answerOf(() => point.prepare(check.graph), limits);
    if (known.kind !== 'answer') return false;
    const answer = await answerOf(() => check.run(point, backend), limits);
    const messages = messagesOf(answer, this.request.failure.kind);
    if (messages.length === 0) return false;
    Object.assign(this, { subject, data, messages });
    return true;
  }
}

type RunAnswer = Awaited<ReturnType<typeof answerOf<Awaited<ReturnType<Check['run']>>>>>;

function messagesOf(answer: RunAnswer, kind: Failure['kind']): readonly string[] {
  if (answer.kind === 'answer') return answer.value.wrong;
  if (answer.kind !== 'fault' || kind !== 'fault') return [];
  return [answer.error instanceof Error ? answer.error.message : String(answer.error)];
}

/** For specs that the case at hand does not suit: a smaller model may need another seed to fall. */
function plainCases(data: CaseData): readonly CaseData[] {
  const plain: CaseData = { ...data, weightScale: 1, numbers: 'ordinary', states: true };
  return [
    { ...plain, time: 2, lengths: [2], widths: [2, 2, 2] },
    { ...plain, time: 2, lengths: [2, 1], widths: [2, 2, 2], seed: 7 },
  ];
}

/** Of training, the first step that departs is looked at, from what it began with. */
async function blameFor(request: CounterexampleRequest, point: CasePoint): Promise<string> {
  const { check, limits } = request;
  if (check.graph !== 'training') return blameOn(request, point, point.inputs(check.graph));
  const steps = await answerOf(() => point.steps(), limits);
  if (steps.kind !== 'answer') return '';
  for (const { inputs } of steps.value) {
    const blame = await blameOn(request, point, inputs);
    if (blame !== '') return blame;
  }
  return '';
}

async function blameOn(
  request: CounterexampleRequest,
  point: CasePoint,
  inputs: Arrays,
): Promise<string> {
  const { check, backend, limits } = request;
  const { runner, kernels, twin } = backend;
  const { model, graph, feeds } = point.graph(check.graph, runner.use);
  const fed = feeds === undefined ? {} : { feeds };
  const ids = idRanges(model);
  const likeIt =
    kernels === undefined
      ? {}
      : {
          kernels: kernelRunner(kernels),
          programOf: (of: typeof graph) =>
            kernelProgram(of, {
              ...{ ...kernels, ids, ...fed },
              prepare: kernels.device === 'simd' && feeds === undefined,
            }),
        };
  const question = {
    ...{ model, graph, inputs, ...fed },
    plain: point.graph(check.graph, 'interpreter').graph,
    bindings: point.bindings(graph, inputs),
    wrong: runner,
    ...likeIt,
    ...(check.comparesTwins === true && twin !== undefined ? { twin } : {}),
  };
  const answer = await answerOf(() => culprit(question), limits);
  if (answer.kind !== 'answer' || answer.value.phase === undefined) return '';
  return answer.value.text;
}
