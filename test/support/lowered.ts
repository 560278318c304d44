/**
 * The `lower` rule of an op as a whole kernel, one element of the result a workgroup, run by the
 * kernel interpreter, which checks every load. Sizes are numbers in the kernel, or brought by the
 * dispatch, so that rules are tried with what the compiler knows and what it does not.
 */
import { expect } from 'vitest';
import { evaluateDim } from '../../compiler/graph/dim.ts';
import type { Attributes } from '../../compiler/graph/types.ts';
import * as k from '../../compiler/kernel/build.ts';
import { mathFunctions } from '../../compiler/kernel/math/all.ts';
import { visitStatements } from '../../compiler/kernel/walk.ts';
import { opNamed } from '../../compiler/ops/all.ts';
import { zeros } from '../../compiler/ops/arrays.ts';
import type { ElementAt, LowerContext } from '../../compiler/ops/op.ts';
import type { Expression, Statement } from '../../runtime/artifact/kernel.ts';
import type { ElementType, NdArray } from '../../runtime/artifact/nd-array.ts';
import { compileFunctions } from '../../runtime/interpreter/compile-functions.ts';
import { compileKernel } from '../../runtime/interpreter/compile-kernel.ts';
import { countOf } from '../../compiler/verify/arrays.ts';
import { required, typeOf } from './op-runs.ts';

export interface LoweredRun {
  readonly op: string;
  readonly operands: readonly NdArray[];
  readonly attributes: Attributes;
  /** What the result is like; its data are not looked at. */
  readonly like: NdArray;
  readonly sizes: 'known' | 'open';
}

export function runLowered({ op, operands, attributes, like, sizes }: LoweredRun): NdArray {
  const writer = new Writer(sizes === 'open');
  const index = writer.unflatten(k.workgroup(0), like.shape);
  const value = required(opNamed(op).lower)({
    ...writer.context(),
    index,
    operands: operands.map((operand, i) => elementsOf(`x${i}`, operand)),
    types: operands.map(typeOf),
    attributes,
  });
  const memory = operands.map(toMemory);
  const result = toMemory(zeros(like.dtype, like.shape, 'f32'));
  const stored = like.dtype === 'bool' ? k.select(value, k.int(1), k.int(0)) : value;
  const store: Statement = { kind: 'store', memory: 'y', index: k.workgroup(0), value: stored };
  const buffers = [...memory, result].map((data, i) => ({
    name: i < memory.length ? `x${i}` : 'y',
    element: data instanceof Float32Array ? ('f32' as const) : ('i32' as const),
    access: i < memory.length ? ('read' as const) : ('write' as const),
  }));
  const kernel = {
    name: op,
    buffers,
    sizes: writer.sizes.map(String),
    workgroup: [1, 1, 1] as const,
    shared: [],
    registers: [],
    body: [...writer.statements, store],
  };
  expectSameEverywhere(kernel.body);
  const groups = [countOf(like.shape), 1, 1] as const;
  const dispatch = { kernel: 0, tensors: [], sizes: writer.sizes, step: 0, groups };
  compileKernel(kernel, compileFunctions(mathFunctions), {})(dispatch, [...memory, result]);
  return { ...like, data: like.dtype === 'bool' ? Uint8Array.from(result) : result };
}

/** A minimum or maximum of floats is each target's own where there is a NaN or -0. */
function expectSameEverywhere(body: readonly Statement[]): void {
  visitStatements(body, {
    expression: (e) => {
      if (e.kind !== 'binary' || e.type !== 'f32') return;
      expect(['min', 'max']).not.toContain(e.op);
    },
  });
}

/** A bool lies in memory as an i32. */
function toMemory({ dtype, data }: NdArray): Float32Array | Int32Array {
  return dtype === 'float' ? Float32Array.from(data) : Int32Array.from(data);
}

function elementsOf(memory: string, { dtype, shape }: NdArray): ElementAt {
  return (index) => {
    if (index.length !== shape.length) throw new Error(`${index.length} places in ${memory}`);
    const flat = index.reduce<Expression>(
      (sum, place, axis) => k.add(k.mul(sum, k.int(shape[axis] ?? 1)), place),
      k.int(0),
    );
    return loadOf(memory, dtype, flat);
  };
}

function loadOf(memory: string, dtype: ElementType, index: Expression): Expression {
  const loaded = k.load(memory, index, dtype === 'float' ? 'f32' : 'i32');
  return dtype === 'bool' ? k.notEqual(loaded, k.int(0)) : loaded;
}

type Writes = Pick<LowerContext, 'size' | 'reduce' | 'named'>;

/** Collects the statements that a rule makes on its way. */
class Writer {
  readonly statements: Statement[] = [];
  /** Of the dispatch; the name of a size is its value. */
  readonly sizes: number[] = [];
  private block = this.statements;
  private names = 0;
  private readonly open: boolean;

  constructor(open: boolean) {
    this.open = open;
  }

  context(): Writes {
    return {
      size: (dim) => this.size(evaluateDim(dim, new Map())),
      named: (value) => this.named(value),
      reduce: (extents, initial, next) => {
        const name = this.newName();
        const running = k.local(name, k.typeOf(initial));
        this.block.push({ kind: 'var', name, value: initial });
        this.loop(extents, [], (index) => {
          const value = next(index, running);
          this.block.push({ kind: 'assign', name, value });
        });
        return this.named(running);
      },
    };
  }

  unflatten(flat: Expression, shape: readonly number[]): readonly Expression[] {
    let rest = flat;
    const index: Expression[] = [];
    for (const width of shape.toReversed()) {
      index.unshift(this.named(k.mod(rest, k.int(width))));
      rest = k.div(rest, k.int(width));
    }
    return index;
  }

  private loop(
    extents: readonly Expression[],
    index: readonly Expression[],
    body: (index: readonly Expression[]) => void,
  ): void {
    const [extent, ...inner] = extents;
    if (extent === undefined) return body(index);
    const variable = this.newName();
    const outer = this.block;
    this.block = [];
    this.loop(inner, [...index, k.local(variable, 'i32')], body);
    outer.push(k.forLoop(variable, extent, this.block));
    this.block = outer;
  }

  private size(value: number): Expression {
    if (!this.open) return k.int(value);
    if (!this.sizes.includes(value)) this.sizes.push(value);
    return k.size(String(value));
  }

  private named(value: Expression): Expression {
    const name = this.newName();
    this.block.push({ kind: 'let', name, value });
    return k.local(name, k.typeOf(value));
  }

  private newName(): string {
    return `v${this.names++}`;
  }
}
