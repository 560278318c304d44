/**
 * Products in a scan's body that depend on its xs and constants alone are computed before the scan,
 * for all time steps at once, and come in as further xs: one large product in place of many small
 * ones. What feeds them goes along; so does what is added to them and does not vary, a bias mostly.
 * Nothing else leaves: it would cost memory and save little.
 */
import { present } from '../base/bug.ts';
import { emitScan, scanParts, type ScanParts } from '../graph/scan.ts';
import type { Builder, Graph, GraphParameter, Instruction, Value } from '../graph/types.ts';
import { editScans } from './edit-scans.ts';
import { emitStacked, StackedValues } from './emit-stacked.ts';
import { scopeOf, type Scope } from './scope.ts';
import { movableOf, variesByStep } from './stackable.ts';
import { uniformValues, type UniformValues } from './uniform-values.ts';

export function hoistProducts(graph: Graph): Graph {
  return editScans(graph, (scan, editor, numbers) => {
    const parts = scanParts(scan);
    const plan = planOf(parts, numbers);
    if (plan.products.length === 0) return undefined;
    const { finals, ys } = emitScan(editor, {
      ...parts,
      xs: [...parts.xs, ...emitAhead(editor, parts, plan)],
      body: bodyWithout(parts.body, plan.products),
    });
    return [...finals, ...ys];
  });
}

interface Plan {
  /** In order: all that the products need, and they themselves. */
  readonly ahead: readonly Instruction[];
  /** Values of the body that become xs. */
  readonly products: readonly Value[];
}

function planOf(parts: ScanParts, numbers: UniformValues): Plan {
  const scope = scopeOf(parts.body, parts);
  const ahead = movableOf({ scope, numbers: uniformValues(parts.body, numbers) });
  const hoisted = new Set<Instruction>();
  for (const instruction of ahead) {
    if (!variesByStep(scope, instruction).includes(true)) continue;
    const found =
      instruction.op === 'dot' ? [instruction] : sumWithProduct(scope, hoisted, instruction);
    for (const each of found ?? []) hoisted.add(each);
  }
  const yielded = new Set(parts.body.results.map((r) => r.value.id));
  const products = [...hoisted]
    .flatMap((i) => i.results)
    .filter((v) => yielded.has(v.id) || scope.users(v).some((user) => !hoisted.has(user)));
  return { ahead, products };
}

/**
 * The sum of a product that nobody else reads with what does not vary, another such product, or a
 * slice of one: the instructions that go with it. Undefined for anything else.
 */
function sumWithProduct(
  scope: Scope,
  hoisted: ReadonlySet<Instruction>,
  sum: Instruction,
): readonly Instruction[] | undefined {
  if (sum.op !== 'add') return undefined;
  const ownDefinition = (v: Value): Instruction | undefined =>
    scope.uses(v) === 1 ? scope.definition(v) : undefined;
  const isHoisted = (i: Instruction | undefined): boolean => i !== undefined && hoisted.has(i);
  const slices = sum.operands
    .map(ownDefinition)
    .filter((i) => i?.op === 'slice' && i.operands.every((v) => isHoisted(scope.definition(v))));
  const goes = (v: Value): boolean =>
    scope.variance(v) === 'constant' ||
    isHoisted(ownDefinition(v)) ||
    slices.includes(scope.definition(v));
  return sum.operands.some((v) => isHoisted(ownDefinition(v))) && sum.operands.every(goes)
    ? [...slices.filter((i) => i !== undefined), sum]
    : undefined;
}

/** The products for all time steps. Whatever they turn out not to need is dead code. */
function emitAhead(b: Builder, parts: ScanParts, { ahead, products }: Plan): readonly Value[] {
  const values = new StackedValues();
  parts.bodyConstants.forEach((p, i) => {
    values.constant(p.value, present(parts.constants[i], p.name));
  });
  parts.bodyXs.forEach((p, i) => {
    values.varying(p.value, present(parts.xs[i], p.name));
  });
  emitStacked(b, ahead, values, parts.time);
  return products.map((v) => values.get(v));
}

/** The products are parameters now; they keep their ids. */
function bodyWithout(body: Graph, products: readonly Value[]): Graph {
  const moved = new Set(products.map((v) => v.id));
  const taken = new Set(body.parameters.map((p) => p.name));
  const parameters = products.map((value): GraphParameter => {
    let name = `product${value.id}`;
    while (taken.has(name)) name += 'x';
    taken.add(name);
    return { name, role: 'local', value };
  });
  return {
    ...body,
    parameters: [...body.parameters, ...parameters],
    instructions: body.instructions.filter((i) => !i.results.some((v) => moved.has(v.id))),
  };
}
