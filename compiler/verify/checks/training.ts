/**
 * Training: whole steps (forward, backward, clipping, update) as one program. Each step against the
 * f64 oracle (training/references.ts), and a few of them in a row, with parameters that stay where
 * the program runs, against the same steps by hand, to the bit: so what holds of each step holds of
 * training.
 */
import { judged, type Judgement } from '../accuracy.ts';
import type { NdArray } from '../../../runtime/artifact/nd-array.ts';
import type { Arrays } from '../arrays.ts';
import type { CasePoint } from '../case-point.ts';
import { stepResult, type GraphRunner } from '../runner.ts';
import { bitsApart } from './bits.ts';
import type { StepReference } from '../training/references.ts';
import {
  asJudged,
  floorOf,
  isOrdinary,
  judgedByPoint,
  resultOf,
  type Backend,
  type Check,
} from './check.ts';

type TrainingCheck = Pick<Check, 'group' | 'graph' | 'takes'>;

/** Squares of gradients leave f32 long before the gradients do. */
const training: TrainingCheck = { group: 'training', graph: 'training', takes: isOrdinary };

export const trainingSteps: Check = {
  ...training,
  name: 'training steps',
  says: 'after each step, loss, norms, weights and optimizer states are those of the oracle',
  suits: ({ training: model }, { isOracle }) => !isOracle && model.weights.length > 0,
  async run(point, backend) {
    const found: Arrays[] = [];
    for (const { inputs } of await point.steps()) {
      found.push(await point.run(backend.runner, 'training', inputs));
    }
    return judgedByPoint(point, async (at) => {
      const steps = await at.steps();
      const exact = new Map(steps.flatMap(({ f64 }, i) => [...named(i + 1, f64)]));
      return resultOf(
        steps.flatMap((step, i) => judgedStep(backend, i + 1, step, found[i] ?? new Map())),
        exact,
      );
    });
  },
};

function judgedStep(
  backend: Backend,
  k: number,
  { f64, rooms }: StepReference,
  found: Arrays,
): readonly Judgement[] {
  const place = (name: string): string => stepResult(k, name);
  return judged(asJudged(backend, found, f64), rooms, floorOf(backend)).map(
    ({ name, wrong, ...rest }) => {
      const told = wrong === undefined ? {} : { wrong: place(wrong) };
      return { ...rest, ...told, name: place(name) };
    },
  );
}

export const stepsInARow: Check = {
  ...training,
  name: 'steps in a row',
  says: 'on parameters that stay in the program, steps give the bits that they give by hand',
  suits: ({ training: model }, { runner }) =>
    runner.runSteps !== undefined && model.weights.length > 0,
  async run(point, { runner }) {
    const byHand = await stepsByHand(point, runner);
    return resultOf(bitsApart(await keptSteps(point, runner), byHand), byHand);
  },
};

export const stepsOnThreads: Check = {
  ...training,
  name: 'steps on threads',
  says: 'several threads train to the bits of one',
  comparesTwins: true,
  suits: ({ training: model }, { twin }) =>
    twin?.runSteps !== undefined && model.weights.length > 0,
  async run(point, { runner, twin = runner }) {
    const one = await keptSteps(point, twin);
    return resultOf(bitsApart(await keptSteps(point, runner), one), one);
  },
};

async function keptSteps(point: CasePoint, runner: GraphRunner): Promise<Arrays> {
  const { steps } = point.data.training;
  const later = Array.from({ length: steps - 1 }, (_, i) => point.stepInputs(i + 2));
  const found = await runner.runSteps?.({ ...point.jobFor(runner, 'training'), later });
  if (found === undefined) throw new Error(`${runner.name} keeps no parameters`);
  return found;
}

/** Each step a run of its own, that is handed what the last one gave. */
async function stepsByHand(point: CasePoint, runner: GraphRunner): Promise<Arrays> {
  const { steps } = point.data.training;
  const { feeds = new Map<string, string>() } = point.graph('training', runner.use);
  const fed = new Set(feeds.values());
  let inputs = point.inputs('training');
  const all = new Map<string, NdArray>();
  for (let k = 1; k <= steps; k++) {
    const found = await point.run(runner, 'training', inputs);
    for (const [name, array] of found) {
      if (k === steps || !fed.has(name)) all.set(stepResult(k, name), array);
    }
    const next = [...feeds].flatMap(([parameter, result]) => {
      const array = found.get(result);
      return array === undefined ? [] : [[parameter, array] as const];
    });
    if (k < steps) inputs = new Map([...point.stepInputs(k + 1), ...next]);
  }
  return all;
}

function named(k: number, arrays: Arrays): Arrays {
  return new Map([...arrays].map(([name, array]) => [stepResult(k, name), array]));
}
