/**
 * What the passes over products ask of a graph or of a scan's body: who defines a value, how often
 * it is used, and how much it varies. Dead code is gone beforehand, so every use counts.
 */
import { CompilerBug } from '../base/bug.ts';
import { mapSame } from '../base/same-items.ts';
import { scanParts, withBody, type ScanParts } from '../graph/scan.ts';
import type { Graph, Instruction, Value } from '../graph/types.ts';
import { withCode } from './graph-editor.ts';
import { removeDeadCode } from './remove-dead-code.ts';

/**
 * In a body: `constant` over all time steps, made of one `step`'s xs, or `carried` from one step to
 * the next. Outside: `constant` is what comes of weights alone, everything else is `carried`.
 */
export type Variance = 'constant' | 'step' | 'carried';

const ascending: Readonly<Record<Variance, number>> = { constant: 0, step: 1, carried: 2 };

export interface Scope {
  readonly graph: Graph;
  /** Undefined outside of all scans. */
  readonly scan: ScanParts | undefined;
  readonly variance: (value: Value) => Variance;
  /** Undefined for a parameter. */
  readonly definition: (value: Value) => Instruction | undefined;
  /** The instructions that read the value, once for each operand that it is. */
  readonly users: (value: Value) => readonly Instruction[];
  /** How often it is an operand or a result. */
  readonly uses: (value: Value) => number;
}

/** Applies the pass to each body, from the inside out, and to the graph. */
export function inEveryScope(graph: Graph, pass: (scope: Scope) => Graph): Graph {
  const visit = (inner: Graph, scan: ScanParts | undefined): Graph => {
    const instructions = mapSame(inner.instructions, (instruction) => {
      if (instruction.op !== 'scan') return instruction;
      const parts = scanParts(instruction);
      return withBody(instruction, visit(parts.body, parts));
    });
    return pass(scopeOf(withCode(inner, instructions, inner.results), scan));
  };
  return visit(removeDeadCode(graph), undefined);
}

/** The last one of each graph: passes that change nothing ask for the same one after another. */
const scopes = new WeakMap<Graph, Scope>();

export function scopeOf(graph: Graph, scan: ScanParts | undefined): Scope {
  const known = scopes.get(graph);
  if (known !== undefined && known.scan === scan) return known;
  const scope = makeScope(graph, scan);
  scopes.set(graph, scope);
  return scope;
}

function makeScope(graph: Graph, scan: ScanParts | undefined): Scope {
  const variances = variancesOf(graph, scan);
  const definitions = new Map<number, Instruction>();
  const users = new Map<number, Instruction[]>();
  const results = new Map<number, number>();
  for (const instruction of graph.instructions) {
    for (const result of instruction.results) definitions.set(result.id, instruction);
    for (const { id } of instruction.operands) {
      const known = users.get(id);
      if (known === undefined) users.set(id, [instruction]);
      else known.push(instruction);
    }
  }
  for (const { value } of graph.results) results.set(value.id, (results.get(value.id) ?? 0) + 1);
  const usersOf = (v: Value): readonly Instruction[] => users.get(v.id) ?? [];
  return {
    graph,
    scan,
    variance: (v) => variances.get(v.id) ?? fail(v),
    definition: (v) => definitions.get(v.id),
    users: usersOf,
    uses: (v) => usersOf(v).length + (results.get(v.id) ?? 0),
  };
}

export function mostVarying(variances: readonly Variance[]): Variance {
  return variances.reduce((most, v) => (variesLess(most, v) ? v : most), 'constant');
}

export function variesLess(left: Variance, right: Variance): boolean {
  return ascending[left] < ascending[right];
}

/** Everything that does not vary first, so that whoever varies may read all of it. */
export function constantsFirst({ graph, variance }: Scope): Graph {
  const isConstant = (i: Instruction): boolean =>
    i.results.every((v) => variance(v) === 'constant');
  const instructions = [
    ...graph.instructions.filter(isConstant),
    ...graph.instructions.filter((i) => !isConstant(i)),
  ];
  return { ...graph, instructions };
}

/** All instructions that the values depend on. */
export function neededBy(graph: Graph, values: readonly Value[]): ReadonlySet<Instruction> {
  const live = new Set(values.map((v) => v.id));
  const needed = new Set<Instruction>();
  for (const instruction of [...graph.instructions].reverse()) {
    if (!instruction.results.some((v) => live.has(v.id))) continue;
    needed.add(instruction);
    for (const v of instruction.operands) live.add(v.id);
  }
  return needed;
}

function variancesOf(graph: Graph, scan: ScanParts | undefined): ReadonlyMap<number, Variance> {
  const variances = new Map<number, Variance>();
  graph.parameters.forEach(({ role, value }, i) => {
    const outside = role === 'weight' ? 'constant' : 'carried';
    variances.set(value.id, scan === undefined ? outside : parameterVariance(scan, i));
  });
  for (const { operands, results } of graph.instructions) {
    let variance: Variance = 'constant';
    for (const operand of operands) {
      const own = variances.get(operand.id) ?? fail(operand);
      if (variesLess(variance, own)) variance = own;
    }
    for (const result of results) variances.set(result.id, variance);
  }
  return variances;
}

function fail({ id }: Value): never {
  throw new CompilerBug('simplify', `%${id} is not defined`);
}

function parameterVariance({ bodyConstants, bodyCarries }: ScanParts, at: number): Variance {
  if (at < bodyConstants.length) return 'constant';
  return at < bodyConstants.length + bodyCarries.length ? 'carried' : 'step';
}
