/** Inputs and the oracle's answers to them, which the bundle carries, on the device at hand. */
import type { FileContent } from './files.ts';
import type { Backend, BundleGolden } from '../artifact/bundle.ts';
import type { Engine, Numbers } from './engine.ts';

export interface SelfTest {
  readonly backend: Backend;
  /** Whether every result is within what it may be off by. */
  readonly ok: boolean;
  readonly results: readonly SelfTestResult[];
}

export interface SelfTestResult {
  readonly name: string;
  /** The largest distance from the interpreter in f64. */
  readonly error: number;
  /** Eight times the error of the interpreter in f32, and 4 ulp of the result's scale. */
  readonly allowed: number;
}

/** Faults: those of a run. */
export async function selfTest(
  { tensors: golden, metadata }: FileContent,
  engine: Engine,
): Promise<SelfTest> {
  const { sizes, results } = JSON.parse(metadata['golden'] ?? '') as BundleGolden;
  const inputs = new Map<string, Numbers>();
  for (const [name, numbers] of golden) {
    if (name.startsWith('in/')) inputs.set(name.slice(3), numbers);
  }
  const found = await engine.run(sizes, inputs);
  const judged = results.map(({ name, allowed }) => {
    return { name, allowed, error: distance(found.get(name), golden.get(`out/${name}`)) };
  });
  const ok = judged.every(({ error, allowed }) => error <= allowed);
  return { backend: engine.backend, ok, results: judged };
}

function distance(found: Numbers | undefined, expected: Numbers | undefined): number {
  if (found === undefined || found.length !== expected?.length) return Infinity;
  let largest = 0;
  for (let i = 0; i < found.length; i++) {
    const [x = 0, y = 0] = [found[i], expected[i]];
    if (Object.is(x, y)) continue;
    const off = Math.abs(x - y);
    largest = Math.max(largest, Number.isNaN(off) ? Infinity : off);
  }
  return largest;
}
