/** Results on their way to the host: copied aside in the run, then mapped and read. */
import type { NdArray } from '../artifact/nd-array.ts';
import type { ProgramParameter, ProgramResult } from '../artifact/program.ts';
import type { Bindings } from '../artifact/size.ts';
import { resultArray } from '../session/result-array.ts';
import type { DeviceContext } from './context.ts';
import { mapForReading } from './flags.ts';
import type { DeviceMemory } from './memory.ts';

/** A parameter or a result of a program. */
export type Form = Pick<ProgramParameter | ProgramResult, 'name' | 'dtype' | 'shape' | 'tensor'>;

interface Piece {
  readonly form: Form;
  readonly float: boolean;
  /** In the staging buffer, in bytes. */
  readonly offset: number;
  readonly bytes: number;
}

export class Readback {
  private readonly context: DeviceContext;
  private readonly bindings: Bindings;
  private readonly pieces: readonly Piece[];
  private readonly staging: GPUBuffer;
  private mapped: Promise<void> | undefined;

  /** Records the copies of what these forms have at this point. */
  constructor(
    context: DeviceContext,
    encoder: GPUCommandEncoder,
    memory: DeviceMemory,
    forms: readonly Form[],
  ) {
    let end = 0;
    const places = forms.map((form) => ({ form, ...memory.place(form.tensor) }));
    const pieces = places.map(({ form, element, bytes }) => {
      const piece = { form, float: element === 'f32', offset: end, bytes };
      end += bytes;
      return piece;
    });
    this.context = context;
    this.bindings = memory.plan.bindings;
    this.pieces = pieces;
    this.staging = context.staging.take(end);
    places.forEach(({ buffer, offset, bytes }, i) => {
      const to = pieces[i]?.offset ?? 0;
      if (bytes > 0) encoder.copyBufferToBuffer(buffer, offset, this.staging, to, bytes);
    });
  }

  /** Asks for the numbers; once the copies are submitted. */
  begin(): void {
    this.mapped = this.staging.mapAsync(mapForReading);
    // Whoever waits in `arrays` hears of it.
    this.mapped.catch(() => undefined);
  }

  /** By name. Faults: T6406, T6405. */
  async arrays(program: string, milliseconds: number): Promise<Map<string, NdArray>> {
    const { context, staging, mapped } = this;
    if (mapped === undefined) throw new Error('the results were not asked for');
    await context.watch.wait(mapped, `the results of ${program}`, milliseconds);
    const memory = staging.getMappedRange();
    const arrays = this.pieces.map(({ form, float, offset, bytes }): [string, NdArray] => {
      const Elements = float ? Float32Array : Int32Array;
      const elements = new Elements(memory, offset, bytes / 4);
      return [form.name, resultArray(form, this.bindings, elements)];
    });
    staging.unmap();
    context.staging.give(staging);
    return new Map(arrays);
  }
}
