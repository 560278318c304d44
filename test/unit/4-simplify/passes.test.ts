/**
 * What each pass does, by counts and by shape; that it keeps the numbers is a law of test/property.
 */
import { describe, expect, it } from 'vitest';
import { composeLayouts } from '../../../compiler/4-simplify/compose-layouts.ts';
import { foldConstants } from '../../../compiler/4-simplify/fold-constants.ts';
import { hoistInvariants } from '../../../compiler/4-simplify/hoist-invariants.ts';
import { removeDeadCode } from '../../../compiler/4-simplify/remove-dead-code.ts';
import { shareCommonSubexpressions } from '../../../compiler/4-simplify/share-common-subexpressions.ts';
import { passes, simplify } from '../../../compiler/4-simplify/simplify.ts';
import * as build from '../../../compiler/graph/build.ts';
import { fixed, symbol } from '../../../compiler/graph/dim.ts';
import { emitScan, scanParts } from '../../../compiler/graph/scan.ts';
import { tensor, type Builder, type Graph, type Value } from '../../../compiler/graph/types.ts';
import { GraphBuilder } from '../../../compiler/ops/builder.ts';
import { floats } from '../../../compiler/verify/arrays.ts';
import { run } from '../../support/central-differences.ts';
import { bodyOf, scansOf } from '../../support/graph-queries.ts';
import { recurrentGraph } from '../../support/recurrent-graphs.ts';

const [batch, time, two, three] = [symbol('B'), symbol('T'), fixed(2), fixed(3)];

/** y = f(x) for x [B, 2]. */
function graphOf(f: (b: Builder, x: Value) => Value): Graph {
  const b = new GraphBuilder();
  const x = b.parameter('x', tensor('float', [batch, two]), 'input');
  return b.finish('test', [{ name: 'y', value: f(b, x) }]);
}

/** The ops of a graph, in order, after dead code is gone. */
function opsAfter(pass: (graph: Graph) => Graph, f: (b: Builder, x: Value) => Value): string[] {
  return removeDeadCode(pass(graphOf(f))).instructions.map((i) => i.op);
}

const number = build.constant;

describe('foldConstants', () => {
  const fold = (f: (b: Builder, x: Value) => Value): string[] => opsAfter(foldConstants, f);

  it('drops neutral operands', () => {
    expect(fold((b, x) => build.mul(b, x, number(b, 1)))).toEqual([]);
    expect(fold((b, x) => build.add(b, number(b, 0), x))).toEqual([]);
    expect(fold((b, x) => build.sub(b, x, number(b, 0)))).toEqual([]);
    expect(fold((b, x) => build.div(b, x, number(b, 1)))).toEqual([]);
    expect(fold((b, x) => build.pow(b, x, number(b, 1)))).toEqual([]);
    expect(fold((b, x) => build.neg(b, build.neg(b, x)))).toEqual([]);
    expect(fold((b, x) => build.mul(b, x, number(b, -1)))).toEqual(['neg']);
    expect(fold((b, x) => build.add(b, x, build.neg(b, x)))).toEqual(['sub']);
  });

  it('keeps x * 0 and 0 - x, which are not always 0 and -x', () => {
    expect(fold((b, x) => build.mul(b, x, number(b, 0)))).toContain('mul');
    expect(fold((b, x) => build.sub(b, number(b, 0), x))).toContain('sub');
    const zero = graphOf((b, x) => build.mul(b, x, number(b, 0)));
    const found = run(foldConstants(zero), new Map([['x', floats([1, 2], [Infinity, 2])]]));
    expect([...(found.get('y')?.data ?? [])]).toEqual([NaN, 0]);
  });

  it('computes what is known, through broadcasts', () => {
    const ops = fold((b, x) => {
      const one = build.filled(b, 1, x.type.shape);
      const half = build.sub(b, one, build.exp(b, build.filled(b, 0, x.type.shape)));
      return build.add(b, x, half);
    });
    expect(ops).toEqual([]);
    const sized = fold((b, x) => build.mul(b, x, build.div(b, build.size(b, two), number(b, 2))));
    expect(sized).toEqual([]);
  });

  it('decides selects', () => {
    const always = (b: Builder): Value => build.less(b, number(b, 1), number(b, 2));
    expect(fold((b, x) => build.select(b, always(b), x, build.exp(b, x)))).toEqual([]);
    expect(fold((b, x) => build.select(b, build.less(b, x, number(b, 2)), x, x))).toEqual([]);
  });

  it('knows in a body what the scan passes in', () => {
    const graph = hoistInvariants(
      scanOver((b, s, x) => {
        const zero = build.filled(b, 0, s.type.shape);
        return build.add(b, s, build.add(b, x, zero));
      }),
    );
    expect(bodyOps(graph)).toEqual(['add', 'add']);
    expect(bodyOps(removeDeadCode(foldConstants(graph)))).toEqual(['add']);
  });
});

describe('composeLayouts', () => {
  const compose = (f: (b: Builder, x: Value) => Value): string[] => opsAfter(composeLayouts, f);

  it('joins and drops', () => {
    const swap = [1, 0];
    const grid = [three, batch, two];
    expect(compose((b, x) => build.transpose(b, build.transpose(b, x, swap), swap))).toEqual([]);
    expect(
      compose((b, x) =>
        build.broadcast(b, build.broadcast(b, x, grid, [1, 2]), [batch, ...grid], [1, 2, 3]),
      ),
    ).toEqual(['broadcast']);
    expect(
      compose((b, x) => build.slice(b, build.concat(b, [x, build.exp(b, x)], 1), 1, two, two)),
    ).toEqual(['exp']);
    expect(
      compose((b, x) => {
        const four = build.concat(b, [x, x], 1);
        return build.slice(b, build.slice(b, four, 1, fixed(1), three), 1, fixed(1), fixed(1));
      }),
    ).toEqual(['concat', 'slice']);
    expect(compose((b, x) => build.slice(b, x, 1, fixed(0), two))).toEqual([]);
  });

  it('permutes in the right order', () => {
    const b = new GraphBuilder();
    const x = b.parameter('x', tensor('float', [fixed(1), two, three]), 'input');
    const y = build.transpose(b, build.transpose(b, x, [1, 2, 0]), [0, 2, 1]);
    const graph = b.finish('test', [{ name: 'y', value: y }]);
    const inputs = new Map([['x', floats([1, 2, 3], [1, 2, 3, 4, 5, 6])]]);
    expect(run(composeLayouts(graph), inputs)).toEqual(run(graph, inputs));
  });
});

describe('shareCommonSubexpressions', () => {
  it('gives equal instructions one copy', () => {
    const ops = opsAfter(shareCommonSubexpressions, (b, x) => {
      const one = (): Value => build.exp(b, build.add(b, x, number(b, 1)));
      return build.mul(b, one(), one());
    });
    expect(ops).toEqual(['constant', 'broadcast', 'add', 'exp', 'mul']);
  });

  it('tells constants apart that JSON does not', () => {
    const ops = opsAfter(shareCommonSubexpressions, (b, x) =>
      build.add(b, build.max(b, x, number(b, -Infinity)), build.min(b, x, number(b, Infinity))),
    );
    expect(ops.filter((op) => op === 'constant')).toHaveLength(2);
  });

  it('merges ys that are one value', () => {
    const graph = scanOver((b, s, x) => build.add(b, s, x), 3);
    const scan = scansOf(shareCommonSubexpressions(graph))[0];
    expect(scan && scanParts(scan).ys).toHaveLength(1);
  });
});

describe('removeDeadCode', () => {
  it('drops ys, xs, constants and carries that nobody uses', () => {
    const b = new GraphBuilder();
    const x = b.parameter('x', tensor('float', [batch, time, two]), 'input');
    const s = b.parameter('s', tensor('float', [batch, two]), 'state');
    const inside = new GraphBuilder();
    const [k, used, own, step, other] = ['k', 'used', 'own', 'step', 'other'].map((name) =>
      inside.parameter(name, s.type, 'local'),
    );
    if (!k || !used || !own || !step || !other) throw new Error('five parameters');
    const body = inside.finish('step', [
      { name: 'used', value: build.add(inside, used, step) },
      { name: 'own', value: build.mul(inside, own, k) },
      { name: 'y', value: build.exp(inside, other) },
    ]);
    const scan = { lengths: undefined, reverse: false, time, body };
    const { finals } = emitScan(b, { ...scan, constants: [s], carries: [s, s], xs: [x, x] });
    const graph = b.finish('test', [{ name: 'y', value: finals[0] ?? s }]);
    const [left] = scansOf(removeDeadCode(graph));
    const parts = left && scanParts(left);
    expect(parts?.constants).toHaveLength(0);
    expect(parts?.bodyCarries.map((p) => p.name)).toEqual(['used']);
    expect(parts?.bodyXs.map((p) => p.name)).toEqual(['step']);
    expect(parts?.ys).toHaveLength(0);
    expect(parts?.body.instructions.map((i) => i.op)).toEqual(['add']);
  });

  it('leaves a scan one operand that tells its rows', () => {
    const graph = scanOver((b, s) => build.filled(b, 1, s.type.shape));
    const cut = { ...graph, results: graph.results.slice(0, 1) };
    const inputs = new Map([
      ['x', floats([1, 2, 2], [1, 2, 3, 4])],
      ['s', floats([1, 2], [5, 6])],
    ]);
    expect(run(simplify(cut), inputs).get('y0')?.data).toEqual(Float64Array.of(1, 1, 1, 1));
  });
});

describe('hoistInvariants', () => {
  it('moves what does not vary before the scan', () => {
    const graph = recurrentGraph({ cell: 'gru', lengths: true, reverse: false, layers: 1 });
    const hoisted = hoistInvariants(graph);
    expect(bodyOps(graph).filter((op) => op === 'broadcast')).toHaveLength(4);
    expect(bodyOps(hoisted).filter((op) => op === 'broadcast' || op === 'constant')).toEqual([]);
    const [scan] = hoisted.instructions.filter((i) => i.op === 'broadcast');
    expect(scan?.origin?.layer).toBe('gru.l0');
  });

  it('makes a constant of a carry that stays', () => {
    const graph = hoistInvariants(scanOver((_b, s) => s));
    const [scan] = scansOf(graph);
    expect(scan && scanParts(scan).carries).toHaveLength(0);
    const inputs = new Map([
      ['x', floats([1, 2, 2], [1, 2, 3, 4])],
      ['s', floats([1, 2], [5, 6])],
    ]);
    expect(run(graph, inputs).get('final')?.data).toEqual(Float64Array.of(5, 6));
  });
});

it('lists passes under names of their own', () => {
  expect(new Set(passes.map((p) => p.name)).size).toBe(passes.length);
});

it('shows the graph after every pass', () => {
  const seen: string[] = [];
  simplify(
    graphOf((_b, x) => x),
    (_graph, pass) => seen.push(pass),
  );
  expect(seen).toEqual(passes.map((p) => p.name));
});

/** Carry s [B, 2] and x [B, T, 2]: the next carry is also each of the ys. */
function scanOver(step: (b: Builder, s: Value, x: Value) => Value, ys = 1): Graph {
  const b = new GraphBuilder();
  const x = b.parameter('x', tensor('float', [batch, time, two]), 'input');
  const s = b.parameter('s', tensor('float', [batch, two]), 'state');
  const inside = new GraphBuilder();
  const state = inside.parameter('s', s.type, 'local');
  const at = inside.parameter('x', s.type, 'local');
  const next = step(inside, state, at);
  const body = inside.finish('step', [
    { name: 's', value: next },
    ...Array.from({ length: ys }, (_, i) => ({ name: `y${i}`, value: next })),
  ]);
  const scan = { constants: [], carries: [s], xs: [x], lengths: undefined, reverse: false };
  const results = emitScan(b, { ...scan, time, body });
  return b.finish('test', [
    ...results.ys.map((value, i) => ({ name: `y${i}`, value })),
    { name: 'final', value: results.finals[0] ?? s },
  ]);
}

function bodyOps(graph: Graph): string[] {
  return scansOf(graph).flatMap((scan) => bodyOf(scan).instructions.map((i) => i.op));
}
