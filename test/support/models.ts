/** Specs as text, compiled for tests: what is wrong with one is the message of the failure. */
import { expect } from 'vitest';
import { renderDiagnostics } from '../../compiler/diagnostics/render.ts';
import type { Model } from '../../compiler/graph/model.ts';
import { compile, type CompileOptions } from '../../compiler/pipeline.ts';
import type { NdArray } from '../../runtime/artifact/nd-array.ts';
import { distance } from '../../compiler/verify/arrays.ts';
import { marked } from './specs.ts';

export function compiled(text: string, options: Partial<CompileOptions> = {}): Model {
  const source = { name: 'test.gate', text };
  const { model, diagnostics } = compile(source, { mode: 'inference', ...options });
  if (model !== undefined) return model;
  throw new Error(`${renderDiagnostics(diagnostics, { colour: false })}\n${text}`);
}

/** `CODE` and the marked text of each diagnostic, in order. */
export function faultsOf(text: string, options: Partial<CompileOptions> = {}): string[] {
  const source = { name: 'test.gate', text };
  const { diagnostics } = compile(source, { mode: 'inference', ...options });
  return diagnostics.map((d) => `${d.code} ${marked(d)}`);
}

type Arrays = ReadonlyMap<string, NdArray>;

/**
 * `found` has all that is expected, of the same shapes and with elements within `tolerance` times
 * the larger of 1 and the array's size.
 */
export function expectSameResults(found: Arrays, expected: Arrays, tolerance: number): void {
  for (const [name, array] of expected) {
    const other = found.get(name) ?? { ...array, shape: [-1] };
    const size = Math.max(1, ...Array.from(array.data, Math.abs));
    expect(distance(array, other), name).toBeLessThanOrEqual(tolerance * size);
  }
}
