/**
 * Random kernels of fours that come in each other's way: loads and stores at nearly the same places
 * of one short memory, aligned and not, of fours and of single elements, in rows and in loops by
 * four elements, with sums that go through inner loops. Whoever takes lanes apart must see when the
 * order of loads and stores matters.
 */
import type * as fc from 'fast-check';
import * as k from '../../../compiler/kernel/build.ts';
import type { Expression, Kernel, Statement } from '../../../runtime/artifact/kernel.ts';
import { Draw, tapes } from './kernels.ts';

/** Elements of each buffer; every index is below. */
export const laneLength = 64;

export const laneKernels: fc.Arbitrary<Kernel> = tapes.map((tape) => {
  const draw = new Draw(tape);
  const drawer = new LaneDrawer(draw);
  return {
    name: 'lanes',
    buffers: [
      { name: 'x', element: 'f32', access: 'read' },
      { name: 'y', element: 'f32', access: 'readWrite' },
      { name: 'z', element: 'f32', access: 'readWrite' },
    ],
    sizes: [],
    workgroup: [1, 1, 1],
    shared: [],
    registers: [],
    body: drawer.block({ wholes: [], counts: [], fours: [], sums: [] }, 3),
  };
});

interface Names {
  /** Whole numbers from 0 below 8. */
  readonly wholes: readonly string[];
  /** Those of them that may change. */
  readonly counts: readonly string[];
  readonly fours: readonly string[];
  /** Fours that may be added to. */
  readonly sums: readonly string[];
}

class LaneDrawer {
  private readonly draw: Draw;
  private count = 0;

  constructor(draw: Draw) {
    this.draw = draw;
  }

  block(outer: Names, depth: number): Statement[] {
    const names = {
      ...{ wholes: [...outer.wholes], counts: [...outer.counts] },
      ...{ fours: [...outer.fours], sums: [...outer.sums] },
    };
    const nested = [
      (): Statement => this.rows(names, depth),
      (): Statement => this.elements(names),
      (): Statement => this.choice(names, depth),
    ];
    const statements: Statement[] = [];
    for (let i = 1 + this.draw.below(6); i > 0; i--) {
      const makers = [
        (): Statement => this.define('let', names.fours, names),
        (): Statement => this.define('var', names.sums, names),
        (): Statement => this.whole('let', names),
        (): Statement => this.whole('var', names),
        (): Statement => this.store(names),
        (): Statement => this.store(names),
        ...(names.sums.length > 0 ? [(): Statement => this.add(names)] : []),
        ...(names.counts.length > 0 ? [(): Statement => this.change(names)] : []),
        ...(depth > 0 ? nested : []),
      ];
      statements.push(this.draw.pick(makers)());
    }
    return statements;
  }

  private name(hint: string): string {
    return `${hint}${this.count++}`;
  }

  private define(kind: 'let' | 'var', names: string[], seen: Names): Statement {
    const value = this.four(seen, 2);
    const name = this.name(kind === 'let' ? 'v' : 's');
    names.push(name);
    return { kind, name, value };
  }

  private whole(
    kind: 'let' | 'var',
    names: { wholes: string[]; counts: string[] } & Names,
  ): Statement {
    const value = this.below8(names);
    const name = this.name(kind === 'let' ? 'i' : 'n');
    names.wholes.push(name);
    if (kind === 'var') names.counts.push(name);
    return { kind, name, value };
  }

  private change(names: Names): Statement {
    return { kind: 'assign', name: this.draw.pick(names.counts), value: this.below8(names) };
  }

  private below8(names: Names): Expression {
    return k.binary('bitAnd', k.add(this.small(names), k.int(this.draw.below(8))), k.int(7));
  }

  private add(names: Names): Statement {
    const name = this.draw.pick(names.sums);
    const sum = k.local(name, 'f32x4');
    return { kind: 'assign', name, value: k.add(sum, this.four(names, 1)) };
  }

  private store(names: Names): Statement {
    const value = this.four(names, 2);
    const memory = this.draw.pick(['y', 'z'] as const);
    const { index, unaligned } = this.place(names);
    return { kind: 'store', memory, index, value, ...(unaligned ? { unaligned } : {}) };
  }

  private rows(names: Names, depth: number): Statement {
    const variable = this.name('row');
    const inside = { ...names, wholes: [...names.wholes, variable] };
    const body = this.block(inside, depth - 1);
    return k.forLoop(variable, k.int(1 + this.draw.below(3)), body);
  }

  private choice(names: Names, depth: number): Statement {
    const condition = k.less(this.small(names), k.int(1 + this.draw.below(7)));
    const [then, otherwise] = [this.block(names, depth - 1), this.block(names, depth - 1)];
    return { kind: 'if', condition, then, otherwise: this.draw.below(2) === 0 ? otherwise : [] };
  }

  /** By fours, from a place that may depend on what is outside. */
  private elements(names: Names): Statement {
    const { draw } = this;
    const variable = this.name('first');
    const at = (): Expression => {
      const begin = k.mul(this.small(names), k.int(draw.pick([4, 1])));
      return draw.below(6) === 0 ? begin : k.add(k.local(variable, 'i32'), begin);
    };
    const fours: string[] = [];
    const body: Statement[] = [];
    for (let i = 1 + draw.below(3); i > 0; i--) {
      const memory = draw.pick(['x', 'y', 'z'] as const);
      const name = this.name('e');
      body.push({ kind: 'let', name, value: k.loadAnywhere(memory, at()) });
      fours.push(name);
      const value = k.add(
        this.four({ ...names, fours: [...names.fours, ...fours] }, 1),
        k.local(name, 'f32x4'),
      );
      const to = draw.pick(['y', 'z'] as const);
      body.push({ kind: 'store', memory: to, index: at(), value, unaligned: true });
    }
    return k.forLoop(variable, k.int(draw.pick([8, 12])), body, k.int(draw.pick([0, 4])), k.int(4));
  }

  private small({ wholes }: Names): Expression {
    const { draw } = this;
    const names = wholes.map((name) => (): Expression => k.local(name, 'i32'));
    return draw.pick([(): Expression => k.int(draw.below(8)), ...names])();
  }

  /** Below 61, so that four elements are there. */
  private place(names: Names): { readonly index: Expression; readonly unaligned: boolean } {
    const unaligned = this.draw.below(3) === 0;
    const [row, column] = [this.small(names), this.small(names)];
    const index = unaligned
      ? k.add(k.mul(row, k.int(4)), column)
      : k.add(k.mul(row, k.int(4)), k.mul(column, k.int(4)));
    return { index, unaligned };
  }

  private four(names: Names, depth: number): Expression {
    const { draw } = this;
    const leaves = [
      (): Expression => {
        const { index, unaligned } = this.place(names);
        const memory = draw.pick(['x', 'y', 'z'] as const);
        return unaligned ? k.loadAnywhere(memory, index) : k.load(memory, index, 'f32x4');
      },
      (): Expression => {
        const { index } = this.place(names);
        return k.unary('splat', k.load(draw.pick(['x', 'y', 'z'] as const), index, 'f32'));
      },
      (): Expression => k.unary('splat', k.float(draw.below(4))),
      ...[...names.fours, ...names.sums].map((name) => () => k.local(name, 'f32x4')),
    ];
    if (depth === 0 || draw.below(3) === 0) return draw.pick(leaves)();
    const part = (): Expression => this.four(names, depth - 1);
    return draw.pick([
      ...leaves,
      (): Expression => k.add(part(), part()),
      (): Expression => k.sub(part(), part()),
      (): Expression => k.select(k.less(this.small(names), k.int(2)), part(), part()),
      ...(draw.below(8) === 0 ? [(): Expression => k.unary('splat', k.lane(part(), 1))] : []),
    ])();
  }
}
