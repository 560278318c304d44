/** A bundle's program on a GPU. Weights stay there; when the device is lost, they go to another. */
import { RuntimeFault } from '../artifact/executable.ts';
import type { MemoryType } from '../artifact/kernel.ts';
import { longestLine } from '../artifact/records.ts';
import { known } from '../session/known.ts';
import { openContext } from '../webgpu/context.ts';
import { encodeDispatches } from '../webgpu/encode.ts';
import { isLost, refusedFault } from '../webgpu/faults.ts';
import { copyTarget, mapRead } from '../webgpu/flags.ts';
import { allocate, checkLimits, type DeviceMemory, type Place } from '../webgpu/memory.ts';
import { MemoryCache } from '../webgpu/memory-cache.ts';
import { recordsOf, type Dispatched } from '../webgpu/records.ts';
import { submit, type Staging } from '../webgpu/submit.ts';
import type { Engine, NamedNumbers } from './engine.ts';
import type { lasting } from './lasting.ts';
import type { Places } from './linear-engine.ts';
import { newDevice } from './new-device.ts';

export interface WebgpuPlan extends Places {
  readonly name: string;
  /** The text of all kernels, whose entry points are `k0`, `k1`, …, and how many there are. */
  readonly code: string;
  readonly kernels: number;
  /** Bytes of the largest record. */
  readonly record: number;
  /** Of each: the kernel, the time step, how many workgroups, then its record. */
  readonly dispatches: (...sizes: readonly number[]) => readonly (readonly number[])[];
}

/** Undefined where there is no adapter, or the device does not take the program. */
export async function webgpuEngine(
  plan: WebgpuPlan,
  weights: NamedNumbers,
  replacing: typeof lasting,
): Promise<Engine | undefined> {
  try {
    const open = (): Promise<OnDevice> => openOn(plan, weights);
    const on = replacing(await open(), (_, error) => (isLost(error) ? open : undefined));
    return {
      backend: 'webgpu',
      run: (sizes, inputs) => on.use((device) => device.run(sizes, inputs)),
      close: () => on.current().close(),
    };
  } catch (error) {
    if (error instanceof RuntimeFault) return undefined;
    throw error;
  }
}

/** The program with its weights on one device. */
type OnDevice = Pick<Engine, 'run' | 'close'>;

/** Memory, and where in it is what. */
interface Placed extends DeviceMemory {
  readonly places: ReadonlyMap<string, Place>;
}

/** Faults: T6403 where there is none, T6404 to T6406; of runs T6401 too. */
async function openOn(plan: WebgpuPlan, weights: NamedNumbers): Promise<OnDevice> {
  const { name, code, kernels, record, results } = plan;
  const context = openContext(await newDevice());
  const { device, watch, pipelineLayout: layout } = context;
  const { limits } = device;
  const refused = ({ message }: { readonly message: string }): RuntimeFault =>
    refusedFault(`a run of ${name}`, message);
  const module = device.createShaderModule({ code });
  const pipelines = Array.from({ length: kernels }, (_, i) => {
    const compute = { module, entryPoint: `k${i}` };
    return device.createComputePipelineAsync({ layout, compute });
  });
  const compiled = Promise.all(pipelines).catch((error: unknown) => {
    throw refused(error as Error);
  });
  const ready = await watch.wait(compiled, 'its kernels', milliseconds);
  const staging = stagingOn(device);
  const cache = new MemoryCache<Placed>();
  const write = ({ places, ...memory }: Placed, all: NamedNumbers): void => {
    for (const [key, numbers] of all) {
      // A file may hold more than the program has parameters.
      const place = places.get(key);
      if (place !== undefined) memory.write(place, numbers as Float32Array<ArrayBuffer>);
    }
  };
  const memoryOf = (sizes: readonly number[]): Placed => {
    const { places, memory } = placesAt(plan, sizes);
    checkLimits(name, memory, limits);
    const dispatches = plan.dispatches(...sizes).flatMap(dispatched);
    const records = recordsOf(dispatches, record, limits.minUniformBufferOffsetAlignment);
    const made = { ...allocate(context, name, memory, dispatches, records), places };
    write(made, weights);
    return made;
  };
  return {
    async run(sizes, inputs) {
      if (watch.lost !== undefined) throw watch.lost;
      const memory = cache.take(sizes.join(), () => memoryOf(sizes));
      write(memory, inputs);
      const found = submit(context, staging, {
        ...{ name, memory, refused, milliseconds },
        encode: (encoder) => encodeDispatches(encoder, ready, memory),
        wanted: results.map((key) => known(memory.places.get(key), key)),
      });
      cache.trim();
      const arrays = await found;
      return new Map(results.map((key, i) => [key, known(arrays[i], key)]));
    },
    close: () => cache.clear(),
  };
}

/** How long any answer may take: a device in software is slow, and no page should wait for ever. */
const milliseconds = 60_000;

function placesAt(
  { floats, ints, results, at }: Places,
  sizes: readonly number[],
): { readonly places: ReadonlyMap<string, Place>; readonly memory: Record<MemoryType, number> } {
  const [f32 = 0, i32 = 0, , ...offsets] = at(...sizes);
  const places = new Map<string, Place>();
  let next = 0;
  const place = (element: MemoryType, names: readonly string[]): void => {
    for (const name of names)
      places.set(name, { element, offset: offsets[next++] ?? 0, length: 0 });
  };
  place('f32', floats);
  place('i32', ints);
  for (const name of results) {
    places.set(name, { ...known(places.get(name), name), length: offsets[next++] ?? 0 });
  }
  return { places, memory: { f32, i32 } };
}

function dispatched([kernel = 0, step = 0, count = 0, ...record]: readonly number[]): Dispatched[] {
  const groups = [Math.min(count, longestLine), Math.ceil(count / longestLine), 1] as const;
  return count > 0 ? [{ kernel, step, groups, record }] : [];
}

/** A buffer for each run. */
function stagingOn(device: GPUDevice): Staging {
  return {
    take: (size) => device.createBuffer({ size, usage: mapRead | copyTarget }),
    give: (buffer) => buffer.destroy(),
  };
}
