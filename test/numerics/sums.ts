/**
 * Errors of sums and products of matrices: |found - exact| in multiples of u Σ|terms|, u = 2^-24
 * being half an ulp of 1. A sum in any order is within n - 1 of them, a product of matrices within
 * n (Higham 2002, §4.2 and §3.1); orders in parts stay far below. All of it is drawn by a seed.
 */
import { fixed } from '../../compiler/graph/dim.ts';
import { tensor, type Attributes, type Graph } from '../../compiler/graph/types.ts';
import { emitWasm, type WasmOptions } from '../../compiler/6-emit/wasm/emit.ts';
import { formsOn } from '../../compiler/cli/gpu/forms.ts';
import { allowRelaxedSimd } from '../../compiler/cli/wasm/relaxed.ts';
import { interpret } from '../../compiler/interpret/interpret.ts';
import { GraphBuilder } from '../../compiler/ops/builder.ts';
import { kernelProgram } from '../../compiler/pipeline.ts';
import type { NdArray } from '../../runtime/artifact/nd-array.ts';
import { WasmExecutable } from '../../runtime/wasm/wasm-executable.ts';
import { countOf, drawer } from '../../compiler/verify/arrays.ts';
import { required } from '../support/op-runs.ts';
import { webgpuExecutable, type Gpu } from './backends.ts';

/** Worst error of each backend, in multiples of u Σ|terms|. */
export interface SumsRow {
  readonly op: string;
  readonly shape: string;
  readonly signs: Signs;
  /** Terms of a sum. */
  readonly n: number;
  readonly errors: Readonly<Record<string, number>>;
}

/** Errors are larger where all partial sums grow, and cancel where signs differ. */
export type Signs = 'either' | 'positive';

export interface SumsRecord {
  readonly rows: readonly SumsRow[];
}

export const sumSizes = [16, 256, 4096, 65536];

interface SumCase extends Omit<SumsRow, 'errors'> {
  readonly graph: Graph;
  readonly inputs: ReadonlyMap<string, NdArray>;
  /** The same inputs without signs, whose sums are Σ|terms|. */
  readonly sizes: ReadonlyMap<string, NdArray>;
}

export interface SumsOptions {
  /** The longest sums. */
  readonly upTo?: number;
  readonly tell?: (line: string) => void;
}

export async function measureSums(
  gpu: Gpu | undefined,
  { upTo = Infinity, tell }: SumsOptions = {},
): Promise<SumsRecord> {
  const rows: SumsRow[] = [];
  for (const op of sumOps) {
    for (const signs of ['either', 'positive'] as const) {
      for (const n of sumSizes.filter((size) => size <= upTo)) {
        rows.push(await measureCase(caseOf(op, n, signs), gpu));
        tell?.(`${op} of ${n}, signs ${signs}`);
      }
    }
  }
  return { rows };
}

export const sumOps = ['reduceSum', 'dot', 'scatterAdd'] as const;

type SumOp = (typeof sumOps)[number];

const rows = 32;

function caseOf(op: SumOp, n: number, signs: Signs): SumCase {
  const draw = drawer(n);
  const numbers = (shape: readonly number[]): NdArray => drawn(draw, shape, signs);
  const make = (operands: Readonly<Record<string, NdArray>>, attributes: Attributes): SumCase =>
    sumCase({ op, n, signs }, operands, attributes);
  switch (op) {
    case 'reduceSum':
      return make({ x: numbers([rows, n]) }, { axes: [1] });
    case 'dot': {
      const contract = { contractLeft: [1], contractRight: [0], batchLeft: [], batchRight: [] };
      return make({ x: numbers([rows, n]), y: numbers([n, 16]) }, contract);
    }
    case 'scatterAdd': {
      // All into one row.
      const ids: NdArray = { dtype: 'int', shape: [n], data: new Int32Array(n) };
      return make({ ids, x: numbers([n, rows]) }, { rows: fixed(1), batch: 0 });
    }
  }
  op satisfies never;
}

function sumCase(
  about: Pick<SumCase, 'op' | 'n' | 'signs'>,
  operands: Readonly<Record<string, NdArray>>,
  attributes: Attributes,
): SumCase {
  const b = new GraphBuilder();
  const entries = Object.entries(operands);
  const values = entries.map(([name, { dtype, shape }]) =>
    b.parameter(name, tensor(dtype, shape.map(fixed)), 'input'),
  );
  const [z] = b.emitMany(about.op, values, attributes);
  const graph = b.finish(about.op, [{ name: 'z', value: required(z) }]);
  const shape = entries.map(([, array]) => `[${array.shape.join(', ')}]`).join(', ');
  const sizes = entries.map(([name, array]) => {
    const data = array.data instanceof Float32Array ? array.data.map(Math.abs) : array.data;
    return [name, { ...array, data }] as const;
  });
  return { ...about, shape, graph, inputs: new Map(entries), sizes: new Map(sizes) };
}

/** Numbers in [-1, 1) or in [0, 1). */
function drawn(draw: () => number, shape: readonly number[], signs: Signs): NdArray {
  const number = signs === 'either' ? () => 2 * draw() - 1 : draw;
  return { dtype: 'float', shape, data: Float32Array.from({ length: countOf(shape) }, number) };
}

async function measureCase(one: SumCase, gpu: Gpu | undefined): Promise<SumsRow> {
  const { graph, inputs, sizes, ...about } = one;
  const evaluate = (given: typeof inputs, precision: 'f64' | 'f32'): NdArray =>
    required(interpret(graph, given, { precision }).get('z'));
  const [exact, scale] = [evaluate(inputs, 'f64'), evaluate(sizes, 'f64')];
  const worst = (found: NdArray): number => worstError(found, exact, scale);
  const errors: Record<string, number> = {
    'wasm simd': worst(await onWasm(graph, inputs, 'simd')),
    'wasm relaxed': worst(await onWasm(graph, inputs, 'relaxed')),
    'interpreter f32': worst(evaluate(inputs, 'f32')),
  };
  if (gpu !== undefined) {
    const executable = await webgpuExecutable(gpu, kernelProgram(graph, formsOn(gpu.software)));
    errors.webgpu = worst(required((await executable.run(inputs)).get('z')));
    executable.close();
  }
  return { ...about, errors };
}

async function onWasm(
  graph: Graph,
  inputs: ReadonlyMap<string, NdArray>,
  form: WasmOptions['form'],
): Promise<NdArray> {
  allowRelaxedSimd();
  const program = kernelProgram(graph, { device: 'simd' });
  const module = emitWasm(program, { form, threads: false, profile: false });
  const executable = await WasmExecutable.create({ program, module });
  const z = required((await executable.run(inputs)).get('z'));
  executable.close();
  return z;
}

function worstError(found: NdArray, exact: NdArray, scale: NdArray): number {
  let worst = 0;
  for (let i = 0; i < exact.data.length; i++) {
    const error = Math.abs((found.data[i] ?? NaN) - (exact.data[i] ?? NaN));
    // Where there are no terms, the sum is 0.
    const share = error === 0 ? 0 : error / (2 ** -24 * (scale.data[i] ?? NaN));
    worst = Math.max(worst, share);
  }
  return worst;
}
