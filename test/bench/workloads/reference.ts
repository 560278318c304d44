/**
 * What Gatework's interpreter answers in f64: the first calls of a workload, which every
 * contestant must reproduce before it is timed. A training step of full size takes the interpreter
 * long, so its losses are kept in reference.json, under a digest of all that they depend on.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Interpreter } from '../../../compiler/interpret/interpret.ts';
import type { NdArray } from '../../../runtime/artifact/nd-array.ts';
import { callsOf } from './calls.ts';
import type { Arrays } from './blocks.ts';
import { checkedCalls, checkedNumbers, checkedRows } from './checked.ts';
import { drawArrays } from './draw.ts';
import { bindingsOf, compileWorkload, givenTo } from './graph.ts';
import type { Sizes, Workload } from './workloads.ts';

const file = join(import.meta.dirname, 'reference.json');

/** The checked numbers (checked.ts) of the first calls, one after another. */
export async function reference(workload: Workload, sizes: Sizes): Promise<readonly number[]> {
  if (workload.mode !== 'train' || sizes.batch * sizes.time < 256) {
    return compute(workload, sizes);
  }
  const key = digestOf(workload, sizes);
  const known = readKept();
  const found = known[key];
  if (found !== undefined) return found.losses;
  console.error(`${workload.name}: asking the interpreter, once for all; this takes a minute …`);
  const losses = await compute(workload, sizes);
  const others = Object.entries(known).filter(([, { name }]) => name !== workload.name);
  const kept = { ...Object.fromEntries(others), [key]: { name: workload.name, losses } };
  writeFileSync(file, `${JSON.stringify(kept, null, 2)}\n`);
  return losses;
}

interface Kept {
  readonly name: string;
  readonly losses: readonly number[];
}

function readKept(): Readonly<Record<string, Kept>> {
  if (!existsSync(file)) return {};
  return JSON.parse(readFileSync(file, 'utf8')) as Record<string, Kept>;
}

function digestOf(workload: Workload, sizes: Sizes): string {
  const hash = createHash('sha256').update(JSON.stringify([workload.spec, sizes]));
  for (const { data } of drawArrays(workload, sizes).values()) hash.update(data);
  return hash.digest('hex').slice(0, 16);
}

async function compute(workload: Workload, sizes: Sizes): Promise<readonly number[]> {
  // Rows of a batch know nothing of each other: those that nobody looks at are left out.
  const rows = checkedRows(workload, sizes);
  const fewer = rows.length === 0 ? sizes : { ...sizes, batch: rows.length };
  const arrays = withRows(drawArrays(workload, sizes), rows);
  const compiled = compileWorkload(workload, 'interpreter');
  const options = { precision: 'f64', bindings: bindingsOf(fewer) } as const;
  const interpreter = new Interpreter(compiled.graph, options);
  const call = callsOf(interpreter, compiled, givenTo(compiled, arrays, fewer));
  const numbers: number[] = [];
  for (let i = 0; i < checkedCalls(workload); i++) {
    numbers.push(...checkedNumbers(workload, fewer, await call()));
  }
  return numbers;
}

function withRows(arrays: Arrays, rows: readonly number[]): Arrays {
  const x = arrays.get('x');
  if (rows.length === 0 || x === undefined) return arrays;
  const [batch = 1, ...rest] = x.shape;
  const size = x.data.length / batch;
  const data = new Float32Array(rows.length * size);
  rows.forEach((row, i) => data.set(x.data.subarray(row * size, (row + 1) * size), i * size));
  const fewer: NdArray = { dtype: 'float', shape: [rows.length, ...rest], data };
  return new Map(arrays).set('x', fewer);
}
