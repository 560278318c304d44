/**
 * Who is to blame where a runner's numbers are wrong: which primitive's value is off first, and
 * which part of the compiler made it so. The kernel interpreter runs the very program that emitters
 * print: where it is wrong too, the schedule is at fault, and where it is right, the emitter is, or
 * whoever runs what was emitted.
 */
import type { Program } from '../../runtime/artifact/program.ts';
import type { Bindings } from '../graph/dim.ts';
import type { Graph } from '../graph/types.ts';
import { interpret } from '../interpret/interpret.ts';
import type { Arrays } from './arrays.ts';
import { departuresOf, firstOf, type Departure, type Reference } from './culprit/departures.ts';
import { writersOf, type KernelTrace } from './culprit/kernels.ts';
import { locate, type Located } from './culprit/locate.ts';
import { probesOf, withProbes } from './culprit/probes.ts';
import { bitsOf, oracle } from './culprit/references.ts';
import { tellCulprit, type CulpritFacts, type CulpritPhase } from './culprit/tell.ts';
import type { GraphJob, GraphRunner } from './runner.ts';

export interface CulpritQuestion {
  readonly model: GraphJob['model'];
  /** Made for the `use` of the wrong runner; its results are what was found wrong. */
  readonly graph: Graph;
  /** The same as the spec has it, for the interpreter. */
  readonly plain?: Graph;
  /** Floats that f32 holds. */
  readonly inputs: Arrays;
  readonly bindings: Bindings;
  /** Of a training step: results that may lie in a parameter's place. */
  readonly feeds?: ReadonlyMap<string, string>;
  readonly wrong: GraphRunner;
  /** The kernel interpreter on the same programs; undefined where `wrong` has none. */
  readonly kernels?: GraphRunner;
  /** What `wrong` should equal to the bit, if that is what fell: one thread for several. */
  readonly twin?: GraphRunner;
  /** The program that `wrong` makes of a graph, for naming its kernels. */
  readonly programOf?: (graph: Graph) => Program;
  /** Graphs that are run at most, to find the value; 64 if not said. */
  readonly runs?: number;
}

export interface Culprit extends CulpritFacts {
  /** All of it in a few sentences. */
  readonly text: string;
}

export async function culprit(question: CulpritQuestion): Promise<Culprit> {
  const passed = passesOf(question);
  const judgement: Judged = passed === undefined ? await phaseOf(question) : { phase: 'passes' };
  const located =
    passed === undefined ? await locateIn(question, judgement) : { first: passed, hidden: [] };
  const kernels = kernelsFor(question, { ...judgement, ...located });
  const untold = { ...judgement, ...located, kernels };
  return { ...untold, text: tellCulprit(untold, question.wrong.name) };
}

interface Judged {
  readonly phase: CulpritPhase | undefined;
  readonly fault?: string;
}

const nowhere: Located = { first: undefined, hidden: [] };

async function phaseOf(question: CulpritQuestion): Promise<Judged> {
  const { graph, wrong, kernels, twin } = question;
  const reference = await referenceFor(question, graph);
  const own = await judge(question, wrong, reference);
  if (own.phase === 'right') return { phase: undefined };
  const fault = own.fault === undefined ? {} : { fault: own.fault };
  if (wrong.use === 'interpreter') return { phase: 'interpreter', ...fault };
  if (twin !== undefined) return { phase: 'runtime', ...fault };
  // Twice, since it may go through workgroups in either order.
  for (const runner of kernels === undefined ? [] : [kernels, kernels]) {
    const same = await judge(question, runner, reference);
    if (same.phase === 'right') continue;
    return { phase: 'schedule', ...(same.fault === undefined ? fault : { fault: same.fault }) };
  }
  const again = await judge(question, wrong, reference);
  return { phase: isSteady(own, again) ? 'emitter' : 'runtime', ...fault };
}

interface Verdict {
  readonly phase: 'right' | 'wrong';
  readonly found?: Arrays;
  readonly fault?: string;
}

async function judge(
  question: CulpritQuestion,
  runner: GraphRunner,
  reference: Reference,
): Promise<Verdict> {
  try {
    const found = await runner.run(jobOf(question));
    const off = departuresOf(probesOf(question.graph), found, reference);
    return { phase: off.length === 0 ? 'right' : 'wrong', found };
  } catch (error) {
    return { phase: 'wrong', fault: error instanceof Error ? error.message : String(error) };
  }
}

function jobOf({ model, graph, inputs, bindings, feeds }: CulpritQuestion): GraphJob {
  const job = { model, graph, inputs, bindings };
  return feeds === undefined ? job : { ...job, feeds };
}

/** Emitted code is wrong in the same way each time. */
function isSteady(one: Verdict, other: Verdict): boolean {
  if (one.found === undefined || other.found === undefined) return one.found === other.found;
  return [...one.found].every(([name, { data }]) =>
    data.every((value, i) => Object.is(value, other.found?.get(name)?.data[i])),
  );
}

/** The first result of the spec's graph that the graph for kernels has otherwise, in f64. */
function passesOf({ graph, plain, inputs, bindings }: CulpritQuestion): Departure | undefined {
  if (plain === undefined) return undefined;
  const exact = interpret(graph, inputs, { precision: 'f64', bindings });
  return firstOf(departuresOf(probesOf(plain), exact, oracle(plain, inputs, bindings, undefined)));
}

async function referenceFor(question: CulpritQuestion, graph: Graph): Promise<Reference> {
  const { inputs, bindings, plain, twin } = question;
  if (twin !== undefined) return bitsOf(await twin.run(jobOf({ ...question, graph })));
  return oracle(graph, inputs, bindings, plain);
}

/** Nothing where there are no numbers, or where the graph is right as it stands. */
async function locateIn(question: CulpritQuestion, { phase, fault }: Judged): Promise<Located> {
  const { graph, wrong, runs = 64 } = question;
  if (fault !== undefined || phase === undefined) return nowhere;
  return locate({
    ...{ graph, runs },
    run: (probed) => wrong.run(jobOf({ ...question, graph: probed })),
    referenceFor: (probed) => referenceFor(question, probed),
  });
}

/** Those that write the value where it is given out: nearly what they are where it is not. */
function kernelsFor(
  { graph, programOf }: CulpritQuestion,
  { phase, first }: Judged & Located,
): readonly KernelTrace[] {
  if (programOf === undefined || first === undefined || phase === 'passes') return [];
  return writersOf(programOf(withProbes(graph, [first.probe])), first.probe.name);
}
