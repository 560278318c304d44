/**
 * Random functions as instructions, written in ways that no printer of ours would: locals that are
 * written in the middle of expressions, read before they are written, carried around loops, left
 * unread; loads between stores; blocks that are left early. They read and write the words below
 * `memoryWords`, and always end.
 */
import type * as fc from 'fast-check';
import { Code } from '../../../compiler/6-emit/wasm/code.ts';
import { Module } from '../../../compiler/6-emit/wasm/module.ts';
import { op } from '../../../compiler/6-emit/wasm/opcodes.ts';
import { Draw, tapes } from './kernels.ts';

/** Builds the module, small or not; it exports `run`, which takes two i32. */
export type WriteModule = (small: boolean) => Module;

export const memoryWords = 16;

const binaries = [
  ...[op.i32Add, op.i32Sub, op.i32Mul, op.i32And, op.i32Or, op.i32Xor, op.i32Shl, op.i32ShrU],
  ...[op.i32LtS, op.i32GtS, op.i32LeS, op.i32GeS, op.i32Eq, op.i32Ne, op.i32LtU],
];

export const wasmModules: fc.Arbitrary<WriteModule> = tapes.map((tape) => (small) => {
  const draw = new Draw(tape);
  const module = new Module('random', false, small);
  const leaf = module.declare('leaf', { parameters: ['i32'], result: 'i32' });
  const pure = module.declare('pure', { parameters: ['i32'], result: 'i32' });
  const works = [0, 1].map(() => module.declare('work', { parameters: ['i32', 'i32', 'i32'] }));
  const run = module.declare('run', { parameters: ['i32', 'i32'] });
  module.define(leaf, new CodeDrawer(draw, 1, { pure: [], works: [] }).value());
  module.define(pure, new CodeDrawer(draw, 1, { pure: [leaf], works: [] }).value());
  for (const at of works) {
    const code = new CodeDrawer(draw, 3, { pure: [leaf, pure], works: [] }).statements();
    module.define(at, code, draw.below(2) === 1);
  }
  const calls = { pure: [leaf, pure], works };
  module.define(run, new CodeDrawer(draw, 2, calls).statements(), draw.below(2) === 1);
  module.export('run', run);
  return module;
});

interface Calls {
  /** Functions that give a number of one. */
  readonly pure: readonly number[];
  /** Functions of three numbers that do something. */
  readonly works: readonly number[];
}

class CodeDrawer {
  private readonly draw: Draw;
  private readonly code: Code;
  private readonly locals: number[];
  private readonly calls: Calls;

  constructor(draw: Draw, parameters: number, calls: Calls) {
    this.draw = draw;
    this.code = new Code(parameters);
    this.calls = calls;
    this.locals = [...Array(parameters).keys()];
    for (let i = 0; i < 6; i++) this.locals.push(this.code.local('i32'));
  }

  /** Of numbers alone: it neither reads nor writes memory, and has no loops. */
  value(): Code {
    const { draw, code } = this;
    for (let i = draw.below(4); i > 0; i--) {
      this.expression(2, false);
      code.set(draw.pick(this.locals));
    }
    this.expression(3, false);
    return code;
  }

  /** At the end all locals go to memory. */
  statements(): Code {
    this.block(3);
    this.locals.forEach((local, i) => {
      this.code.i32(4 * (i % memoryWords));
      this.code.get(local);
      this.code.op(op.i32Store, 2, 0);
    });
    return this.code;
  }

  private block(depth: number): void {
    for (let i = 1 + this.draw.below(5); i > 0; i--) this.statement(depth);
  }

  private statement(depth: number): void {
    const { draw, code } = this;
    const kind = draw.below(depth > 0 ? 10 : 6);
    if (kind < 3) {
      this.expression(3, true);
      code.set(draw.pick(this.locals));
    } else if (kind < 5) {
      this.address();
      this.expression(2, true);
      code.op(op.i32Store, 2, 0);
    } else if (kind === 5) {
      this.call();
    } else if (kind < 8) {
      this.choice(depth);
    } else if (kind === 8) {
      this.loop(depth);
    } else {
      this.leftEarly(depth);
    }
  }

  private call(): void {
    const { draw, code, calls } = this;
    if (calls.works.length === 0) {
      this.expression(2, true);
      return code.op(op.drop);
    }
    if (draw.below(2) === 1) code.i32(draw.below(3));
    else this.expression(1, true);
    code.i32(5);
    this.expression(2, true);
    code.op(op.call, draw.pick(calls.works));
  }

  private choice(depth: number): void {
    const { draw, code } = this;
    this.expression(2, true);
    code.open(op.if);
    this.block(depth - 1);
    if (draw.below(2) === 1) {
      code.op(op.else);
      this.block(depth - 1);
    }
    code.end();
  }

  /** Its counter is its own: whatever else is done, it ends. */
  private loop(depth: number): void {
    const { draw, code } = this;
    const counter = code.local('i32');
    code.i32(0);
    code.set(counter);
    code.open(op.loop);
    this.block(depth - 1);
    code.get(counter);
    code.i32(1);
    code.op(op.i32Add);
    code.tee(counter);
    code.i32(1 + draw.below(3));
    code.op(op.i32LtS);
    code.op(op.brIf, 0);
    code.end();
  }

  private leftEarly(depth: number): void {
    const { code } = this;
    code.open(op.block);
    this.block(depth - 1);
    this.expression(2, true);
    code.op(op.brIf, 0);
    this.block(depth - 1);
    code.end();
  }

  private address(): void {
    const { code } = this;
    this.expression(1, true);
    code.i32(memoryWords - 1);
    code.op(op.i32And);
    code.i32(2);
    code.op(op.i32Shl);
  }

  /** Of memory only if that is allowed. */
  private expression(depth: number, memory: boolean): void {
    const { draw, code, calls } = this;
    const kind = depth === 0 ? draw.below(3) : draw.below(memory ? 9 : 8);
    if (kind === 0) return code.i32(draw.pick([0, 1, 2, 5, -1, 31, 64, 2147483647]));
    if (kind < 3) return code.get(draw.pick(this.locals));
    this.expression(kind === 8 ? 0 : depth - 1, memory);
    if (kind === 3) return code.tee(draw.pick(this.locals));
    if (kind < 6) {
      this.expression(depth - 1, memory);
      return code.op(draw.pick(binaries));
    }
    if (kind === 6) {
      this.expression(depth - 1, memory);
      this.expression(depth - 1, memory);
      return code.op(op.select);
    }
    if (kind === 7) {
      if (calls.pure.length === 0) return code.op(op.i32Eqz);
      return code.op(op.call, draw.pick(calls.pure));
    }
    code.i32(memoryWords - 1);
    code.op(op.i32And);
    code.i32(2);
    code.op(op.i32Shl);
    code.op(op.i32Load, 2, 0);
  }
}
