/**
 * How long each kernel takes on the device, in nanoseconds, added up over dispatches and runs. Each
 * dispatch gets a pass of its own to be timed, so that a run as a whole is slower than without.
 */
import type { Program } from '../artifact/program.ts';
import { encodeDispatches, type Encoded, type Pipelines } from './encode.ts';
import { copySource, mapForReading, queryResolve } from './flags.ts';
import { known } from '../session/known.ts';
import type { SharedContext } from './shared-context.ts';

/** A program on a device, as far as it is needed here. */
interface TimedProgram {
  readonly program: Program;
  readonly pipelines: Pipelines;
  readonly context: SharedContext;
}

export class Profile {
  /** By the kernel's name. */
  readonly nanoseconds = new Map<string, number>();

  /** Whether a device can tell times at all. */
  static offeredBy(device: GPUDevice): boolean {
    return device.features.has('timestamp-query');
  }

  /** Records all dispatches, timed. */
  encode(encoder: GPUCommandEncoder, compiled: TimedProgram, memory: Encoded): Timing {
    const { program, pipelines, context } = compiled;
    const { device, staging } = context;
    const { dispatches } = memory;
    const bytes = dispatches.length * bytesEach;
    const resolved = device.createBuffer({
      size: Math.max(bytesEach, bytes),
      usage: queryResolve | copySource,
    });
    const sets: GPUQuerySet[] = [];
    for (let from = 0; from < dispatches.length; from += dispatchesEach) {
      const count = Math.min(dispatchesEach, dispatches.length - from);
      const querySet = device.createQuerySet({ type: 'timestamp', count: 2 * count });
      for (let i = 0; i < count; i++) {
        const timestampWrites = {
          querySet,
          beginningOfPassWriteIndex: 2 * i,
          endOfPassWriteIndex: 2 * i + 1,
        };
        const at = { from: from + i, to: from + i + 1 };
        encodeDispatches(encoder, pipelines, memory, { ...at, timestampWrites });
      }
      encoder.resolveQuerySet(querySet, 0, 2 * count, resolved, from * bytesEach);
      sets.push(querySet);
    }
    const buffer = staging.take(Math.max(bytesEach, bytes));
    if (bytes > 0) encoder.copyBufferToBuffer(resolved, 0, buffer, 0, bytes);
    const names = dispatches.map(({ kernel }) => known(program.kernels[kernel], 'kernel').name);
    return new Timing(context, buffer, names, this.nanoseconds, () => {
      for (const set of sets) set.destroy();
      resolved.destroy();
    });
  }
}

/** The times of one run on their way. */
export class Timing {
  private readonly context: SharedContext;
  private readonly buffer: GPUBuffer;
  /** The kernel of each dispatch. */
  private readonly names: readonly string[];
  private readonly totals: Map<string, number>;
  private readonly free: () => void;
  private mapped: Promise<void> | undefined;

  constructor(
    context: SharedContext,
    buffer: GPUBuffer,
    names: readonly string[],
    totals: Map<string, number>,
    free: () => void,
  ) {
    this.context = context;
    this.buffer = buffer;
    this.names = names;
    this.totals = totals;
    this.free = free;
  }

  /** Once the run is submitted. */
  begin(): void {
    this.mapped = this.buffer.mapAsync(mapForReading);
    this.mapped.catch(() => undefined);
  }

  /** Adds them up. Faults: T6406, T6405. */
  async end(milliseconds: number): Promise<void> {
    const { buffer, mapped, totals } = this;
    if (mapped === undefined) throw new Error('the times were not asked for');
    await this.context.watch.wait(mapped, 'the times of kernels', milliseconds);
    const times = new BigUint64Array(buffer.getMappedRange());
    this.names.forEach((name, i) => {
      const begin = times[2 * i] ?? 0n;
      const end = times[2 * i + 1] ?? 0n;
      // A clock that is set anew in between tells nothing.
      const spent = end > begin ? Number(end - begin) : 0;
      totals.set(name, (totals.get(name) ?? 0) + spent);
    });
    buffer.unmap();
    this.context.staging.give(buffer);
    this.free();
  }
}

/** Two times of 8 bytes. */
const bytesEach = 16;
/** A set of queries holds at most 4096. */
const dispatchesEach = 2048;
