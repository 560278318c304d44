/**
 * A program made ready for one binding of its symbols: its layout, and what its dispatches read in
 * uniform memory.
 */
import type { Program } from '../artifact/program.ts';
import { recordBytes } from '../artifact/records.ts';
import { evaluateSize, type Bindings } from '../artifact/size.ts';
import { layOut, type ConcreteDispatch, type Layout } from '../session/layout.ts';
import { refusedFault } from './faults.ts';
import { known } from '../session/known.ts';
import { checkLimits, type Place } from './memory.ts';
import { dispatchPlace } from './places.ts';
import { recordsOf, type Dispatched, type Records } from './records.ts';

export interface Plan extends Records {
  readonly bindings: Bindings;
  readonly layout: Layout;
  readonly dispatches: readonly Dispatched[];
}

/** Faults: T6401 for too much memory, T6404 for more workgroups than the device takes. */
export function makePlan(program: Program, bindings: Bindings, limits: GPUSupportedLimits): Plan {
  const { name, memory } = program;
  const [f32, i32] = [evaluateSize(memory.f32, bindings), evaluateSize(memory.i32, bindings)];
  // Before the loops over time are unrolled, which takes long where they are far too long.
  checkLimits(name, { f32, i32 }, limits);
  const layout = layOut(program, bindings);
  const dispatches = layout.dispatches.map((dispatch): Dispatched => {
    checkGroups(program, dispatch, limits.maxComputeWorkgroupsPerDimension);
    const { kernel, step, groups, tensors, sizes } = dispatch;
    const starts = tensors.map((tensor) => known(layout.offsets[tensor], `tensor ${tensor}`));
    return { kernel, step, groups, record: [...starts, ...sizes] };
  });
  const records = recordsOf(
    dispatches,
    recordBytes(program),
    limits.minUniformBufferOffsetAlignment,
  );
  return { ...records, bindings, layout, dispatches };
}

/** Where a tensor lies. */
export function placeOf({ tensors }: Program, { layout }: Plan, tensor: number): Place {
  const { element } = known(tensors[tensor], `tensor ${tensor}`);
  const offset = known(layout.offsets[tensor], `offset of tensor ${tensor}`);
  return { element, offset, length: known(layout.lengths[tensor], `length of tensor ${tensor}`) };
}

function checkGroups(program: Program, dispatch: ConcreteDispatch, most: number): void {
  if (dispatch.groups.every((count) => count <= most)) return;
  throw refusedFault(
    dispatchPlace(program, dispatch),
    `it takes [${dispatch.groups.join(', ')}] workgroups, and at most ${most} go along an axis`,
    'use a smaller batch or shorter sequences',
  );
}
