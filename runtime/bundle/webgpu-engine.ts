/** A bundle's program on a GPU. Weights stay there; when the device is lost, they go to another. */
import { RuntimeFault } from '../artifact/executable.ts';
import type { NdArray } from '../artifact/nd-array.ts';
import type { Program } from '../artifact/program.ts';
import type { Shaders } from '../artifact/shaders.ts';
import { openDevice } from '../webgpu/device.ts';
import { isLost } from '../webgpu/faults.ts';
import type { DeviceMemory } from '../webgpu/memory.ts';
import { MemoryCache } from '../webgpu/memory-cache.ts';
import { ProgramOnDevice } from '../webgpu/program-on-device.ts';
import type { Engine, NamedNumbers, Numbers } from './engine.ts';
import type { lasting } from './lasting.ts';

export interface WebgpuCode {
  /** Its kernels without their bodies. */
  readonly program: Program;
  readonly shaders: Shaders;
}

/** Undefined where there is no adapter, or the device does not take the program. */
export async function webgpuEngine(
  code: WebgpuCode,
  weights: NamedNumbers,
  replacing: typeof lasting,
): Promise<Engine | undefined> {
  try {
    const open = (): Promise<OnDevice> => OnDevice.open(code, weights);
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
class OnDevice {
  private readonly program: ProgramOnDevice;
  private readonly weights: NamedNumbers;
  private readonly cache = new MemoryCache();
  /** Where the weights are already. */
  private readonly weighted = new WeakSet<DeviceMemory>();

  private constructor(program: ProgramOnDevice, weights: NamedNumbers) {
    this.program = program;
    this.weights = weights;
  }

  static async open({ program, shaders }: WebgpuCode, weights: NamedNumbers): Promise<OnDevice> {
    const device = await newDevice();
    const on = await ProgramOnDevice.open(device, program, shaders, { timeoutMs });
    return new OnDevice(on, weights);
  }

  /** Faults: T6401, T6404 to T6406. */
  async run(sizes: readonly number[], inputs: NamedNumbers): Promise<NamedNumbers> {
    const { program, context } = this.program;
    if (context.watch.lost !== undefined) throw context.watch.lost;
    const memory = this.memoryFor(sizes);
    this.write(memory, inputs);
    const found = this.program.run(memory, { wanted: program.results });
    this.cache.trim();
    return new Map([...(await found)].map(([name, { data }]) => [name, numbersOf(data)]));
  }

  close(): void {
    this.cache.clear();
  }

  /** With the weights in it. */
  private memoryFor(sizes: readonly number[]): DeviceMemory {
    const { symbols } = this.program.program;
    const bound = new Map(symbols.map((symbol, i) => [symbol, sizes[i] ?? 0]));
    const memory = this.program.memory(this.cache, bound);
    if (!this.weighted.has(memory)) this.write(memory, this.weights);
    this.weighted.add(memory);
    return memory;
  }

  private write(memory: DeviceMemory, numbers: NamedNumbers): void {
    for (const { name, tensor } of this.program.program.parameters) {
      const data = numbers.get(name);
      if (data !== undefined) memory.write(tensor, data);
    }
  }
}

/** How long any answer may take: a device in software is slow, and no page should wait for ever. */
const timeoutMs = 60_000;

/** Faults: T6403 where there is none. */
async function newDevice(): Promise<GPUDevice> {
  const { navigator } = globalThis as { navigator?: { gpu?: GPU } };
  // A browser that was told to hide its GPU may throw.
  const adapter = await navigator?.gpu?.requestAdapter().catch(() => null);
  if (adapter === undefined || adapter === null) {
    throw new RuntimeFault('T6403', 'there is no GPU adapter');
  }
  return openDevice(adapter);
}

/** Truth values as 0 and 1. */
function numbersOf(data: NdArray['data']): Numbers {
  if (data instanceof Float32Array || data instanceof Int32Array) return data;
  return data instanceof Uint8Array ? Int32Array.from(data) : Float32Array.from(data);
}
