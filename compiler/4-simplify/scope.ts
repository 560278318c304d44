/**
 * What the passes over products ask of a graph or of a scan's body: who defines a value, how often
 * it is used, and how much it varies. Dead code is gone beforehand, so every use counts.
 */
import { present } from '../base/bug.ts';
import { scanParts, type ScanParts } from '../graph/scan.ts';
import type { Graph, Instruction, Value } from '../graph/types.ts';
import { removeDeadCode } from './remove-dead-code.ts';

/**
 * In a body: `constant` over all time steps, made of one `step`'s xs, or `carried` from one step to
 * the next. Outside: `constant` is what comes of weights alone, everything else is `carried`.
 */
export type Variance = 'constant' | 'step' | 'carried';

const ascending: readonly Variance[] = ['constant', 'step', 'carried'];

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
    const instructions = inner.instructions.map((instruction) => {
      if (instruction.op !== 'scan') return instruction;
      const parts = scanParts(instruction);
      return withBody(instruction, visit(parts.body, parts));
    });
    return pass(scopeOf({ ...inner, instructions }, scan));
  };
  return visit(removeDeadCode(graph), undefined);
}

/** The scan with another body of the same parameters and results. */
export function withBody(scan: Instruction, body: Graph): Instruction {
  return { ...scan, attributes: { ...scan.attributes, body } };
}

export function scopeOf(graph: Graph, scan: ScanParts | undefined): Scope {
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
    variance: (v) => present(variances.get(v.id), `the variance of %${v.id}`),
    definition: (v) => definitions.get(v.id),
    users: usersOf,
    uses: (v) => usersOf(v).length + (results.get(v.id) ?? 0),
  };
}

export function mostVarying(variances: readonly Variance[]): Variance {
  return variances.reduce((most, v) => (variesLess(most, v) ? v : most), 'constant');
}

export function variesLess(left: Variance, right: Variance): boolean {
  return ascending.indexOf(left) < ascending.indexOf(right);
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
    const variance = mostVarying(
      operands.map((v) => present(variances.get(v.id), `the variance of %${v.id}`)),
    );
    for (const result of results) variances.set(result.id, variance);
  }
  return variances;
}

function parameterVariance({ bodyConstants, bodyCarries }: ScanParts, at: number): Variance {
  if (at < bodyConstants.length) return 'constant';
  return at < bodyConstants.length + bodyCarries.length ? 'carried' : 'step';
}
