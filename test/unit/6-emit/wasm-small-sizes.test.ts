/**
 * Bytes of small modules, compressed as a web server would: what a bundle may count on. Versions of
 * zlib differ by some bytes.
 */
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { emitWasm } from '../../../compiler/6-emit/wasm/emit.ts';
import { idRanges, inferenceGraph, kernelProgram } from '../../../compiler/pipeline.ts';
import type { Program } from '../../../runtime/artifact/program.ts';
import { compiled } from '../../support/models.ts';

/** Of a model of 40 numbers a step. */
function programOf(text: string): Program {
  const model = compiled(text, { dims: new Map([['D', 40]]) });
  const graph = inferenceGraph(model, 'kernels');
  return kernelProgram(graph, { device: 'simd', prepare: true, ids: idRanges(model) });
}

function bytesOf(program: Program, small: boolean): number {
  const module = emitWasm(program, { form: 'simd', threads: false, profile: false, small });
  return gzipSync(module, { level: 9 }).length;
}

test.each([
  ['lstm(64) -> softmax', 4300],
  ['bidirectional(lstm(128), depth = 3) -> softmax', 8100],
])('%s: at most %i bytes, less than half of what it is otherwise', (text, most) => {
  const program = programOf(text);
  const small = bytesOf(program, true);
  expect(small).toBeLessThanOrEqual(most);
  expect(small).toBeLessThan(bytesOf(program, false) / 2);
});
