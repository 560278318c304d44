/** What lies in uniform memory, and where; needs no device. */
import { describe, expect, test } from 'vitest';
import { makePlan, type Plan } from '../../../runtime/webgpu/plan.ts';
import { fakeDevice } from './fake-device.ts';
import { affine, recurrence, type Written } from './programs.ts';

function planOf({ program }: Written, bindings: Record<string, number>): Plan {
  const { limits } = fakeDevice().device;
  return makePlan(program, new Map(Object.entries(bindings)), limits);
}

/** The words of a dispatch's record, and its step. */
function recordsOf({ uniforms, offsets }: Plan, dispatch: number, words: number): number[][] {
  const record = (offsets[2 * dispatch] ?? 0) / 4;
  const step = (offsets[2 * dispatch + 1] ?? 0) / 4;
  return [[...uniforms.subarray(record, record + words)], [...uniforms.subarray(step, step + 1)]];
}

describe('the plan of a run', () => {
  test('records where buffers begin, then sizes', () => {
    const plan = planOf(affine, { B: 2 });
    // x, add, y, positive, and B.
    expect(recordsOf(plan, 0, 5)).toEqual([[0, 0, 8, 16, 2], [0]]);
    expect(recordsOf(plan, 1, 2)).toEqual([[8, 24], [0]]);
    expect(plan.recordBytes).toBe(32);
  });

  test('keeps a record once, at a multiple of the alignment, with room for the largest', () => {
    const plan = planOf(recurrence, { T: 3 });
    const steps = [0, 1, 2].map((dispatch) => recordsOf(plan, dispatch, 3));
    // x, w, h, and the step.
    expect(steps).toEqual([0, 1, 2].map((t) => [[0, 16, 12], [t]]));
    expect([...plan.offsets]).toEqual([0, 256, 0, 512, 0, 768, 1024, 256]);
    expect(plan.uniforms.byteLength).toBe(1024 + 256 + 16);
  });

  test('has memory for no dispatch at all', () => {
    const plan = planOf(affine, { B: 0 });
    expect(plan.offsets).toHaveLength(0);
    expect(plan.uniforms.byteLength).toBe(32);
  });
});
