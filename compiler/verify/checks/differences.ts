/**
 * Gradients of the oracle against central differences of the loss, to 1e-6 relative, along random
 * directions. Next to a kink, such as relu's, differences tell nothing, and nothing is judged.
 */
import { withSeededLoss } from '../../3-differentiate/seeded-loss.ts';
import { removeDeadCode } from '../../4-simplify/remove-dead-code.ts';
import type { Graph } from '../../graph/types.ts';
import type { Judgement } from '../accuracy.ts';
import { drawer, type Arrays } from '../arrays.ts';
import type { CasePoint } from '../case-point.ts';
import {
  alongDirection,
  derivativeFrom,
  movedBy,
  offsets,
  randomDirection,
  type Derivative,
  type Direction,
} from '../directional.ts';
import type { GraphRunner } from '../runner.ts';
import { hasLoss, type VerifySubject } from '../subject.ts';
import { isOrdinary, resultOf, type Check } from './check.ts';

/** Where a step is too coarse, or crosses a kink, a smaller one is tried. */
const steps = [2e-3, 2e-4, 2e-5];

const tolerance = 1e-6;

export const differences: Check = {
  name: 'central differences',
  group: 'laws',
  graph: 'gradients',
  says: 'gradients are what differences of the loss say, to 1e-6 relative',
  suits: (_, { isOracle }) => isOracle,
  // Where gates are saturated a step of a difference is too long to tell anything.
  takes: (data) => isOrdinary(data) && data.numbers !== 'saturating' && data.weightScale <= 2,
  async run(point, { runner }) {
    const gradients = await point.base(runner, 'gradients');
    const inputs = point.inputs('gradients');
    const names = [...gradients.keys()].filter((n) => n.startsWith('d/')).map((n) => n.slice(2));
    const forward = lossGraph(point.subject);
    const draw = drawer(point.data.seed);
    const judgements: Judgement[] = [];
    for (const chosen of [names, ...picked(draw, names)]) {
      const direction = randomDirection(draw, inputs, chosen);
      const name = chosen.length === 1 ? `d/${chosen[0] ?? ''}` : 'all gradients';
      const found = alongDirection(gradients, direction);
      judgements.push(await judge({ point, runner, forward, direction, name, found }));
    }
    return resultOf(judgements, new Map());
  },
};

function picked(draw: () => number, names: readonly string[]): readonly (readonly string[])[] {
  const pick = (): readonly string[] => [names[Math.floor(draw() * names.length)] ?? ''];
  return names.length === 0 ? [] : [pick(), pick()];
}

interface Question {
  readonly point: CasePoint;
  readonly runner: GraphRunner;
  readonly forward: Graph;
  readonly direction: Direction;
  readonly name: string;
  /** What reverse mode says. */
  readonly found: number;
}

/**
 * A gradient is wrong where differences of the two shortest steps agree with one another and not
 * with it, on smooth ground. Where they do not agree there is a kink of the function or of its
 * derivative, such as softsign's, and nothing to judge by. Kinks that cancel by chance look smooth
 * from afar; what they leave does not shrink with the step as on smooth ground.
 */
async function judge(question: Question): Promise<Judgement> {
  const { name, found } = question;
  let coarser: Derivative | undefined;
  for (const [i, step] of steps.entries()) {
    const losses: number[] = [];
    for (const offset of offsets) losses.push(await lossAt(question, offset * step));
    const here = derivativeFrom(losses, step);
    const error = Math.abs(here.value - found);
    const allowed = roomAround(here.value, found) + here.rounding;
    if (error <= allowed) return { name, error, allowed };
    const isLast = i === steps.length - 1;
    if (isLast && coarser !== undefined && here.smooth && agree(coarser, here)) {
      const wrong = `${name} is ${found} along a direction where differences give ${here.value}`;
      return { name, error, allowed, wrong };
    }
    coarser = here;
  }
  return { name, error: 0, allowed: 1 };
}

function agree(one: Derivative, other: Derivative): boolean {
  const room = roomAround(one.value, other.value) + one.rounding + other.rounding;
  return Math.abs(one.value - other.value) <= room;
}

function roomAround(x: number, y: number): number {
  return tolerance * Math.max(Math.abs(x), Math.abs(y));
}

async function lossAt(question: Question, offset: number): Promise<number> {
  const { point, runner, forward, direction } = question;
  const inputs = movedBy(point.inputs('gradients'), direction, offset);
  const known = new Set(forward.parameters.map((p) => p.name));
  const needed: Arrays = new Map([...inputs].filter(([name]) => known.has(name)));
  const found = await point.runGraph(runner, point.subject.training, forward, needed);
  return found.get('loss')?.data[0] ?? NaN;
}

const graphs = new WeakMap<VerifySubject, Graph>();

/** The loss alone: the spec's, or sum(y * dy) + … of one without. */
function lossGraph(subject: VerifySubject): Graph {
  const known = graphs.get(subject);
  if (known !== undefined) return known;
  const { graph, outputs, states } = subject.training;
  const answers = [...outputs, ...states.map((s) => ({ name: s.final, type: s.type }))];
  const floats = answers.filter((a) => a.type.dtype === 'float').map((a) => a.name);
  const whole = hasLoss(subject.training) ? graph : withSeededLoss(graph, floats);
  const loss = removeDeadCode({
    ...whole,
    results: whole.results.filter((r) => r.name === 'loss'),
  });
  graphs.set(subject, loss);
  return loss;
}
