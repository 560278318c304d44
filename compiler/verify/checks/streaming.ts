/** A sequence in pieces, each begun with the states that the one before it left. */
import type { NdArray } from '../../../runtime/artifact/nd-array.ts';
import { ints, type Arrays } from '../arrays.ts';
import { joinSteps, lengthsOf, mapped, takeSteps, typesOf } from '../batches.ts';
import type { CasePoint } from '../case-point.ts';
import type { GraphRunner } from '../runner.ts';
import { isCausal } from '../../graph/shape-of-time.ts';
import type { VerifySubject } from '../subject.ts';
import type { CaseData } from '../verify-case.ts';
import { law } from './law.ts';

const severalSteps = ({ time }: CaseData): boolean => time > 1;

function suits(subject: VerifySubject): boolean {
  return isCausal(subject.model, subject.graph('values', 'interpreter').graph);
}

export const streaming = law({
  name: 'streaming = whole',
  graph: 'values',
  says: 'step after step, states carried by hand, gives what the whole sequence gives',
  suits,
  takes: severalSteps,
  async sides(point, { runner }) {
    const cuts = Array.from({ length: point.data.time + 1 }, (_, t) => t);
    const found = await inPieces(point, runner, cuts);
    return { found, expected: await point.base(runner, 'values') };
  },
});

export const chunks = law({
  name: 'chunked carry',
  graph: 'values',
  says: 'a sequence cut in two goes on from the states that its first part leaves',
  suits,
  takes: severalSteps,
  async sides(point, { runner }) {
    const { time, seed } = point.data;
    const found = await inPieces(point, runner, [0, 1 + (seed % (time - 1)), time]);
    return { found, expected: await point.base(runner, 'values') };
  },
});

async function inPieces(
  point: CasePoint,
  runner: GraphRunner,
  cuts: readonly number[],
): Promise<Arrays> {
  const { model, graph } = point.subject.graph('values', 'interpreter');
  const types = typesOf(graph);
  let carried = new Map<string, NdArray>();
  let whole: Arrays = new Map();
  for (const [i, from] of cuts.slice(0, -1).entries()) {
    const piece = stepsOf(point, from, cuts[i + 1] ?? from);
    const inputs = mapped(piece, (array, name) => carried.get(name) ?? array);
    const found = await point.run(runner, 'values', inputs);
    const before = whole;
    whole = mapped(found, (array, name) => {
      const earlier = before.get(name);
      const isTimed = lengthsOf(model, types.get(name)) !== undefined;
      return isTimed && earlier !== undefined ? joinSteps(earlier, array) : array;
    });
    carried = new Map(
      model.states.flatMap(({ initial, final }): [string, NdArray][] => {
        const state = found.get(final);
        return state === undefined ? [] : [[initial, state]];
      }),
    );
  }
  return whole;
}

/** Steps `from` up to `to` of every sequence, and how much of each row falls into them. */
function stepsOf(point: CasePoint, from: number, to: number): Arrays {
  const { model, graph } = point.subject.graph('values', 'interpreter');
  const types = typesOf(graph);
  return mapped(point.inputs('values'), (array, name) => {
    if (name.startsWith('lengths')) {
      const rows = [...array.data].map((n) => Math.min(Math.max(n - from, 0), to - from));
      return ints(array.shape, rows);
    }
    const isTimed = lengthsOf(model, types.get(name)) !== undefined;
    return isTimed ? takeSteps(array, from, to) : array;
  });
}
