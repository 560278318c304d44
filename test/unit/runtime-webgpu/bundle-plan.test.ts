/** A bundle dispatches on a GPU what the program says, and counts to nothing that is too large. */
import fc from 'fast-check';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { isBounded } from '../../../compiler/7-bundle/bounded.ts';
import { webgpuPlanSource } from '../../../compiler/7-bundle/webgpu-plan.ts';
import { add, ceilDiv, int, mul, size } from '../../../compiler/kernel/build.ts';
import { inferenceGraph, kernelProgram } from '../../../compiler/pipeline.ts';
import { compactWgsl } from '../../../compiler/6-emit/wgsl/compact.ts';
import { longestLine } from '../../../runtime/artifact/records.ts';
import { evaluateSize } from '../../../runtime/artifact/size.ts';
import type { WebgpuPlan } from '../../../runtime/bundle/webgpu-engine.ts';
import { makePlan } from '../../../runtime/webgpu/plan.ts';
import { modelOf } from '../../support/bundles.ts';
import { fakeDevice } from './fake-device.ts';

/** The plan as a module has it. */
async function evaluated(source: string): Promise<WebgpuPlan> {
  const { outputText } = ts.transpileModule(`export const plan = ${source};`, {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
  });
  const module = (await import(
    `data:text/javascript;base64,${Buffer.from(outputText).toString('base64')}`
  )) as { readonly plan: WebgpuPlan };
  return module.plan;
}

describe('the plan of a bundle', () => {
  it.each(['lstm(8) -> softmax', 'bidirectional(gru(4), depth=2) -> dense(3)'])(
    'of %s dispatches what the program does',
    async (spec) => {
      const { model } = await modelOf(spec, { dims: { D: 3 } });
      for (const schedule of ['steps', 'persistent'] as const) {
        const program = kernelProgram(inferenceGraph(model, 'kernels'), { schedule });
        const shaders = compactWgsl(program);
        const plan = await evaluated(webgpuPlanSource(program, shaders));
        const { limits } = fakeDevice().device;
        fc.assert(
          fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ max: 9, min: 0 }), (b, t) => {
            const values = program.symbols.map((symbol) => (symbol === 'B' ? b : t));
            const bindings = new Map(program.symbols.map((symbol, i) => [symbol, values[i] ?? 0]));
            const expected = makePlan(program, bindings, limits);
            const found = plan.dispatches(...values).filter(([, , count = 0]) => count > 0);
            expect(
              found.map(([kernel, step, count = 0, ...record]) => {
                const groups = [Math.min(count, longestLine), Math.ceil(count / longestLine), 1];
                return { kernel, step, groups, record };
              }),
            ).toEqual(
              expected.dispatches.map(({ kernel, ...rest }) => {
                return { ...rest, kernel: Number(shaders.entries[kernel]?.slice(1)) };
              }),
            );
            const [f32, i32] = plan.at(...values);
            expect({ f32, i32 }).toEqual(expected.layout.memory);
          }),
          { numRuns: 20, seed: 3 },
        );
      }
    },
  );

  it('leaves out no count that memory does not bound', () => {
    const count = fc.nat(5000);
    fc.assert(
      fc.property(count, count, count, fc.integer({ min: 1, max: 99 }), (c, d, most, by) => {
        const memory = { f32: add(mul(int(c), mul(size('B'), size('T'))), int(d)), i32: int(0) };
        const counted = ceilDiv(mul(int(most), size('T')), int(by));
        if (!isBounded(counted, memory)) return;
        for (const [b, t] of [
          [1, 0],
          [1, 1],
          [1, 10_000],
          [77, 3],
        ] as const) {
          const values = new Map([
            ['B', b],
            ['T', t],
          ]);
          const [f32, number] = [evaluateSize(memory.f32, values), evaluateSize(counted, values)];
          expect(number).toBeLessThanOrEqual(3 * f32 + 1);
        }
      }),
      { seed: 4 },
    );
    const memory = { f32: mul(int(4), mul(size('B'), size('T'))), i32: int(0) };
    expect(isBounded(mul(size('T'), size('T')), memory)).toBe(false);
    expect(isBounded(mul(int(13), size('T')), memory)).toBe(false);
    expect(isBounded(mul(int(12), size('T')), memory)).toBe(true);
  });
});
