/**
 * A submission: something is recorded, numbers are copied aside behind it, then they are read. By
 * the time the call returns everything is submitted, so that runs take effect in the order of the
 * calls.
 */
import type { RuntimeFault } from '../artifact/executable.ts';
import type { DeviceContext } from './context.ts';
import { catchErrors, type DeviceError } from './error-scopes.ts';
import { mapForReading } from './flags.ts';
import type { DeviceMemory, Place } from './memory.ts';

/** Buffers that the host reads through. */
export interface Staging {
  /** Of so many bytes at least, unmapped. */
  take(bytes: number): GPUBuffer;
  /** Gives it back, unmapped. */
  give(buffer: GPUBuffer): void;
}

export interface Submission {
  /** Whose run it is. */
  readonly name: string;
  readonly memory: Pick<DeviceMemory, 'arenas' | 'failure'>;
  readonly encode: (encoder: GPUCommandEncoder) => void;
  /** What is read, as it is behind that. */
  readonly wanted: readonly Place[];
  /** Recorded once everything else is. */
  readonly after?: ((encoder: GPUCommandEncoder) => void) | undefined;
  /** What such a refusal is to a person. */
  readonly refused: (error: DeviceError) => RuntimeFault | Promise<RuntimeFault>;
  /** How long any answer of the device may take. */
  readonly milliseconds: number;
}

/** Faults: T6401 where memory ran out, T6405, T6406, and what `refused` says. */
export async function submit(
  { device, watch }: DeviceContext,
  staging: Staging,
  { name, memory, encode, wanted, after, refused, milliseconds }: Submission,
): Promise<readonly (Float32Array | Int32Array)[]> {
  const wait = <T>(promise: Promise<T>, what: string): Promise<T> =>
    watch.wait(promise, `the ${what} ${name}`, milliseconds);
  const { value: buffer, error } = catchErrors(device, () => {
    const encoder = device.createCommandEncoder({ label: name });
    encode(encoder);
    const buffer = staging.take(4 * wanted.reduce((sum, { length }) => sum + length, 0));
    let end = 0;
    for (const { element, offset, length } of wanted) {
      const bytes = 4 * length;
      if (bytes > 0) {
        encoder.copyBufferToBuffer(memory.arenas[element], 4 * offset, buffer, end, bytes);
      }
      end += bytes;
    }
    after?.(encoder);
    device.queue.submit([encoder.finish()]);
    return buffer;
  });
  const mapped = buffer.mapAsync(mapForReading);
  // Whoever waits below hears of it.
  mapped.catch(() => undefined);
  const failure = await wait(memory.failure, 'answer to a run of');
  if (failure !== undefined) throw failure;
  const found = await wait(error, 'answer to a run of');
  if (found !== undefined) throw await refused(found);
  await wait(mapped, 'results of');
  const read = buffer.getMappedRange();
  let at = 0;
  const arrays = wanted.map(({ element, length }) => {
    const Elements = element === 'f32' ? Float32Array : Int32Array;
    const array = new Elements(read, at, length).slice();
    at += array.byteLength;
    return array;
  });
  buffer.unmap();
  staging.give(buffer);
  return arrays;
}
