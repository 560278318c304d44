/**
 * Kernels that the schedule has merged, apart again: one after another, in the order in which their
 * workgroups come. A merged kernel saves a dispatch, which costs nothing here; apart, parts that do
 * the same, such as both directions of a layer, are one function.
 */
import type { Expression, Kernel, Statement } from '../../../runtime/artifact/kernel.ts';
import type { Dispatch, Program, ProgramStep } from '../../../runtime/artifact/program.ts';
import { int, workgroup } from '../../kernel/build.ts';
import { freshNames } from '../../kernel/fresh-names.ts';
import { mapExpression, partsOf, visitStatements } from '../../kernel/walk.ts';

export function unmerged(program: Program): Program {
  const kernels: Kernel[] = [];
  const fresh = freshNames([]);
  const all = [...program.prepare, ...program.steps];
  const dispatches = all.flatMap((step) => (step.kind === 'dispatch' ? [step] : step.body));
  const found = program.kernels.map((kernel, position) => {
    const parts = partsOfKernel(kernel) ?? [];
    const own = dispatches.filter((dispatch) => dispatch.kernel === position);
    const apart = own.every((dispatch) => groupsOf(parts, kernel, dispatch) !== undefined);
    const bodies = apart && parts.length > 0 ? parts.map(({ body }) => body) : [kernel.body];
    const positions = bodies.map(
      (body) => kernels.push({ ...kernel, name: fresh(kernel.name), body }) - 1,
    );
    return { kernel, parts, positions };
  });
  const apart = (dispatch: Dispatch): readonly Dispatch[] => {
    const of = found[dispatch.kernel];
    if (of === undefined) return [dispatch];
    const groups = of.positions.length > 1 ? groupsOf(of.parts, of.kernel, dispatch) : undefined;
    const [whole, y, z] = dispatch.groups;
    return of.positions.map((kernel, i): Dispatch => {
      return { ...dispatch, kernel, groups: [groups?.[i] ?? whole, y, z] };
    });
  };
  const steps = (of: readonly ProgramStep[]): readonly ProgramStep[] =>
    of.flatMap((step): readonly ProgramStep[] =>
      step.kind === 'dispatch' ? apart(step) : [{ ...step, body: step.body.flatMap(apart) }],
    );
  return { ...program, kernels, prepare: steps(program.prepare), steps: steps(program.steps) };
}

interface Part {
  /** The first workgroup that is no longer its own, over the kernel's sizes; none for the last. */
  readonly end: Expression | undefined;
  readonly body: readonly Statement[];
}

/**
 * Undefined where it is not `let group = workgroup.x`, then `if`s one in the other that ask whether
 * it is less, each block counting from its first workgroup on.
 */
function partsOfKernel({ body }: Kernel): readonly Part[] | undefined {
  const [named, chain, ...more] = body;
  if (named?.kind !== 'let' || more.length > 0 || !isWorkgroup(named.value)) return undefined;
  if (chain?.kind !== 'if') return undefined;
  const parts: Part[] = [];
  let [start, rest]: [Expression, readonly Statement[]] = [int(0), [chain]];
  for (;;) {
    const [only, ...others] = rest;
    const end =
      only?.kind === 'if' && others.length === 0 ? endOf(only.condition, named.name) : undefined;
    const block = only?.kind === 'if' && end !== undefined ? only.then : rest;
    const own = countedAnew(block, named.name, start);
    if (own === undefined) return undefined;
    parts.push({ end, body: own });
    if (only?.kind !== 'if' || end === undefined) return parts;
    [start, rest] = [end, only.otherwise];
  }
}

function isWorkgroup(e: Expression): boolean {
  return e.kind === 'place' && e.of === 'workgroup' && e.axis === 0;
}

/** What the workgroup is asked to be less than. */
function endOf(condition: Expression, group: string): Expression | undefined {
  if (condition.kind !== 'binary' || condition.op !== 'less') return undefined;
  const { x, y } = condition;
  return x.kind === 'local' && x.name === group && isCount(y) ? y : undefined;
}

/** A size of which a larger one is made by adding to it. */
function isCount(e: Expression): boolean {
  if (e.kind === 'number') return e.value >= 0;
  if (e.kind === 'size') return true;
  return e.kind === 'binary' && growing.has(e.op) && partsOf(e).every(isCount);
}

const growing: ReadonlySet<string> = new Set(['add', 'mul', 'div', 'mod', 'min', 'max']);

/** The block with the workgroup itself for what it says of the group; undefined if it says more. */
function countedAnew(
  block: readonly Statement[],
  group: string,
  start: Expression,
): readonly Statement[] | undefined {
  const [first, ...rest] = block;
  if (first?.kind !== 'let') return undefined;
  const { value } = first;
  const isNamed = (e: Expression): boolean => e.kind === 'local' && e.name === group;
  const isOwn = isZero(start)
    ? isNamed(value)
    : value.kind === 'binary' && value.op === 'sub' && isNamed(value.x) && same(value.y, start);
  let asksMore = first.name === group;
  visitStatements(rest, {
    expression: (e) => {
      asksMore ||= isNamed(e) || e.kind === 'place';
    },
  });
  if (!isOwn || asksMore) return undefined;
  return [{ ...first, value: workgroup(0) }, ...rest];
}

/** Workgroups of each part in a dispatch, over the symbols; undefined where they cannot be told. */
function groupsOf(
  parts: readonly Part[],
  { sizes }: Kernel,
  dispatch: Dispatch,
): readonly Expression[] | undefined {
  const values = new Map(sizes.map((name, i) => [name, dispatch.sizes[i]]));
  const [all, ...others] = dispatch.groups;
  if (!others.every((e) => same(e, int(1))) || !isCount(all)) return undefined;
  const groups: Expression[] = [];
  let start: Expression = int(0);
  for (const { end } of parts) {
    const here =
      end === undefined
        ? all
        : mapExpression(end, (e) => (e.kind === 'size' ? (values.get(e.name) ?? e) : e));
    const count = difference(here, start);
    if (count === undefined) return undefined;
    groups.push(count);
    start = here;
  }
  return groups;
}

/** What `start` has become by adding to it, where the form shows that. */
function difference(end: Expression, start: Expression): Expression | undefined {
  if (isZero(start)) return end;
  if (end.kind === 'number' && start.kind === 'number') {
    return end.value >= start.value ? int(end.value - start.value) : undefined;
  }
  if (end.kind !== 'binary' || end.op !== 'add') return undefined;
  if (same(end.x, start)) return end.y;
  if (start.kind !== 'binary' || start.op !== 'add' || !same(end.x, start.x)) return undefined;
  return difference(end.y, start.y);
}

function isZero(e: Expression): boolean {
  return e.kind === 'number' && e.value === 0;
}

function same(x: Expression, y: Expression): boolean {
  return JSON.stringify(x) === JSON.stringify(y);
}
