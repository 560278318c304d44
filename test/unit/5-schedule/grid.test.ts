/** More workgroups than an axis has: they lie in a plane, whose last line may be too long. */
import { expect, it } from 'vitest';
import * as build from '../../../compiler/graph/build.ts';
import { fixed, symbol } from '../../../compiler/graph/dim.ts';
import { tensor, type Graph } from '../../../compiler/graph/types.ts';
import { GraphBuilder } from '../../../compiler/ops/builder.ts';
import { printKernel } from '../../../compiler/kernel/print.ts';
import { kernelProgram } from '../../../compiler/pipeline.ts';
import { KernelInterpreter } from '../../../runtime/interpreter/kernel-interpreter.ts';
import { floats } from '../../../compiler/verify/arrays.ts';

/** A sum over time for each of so many rows: a workgroup a row. */
function sums(rows: number): Graph {
  const b = new GraphBuilder();
  const x = b.parameter('x', tensor('float', [fixed(rows), symbol('T')]), 'input');
  return b.finish('sums', [{ name: 'y', value: build.reduceSum(b, x, [1]) }]);
}

it('what lies past the last workgroup touches nothing', async () => {
  const rows = 32_769;
  const program = kernelProgram(sums(rows));
  const x = Array.from({ length: rows }, (_, i) => i);
  const results = await new KernelInterpreter(program).run(new Map([['x', floats([rows, 1], x)]]));
  expect(results.get('y')?.data).toEqual(Float32Array.from(x));
});

it('a grid that is a line has no such rest to look at', () => {
  const text = (rows: number): string =>
    kernelProgram(sums(rows)).kernels.map(printKernel).join('\n');
  expect(text(32_769)).toContain('if group < 32769');
  expect(text(32_768)).not.toContain('if group <');
});
