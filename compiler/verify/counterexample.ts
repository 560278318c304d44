/**
 * A failure made small: first the numbers of its case, then its spec, then its numbers again; and
 * the first primitive that departs, with the part of the compiler that is to blame. What hangs is
 * left as it is, since every try would take as long as patience lasts.
 */
import fc from 'fast-check';
import type { Graph } from '../graph/types.ts';
import { idRanges, kernelProgram } from '../pipeline.ts';
import { CasePoint } from './case-point.ts';
import type { Arrays } from './arrays.ts';
import type { Backend, Check } from './checks/check.ts';
import { culprit, type CulpritQuestion } from './culprit.ts';
import type { Failure } from './outcome.ts';
import { answerOf, isOver, type Limits } from './patience.ts';
import type { GraphJob, GraphRunner, Oracle } from './runner.ts';
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

/** Jobs of a check that are looked into at most. */
const jobsAsked = 6;

/** The culprit of the first run of the check that is wrong in itself; a law makes several. */
async function blameFor(request: CounterexampleRequest, point: CasePoint): Promise<string> {
  const { check, backend, limits } = request;
  const { model, graph, feeds } = point.graph(check.graph, backend.runner.use);
  const plain = point.graph(check.graph, 'interpreter').graph;
  const fed = feeds === undefined ? {} : { feeds };
  const twin = check.comparesTwins === true ? backend.twin : undefined;
  for (const { inputs, bindings } of await jobsOf(request, point, graph)) {
    const question: CulpritQuestion = {
      ...{ model, graph, plain, inputs, bindings, wrong: backend.runner, ...fed },
      ...likeIt(backend, model, fed),
      ...(twin === undefined ? {} : { twin }),
    };
    const answer = await answerOf(() => culprit(question), limits);
    if (answer.kind === 'answer' && answer.value.phase !== undefined) return answer.value.text;
  }
  return '';
}

/** What the check has the backend compute of this graph. */
async function jobsOf(
  { check, backend, limits }: CounterexampleRequest,
  point: CasePoint,
  graph: Graph,
): Promise<readonly GraphJob[]> {
  const jobs: GraphJob[] = [];
  const listened: GraphRunner = {
    ...backend.runner,
    run: (job) => {
      if (job.graph === graph && jobs.length < jobsAsked) jobs.push(job);
      return backend.runner.run(job);
    },
  };
  await answerOf(() => check.run(point, { ...backend, runner: listened }), limits);
  return jobs;
}

/** The kernel interpreter on the programs of a backend that runs kernels. */
function likeIt(
  { kernels }: Backend,
  model: GraphJob['model'],
  fed: Pick<GraphJob, 'feeds'>,
): Pick<CulpritQuestion, 'kernels' | 'programOf'> {
  if (kernels === undefined) return {};
  const ids = idRanges(model);
  // Weights that a step changes are not packed beforehand.
  const prepare = kernels.device === 'simd' && fed.feeds === undefined;
  return {
    kernels: kernelRunner(kernels),
    programOf: (graph) => kernelProgram(graph, { ...kernels, ids, prepare, ...fed }),
  };
}
