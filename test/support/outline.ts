/** Graphs for tests of passes: one scan, made from its step, and what a pass made of it as text. */
import { removeDeadCode } from '../../compiler/4-simplify/remove-dead-code.ts';
import { fixed, symbol } from '../../compiler/graph/dim.ts';
import { printInstruction } from '../../compiler/graph/print.ts';
import { emitScan, scanParts } from '../../compiler/graph/scan.ts';
import { tensor, type Builder, type Graph, type Value } from '../../compiler/graph/types.ts';
import { GraphBuilder } from '../../compiler/ops/builder.ts';
import { verify } from '../../compiler/ops/verify.ts';

const [batch, time] = [symbol('B'), symbol('T')];

export interface StepValues {
  /** Carries, [B, 2]. */
  readonly a: Value;
  readonly c: Value;
  /** [B, 3]. */
  readonly x: Value;
  readonly weight: (name: string) => Value;
}

/** Next carries (the old ones if not said) and what is yielded. */
export interface StepResults {
  readonly a?: Value;
  readonly c?: Value;
  readonly ys: readonly Value[];
}

export type Step = (b: Builder, at: StepValues) => StepResults;

/** A scan with lengths over x [B, T, 3], from a and c [B, 2]; weights by name and shape. */
export function scanOf(weights: Readonly<Record<string, readonly number[]>>, step: Step): Graph {
  const b = new GraphBuilder();
  const inside = new GraphBuilder();
  const types = Object.entries(weights).map(
    ([name, shape]) => [name, tensor('float', shape.map(fixed))] as const,
  );
  const constants = types.map(([name, type]) => b.parameter(name, type, 'weight'));
  const local = new Map(types.map(([n, type]) => [n, inside.parameter(n, type, 'local')]));
  const row = tensor('float', [batch, fixed(2)]);
  const carries = ['a', 'c'].map((name) => b.parameter(name, row, 'state'));
  const x = b.parameter('x', tensor('float', [batch, time, fixed(3)]), 'input');
  const lengths = b.parameter('lengths', tensor('int', [batch]), 'control');
  const [a, c] = [inside.parameter('a', row, 'local'), inside.parameter('c', row, 'local')];
  const results = step(inside, {
    a,
    c,
    x: inside.parameter('x', tensor('float', [batch, fixed(3)]), 'local'),
    weight(name) {
      const value = local.get(name);
      if (value === undefined) throw new Error(`no weight ${name}`);
      return value;
    },
  });
  const body = inside.finish('step', [
    { name: 'a', value: results.a ?? a },
    { name: 'c', value: results.c ?? c },
    ...results.ys.map((value, i) => ({ name: `y${i}`, value })),
  ]);
  const scan = emitScan(b, { constants, carries, xs: [x], lengths, reverse: false, time, body });
  return b.finish('test', [
    ...scan.finals.map((value, i) => ({ name: `final${i}`, value })),
    ...scan.ys.map((value, i) => ({ name: `y${i}`, value })),
  ]);
}

/** y = f(x, …) for x [B, T, 3] and weights by name and shape. */
export function outsideOf(
  weights: Readonly<Record<string, readonly number[]>>,
  f: (b: Builder, x: Value, weights: readonly Value[]) => readonly Value[],
): Graph {
  const b = new GraphBuilder();
  const x = b.parameter('x', tensor('float', [batch, time, fixed(3)]), 'input');
  const values = Object.entries(weights).map(([name, shape]) =>
    b.parameter(name, tensor('float', shape.map(fixed)), 'weight'),
  );
  const results = f(b, x, values).map((value, i) => ({ name: `y${i}`, value }));
  return b.finish('test', results);
}

/**
 * One line an instruction, in order and without dead code: `dot1 = dot(a, W) {attributes}`. Values
 * are named by what made them. Lines of a scan's body follow its own, indented.
 */
export function outlineOf(graph: Graph): string {
  return linesOf(removeDeadCode(verify(graph, 'test')), '').join('\n');
}

function linesOf(graph: Graph, indent: string): string[] {
  const names = new Map(graph.parameters.map((p) => [p.value.id, p.name]));
  const counts = new Map<string, number>();
  const lines = graph.instructions.flatMap(({ origin: _, ...instruction }) => {
    const { op, operands, results } = instruction;
    const count = (counts.get(op) ?? 0) + 1;
    counts.set(op, count);
    const [first, ...others] = results.map(
      (_result, i) => `${op}${count}${i === 0 ? '' : `.${i}`}`,
    );
    results.forEach((v, i) => names.set(v.id, [first, ...others][i] ?? ''));
    const list = operands.map((v) => names.get(v.id) ?? '?').join(', ');
    const [line = ''] = printInstruction(instruction).split('\n');
    const own = `${indent}${first ?? ''} = ${op}(${list})${attributesIn(line)}`;
    if (op !== 'scan') return [own];
    return [own, ...linesOf(scanParts(instruction).body, `${indent}  `)];
  });
  const results = graph.results.map((r) => `${r.name}: ${names.get(r.value.id) ?? '?'}`);
  return [...lines, `${indent}-> ${results.join(', ')}`];
}

/** What the names do not tell already. */
function attributesIn(line: string): string {
  const attributes = (/\{(.*)\}$/.exec(line)?.[1] ?? '').split(/, (?=\w+=)/);
  const kept = attributes.filter((text) =>
    /^(?:axis|start|length|before|after|axes|value)=/.test(text),
  );
  return kept.length === 0 ? '' : ` {${kept.join(', ')}}`;
}
