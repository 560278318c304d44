/** A program's memory on a device for one binding of its symbols: its tensors by their position. */
import type { NdArray } from '../artifact/nd-array.ts';
import type { Program } from '../artifact/program.ts';
import type { Bindings } from '../artifact/size.ts';
import { resultArray } from '../session/result-array.ts';
import type { DeviceContext } from './context.ts';
import { allocate, type DeviceMemory, type Place } from './memory.ts';
import { makePlan, placeOf, type Plan } from './plan.ts';
import type { Form } from './request.ts';

export class ProgramMemory {
  readonly plan: Plan;
  readonly on: DeviceMemory;
  private readonly program: Program;

  /** Faults: those of `makePlan`, before anything is allocated. */
  constructor(context: DeviceContext, program: Program, bindings: Bindings) {
    const plan = makePlan(program, bindings, context.device.limits);
    this.plan = plan;
    this.program = program;
    this.on = allocate(context, program.name, plan.layout.memory, plan.dispatches, plan);
  }

  get bytes(): number {
    return this.on.bytes;
  }

  place(tensor: number): Place {
    return placeOf(this.program, this.plan, tensor);
  }

  /** Copies the numbers as they are now. */
  write(tensor: number, data: NdArray['data']): void {
    if (data.length === 0) return;
    const place = this.place(tensor);
    this.on.write(place, place.element === 'f32' ? asFloats(data) : asInts(data));
  }

  /** What such numbers are as an array. */
  array(form: Form, numbers: Float32Array | Int32Array): NdArray {
    return resultArray(form, this.plan.bindings, numbers);
  }

  destroy(): void {
    this.on.destroy();
  }
}

/** A copy only where it is needed. Memory that threads share is no source of a copy to a device. */
function asFloats(data: NdArray['data']): Float32Array<ArrayBuffer> {
  const { buffer, byteOffset, length } = data;
  if (!(data instanceof Float32Array && buffer instanceof ArrayBuffer)) {
    return Float32Array.from(data);
  }
  return new Float32Array(buffer, byteOffset, length);
}

function asInts(data: NdArray['data']): Int32Array<ArrayBuffer> {
  const { buffer, byteOffset, length } = data;
  if (!(data instanceof Int32Array && buffer instanceof ArrayBuffer)) return Int32Array.from(data);
  return new Int32Array(buffer, byteOffset, length);
}
