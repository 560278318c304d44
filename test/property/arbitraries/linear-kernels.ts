/**
 * Random kernels of loops over memory at indexes that are linear in the loops' variables, as inner
 * loops of products are: sums of f32x4 and f32 that go along rows, with constants on either side,
 * some of them under a condition, some through a `let`. All numbers are whole and small, so that
 * every target has the same bits. One workgroup does a part of the rows.
 */
import type * as fc from 'fast-check';
import * as k from '../../../compiler/kernel/build.ts';
import type { Expression, Kernel, Statement } from '../../../runtime/artifact/kernel.ts';
import { Draw, tapes } from './kernels.ts';

export interface LinearKernel {
  readonly kernel: Kernel;
  readonly sizes: readonly number[];
  readonly groups: readonly [number, number, number];
}

/** Every index is held within this, wherever a loop may have come. */
export const bufferLength = 4096;

export const linearKernels: fc.Arbitrary<LinearKernel> = tapes.map((tape) => {
  const draw = new Draw(tape);
  const kernel = new LinearDrawer(draw).kernel();
  const sizes = kernel.sizes.map(() => draw.below(5));
  return { kernel, sizes, groups: [1 + draw.below(3), 1 + draw.below(2), 1 + draw.below(2)] };
});

const f32x4 = 'f32x4';
const first = 512;

class LinearDrawer {
  private readonly draw: Draw;
  private count = 0;
  private sums: string[] = [];
  private scalars: string[] = [];

  constructor(draw: Draw) {
    this.draw = draw;
  }

  kernel(): Kernel {
    const { draw } = this;
    const body: Statement[] = [];
    for (let i = draw.pick([2, 9, 12]); i > 0; i--) this.sums.push(this.variable(body, f32x4));
    for (let i = draw.below(3); i > 0; i--) this.scalars.push(this.variable(body, 'f32'));
    const outer = this.name('i');
    const known = [k.local(outer, 'i32'), k.workgroup(0), k.workgroup(1), k.workgroup(2)];
    const inside = [...this.lets(known), ...this.loops(known), ...this.stores(known)];
    body.push(k.forLoop(outer, k.int(1 + draw.below(3)), inside));
    return {
      name: 'linear',
      buffers: [
        { name: 'x', element: 'f32', access: 'read' },
        { name: 'n', element: 'i32', access: 'read' },
        { name: 'y', element: 'f32', access: 'readWrite' },
      ],
      sizes: ['a', 'b', 'c'],
      workgroup: [1, 1, 1],
      shared: [{ name: 'tile', element: 'f32', length: 64 }],
      registers: [{ name: 'own', element: 'f32', length: 16 }],
      body,
    };
  }

  private name(hint: string): string {
    return `${hint}${this.count++}`;
  }

  private variable(body: Statement[], type: 'f32' | 'f32x4'): string {
    const name = this.name('s');
    const zero = k.float(0);
    body.push({ kind: 'var', name, value: type === 'f32' ? zero : k.unary('splat', zero) });
    return name;
  }

  /** Numbers that stand for parts of indexes; they join what is known. */
  private lets(known: Expression[]): Statement[] {
    return this.draw.times(3, (): Statement => {
      const name = this.name('p');
      const value = this.linear(known);
      known.push(k.local(name, 'i32'));
      return { kind: 'let', name, value };
    });
  }

  private linear(known: readonly Expression[]): Expression {
    const { draw } = this;
    const sizes = ['a', 'b', 'c'].map(k.size);
    const atom = (): Expression => draw.pick([...known, ...sizes, k.int(draw.below(7))]);
    let sum = atom();
    for (let i = draw.below(4); i > 0; i--) {
      const next = draw.pick([
        () => k.add(sum, atom()),
        () => k.sub(sum, k.int(draw.below(5))),
        () => k.add(sum, k.mul(atom(), k.int(draw.pick([1, 2, 4, 5])))),
        () => k.add(k.mul(sum, k.int(2)), atom()),
        () => k.add(sum, k.mod(k.binary('bitAnd', atom(), k.int(255)), k.int(3))),
        () => k.sub(sum, atom()),
        () => k.add(sum, k.load('n', k.binary('bitAnd', atom(), k.int(1023)), 'i32')),
      ]);
      sum = next();
    }
    return sum;
  }

  private loops(known: readonly Expression[]): Statement[] {
    const { draw } = this;
    return draw.times(3, () => {
      const variable = this.name('k');
      const from = draw.pick([k.int(0), k.int(draw.below(3)), k.size('a'), known[0] ?? k.int(0)]);
      const to = draw.pick([k.int(6), k.int(draw.below(9)), k.size('b'), k.add(from, k.size('c'))]);
      const step = draw.pick([k.int(1), k.int(2), k.add(k.size('c'), k.int(1))]);
      return k.forLoop(variable, to, this.turn([...known, k.local(variable, 'i32')]), from, step);
    });
  }

  private turn(known: Expression[]): Statement[] {
    const { draw } = this;
    const variable = known.at(-1) ?? k.int(0);
    const body: Statement[] = [...this.lets(known)];
    for (const sum of this.sums) body.push(this.addTo(sum, f32x4, known));
    for (const sum of this.scalars) body.push(this.addTo(sum, 'f32', known));
    if (draw.below(3) === 0) {
      const condition = k.less(k.int(draw.below(4)), variable);
      body.push(...k.when(condition, this.stores([...known, variable])));
    }
    if (draw.below(4) === 0) body.push(...this.stores(known));
    return body;
  }

  private addTo(name: string, type: 'f32' | 'f32x4', known: readonly Expression[]): Statement {
    const value = this.value(type, known);
    const sum = k.local(name, type);
    return { kind: 'assign', name, value: this.small(k.add(sum, value), type) };
  }

  /** Below 1024, so that it stays a whole number. */
  private small(x: Expression, type: 'f32' | 'f32x4'): Expression {
    const like = (value: number): Expression =>
      type === 'f32' ? k.float(value) : k.unary('splat', k.float(value));
    const turns = k.unary('floor', k.mul(x, like(1 / 1024)));
    return this.draw.below(3) > 0 ? x : k.sub(x, k.mul(turns, like(1024)));
  }

  private value(type: 'f32' | 'f32x4', known: readonly Expression[]): Expression {
    const { draw } = this;
    const memory = draw.pick(['x', 'x', 'y', 'tile', 'own'] as const);
    if (type === 'f32') return this.element(memory, known);
    const four = this.four(memory, known);
    const splat = k.unary('splat', this.element(draw.pick(['x', 'y'] as const), known));
    const pack = k.pack([0, 1, 2, 3].map(() => this.element('x', known)));
    return draw.pick([four, splat, k.add(four, splat), pack]);
  }

  private element(memory: string, known: readonly Expression[]): Expression {
    return k.load(memory, this.index(memory, known), 'f32');
  }

  private four(memory: string, known: readonly Expression[]): Expression {
    const load = { ...({ kind: 'load', type: f32x4 } as const), memory };
    const index = this.index(memory, known);
    if (isBuffer(memory)) return { ...load, index, unaligned: true };
    return { ...load, index: fours(index) };
  }

  /** Within the buffers by its parts being small, within arrays by a mask. */
  private index(memory: string, known: readonly Expression[]): Expression {
    const linear = this.linear(known);
    if (isBuffer(memory)) return k.add(linear, k.int(first));
    return k.binary('bitAnd', linear, k.int(15));
  }

  private stores(known: readonly Expression[]): Statement[] {
    return this.draw.times(3, (): Statement => {
      const memory = this.draw.pick(['y', 'tile', 'own'] as const);
      const index = this.index(memory, known);
      const ofFour = this.draw.below(2) === 0;
      const name = this.draw.pick(ofFour ? this.sums : [...this.scalars, '']);
      if (ofFour) {
        const value = this.small(k.local(name, f32x4), f32x4);
        const store = { ...({ kind: 'store' } as const), memory, value };
        if (isBuffer(memory)) return { ...store, index, unaligned: true };
        return { ...store, index: fours(index) };
      }
      const value = name === '' ? this.element('x', known) : k.local(name, 'f32');
      return { kind: 'store', memory, index, value };
    });
  }
}

function isBuffer(memory: string): boolean {
  return memory === 'x' || memory === 'y';
}

/** Arrays hold fours at multiples of 4 alone. */
function fours(index: Expression): Expression {
  return k.mul(k.binary('bitAnd', index, k.int(3)), k.int(4));
}
