/** Laws: two runs of one backend that must agree, each of which may be off by what is allowed. */
import { briefly, type Judgement } from '../accuracy.ts';
import type { Arrays } from '../arrays.ts';
import type { CasePoint } from '../case-point.ts';
import type { PlainKind } from '../subject.ts';
import type { CaseData } from '../verify-case.ts';
import {
  floorOf,
  isOrdinary,
  judgedByPoint,
  resultOf,
  type Backend,
  type Check,
  type CheckResult,
} from './check.ts';

/** What the two sides of a law gave: `found` must equal `expected`, name by name. */
export interface Sides {
  readonly found: Arrays;
  readonly expected: Arrays;
  /** Things that are wrong whatever the numbers are. */
  readonly wrong?: readonly string[];
}

export type Law = Omit<Check, 'graph' | 'group' | 'run' | 'takes'> & {
  readonly graph: PlainKind;
  readonly takes?: (data: CaseData) => boolean;
  readonly sides: (point: CasePoint, backend: Backend) => Promise<Sides>;
};

export function law({ sides, takes = () => true, ...about }: Law): Check {
  return {
    ...about,
    group: 'laws',
    takes: (data) => isOrdinary(data) && takes(data),
    async run(point, backend): Promise<CheckResult> {
      const { found, expected, wrong = [] } = await sides(point, backend);
      const result = await judgedByPoint(point, async (at) => {
        const allowed = await at.allowed(about.graph, backend);
        return resultOf(apart(found, expected, allowed, floorOf(backend)), expected);
      });
      return { ...result, wrong: [...wrong, ...result.wrong] };
    },
  };
}

/** Of results that both have; whatever else is allowed, two sides may be off. */
function apart(
  found: Arrays,
  expected: Arrays,
  allowed: ReadonlyMap<string, number>,
  floor: number,
): readonly Judgement[] {
  return [...expected].map(([name, array]) => {
    const other = found.get(name);
    const room = 2 * ((allowed.get(name) ?? 0) + floor);
    if (other?.shape.join() !== array.shape.join()) {
      const error = { error: Infinity, allowed: room };
      return { name, ...error, wrong: `${name} is missing or has another shape` };
    }
    let [error, at] = [0, 0];
    for (let i = 0; i < array.data.length; i++) {
      const [value, here] = [array.data[i] ?? NaN, other.data[i] ?? NaN];
      if (value === here || Object.is(value, here)) continue;
      const difference = Math.abs(value - here);
      const size = Number.isNaN(difference) ? Infinity : difference;
      if (size > error) [error, at] = [size, i];
    }
    const wrong = `${name} differs by ${briefly(error)}, allowed are ${briefly(room)}`;
    return { name, error, allowed: room, at, ...(error <= room ? {} : { wrong }) };
  });
}
