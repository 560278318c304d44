/** A bundle's program on a GPU. Weights stay there; when the device is lost, they go to another. */
import { RuntimeFault } from '../artifact/executable.ts';
import type { KeptState } from '../artifact/executable.ts';
import type { NdArray } from '../artifact/nd-array.ts';
import type { Program } from '../artifact/program.ts';
import { evaluateDim, type Bindings } from '../artifact/size.ts';
import { openDevice } from '../webgpu/device.ts';
import { isLost } from '../webgpu/faults.ts';
import { WebgpuExecutable } from '../webgpu/webgpu-executable.ts';
import type { Engine, NamedNumbers, Numbers } from './engine.ts';
import { Lasting } from './lasting.ts';

export interface WebgpuCode {
  /** Its kernels without their bodies. */
  readonly program: Program;
  readonly shaders: readonly string[];
}

/** Undefined where there is no adapter, or the device does not take the program. */
export async function webgpuEngine(
  { program, shaders }: WebgpuCode,
  weights: NamedNumbers,
): Promise<Engine | undefined> {
  try {
    const executable = await WebgpuExecutable.create({ program, shaders, requestDevice });
    const feeds = new Map([...weights.keys()].map((name) => [name, name]));
    const keep = async (): Promise<KeptState> => {
      const state = await executable.keep(feeds);
      state.write(arraysOf(program, new Map(), weights));
      return state;
    };
    const kept = new Lasting(await keep());
    const wanted = program.results.map(({ name }) => name);
    const runOn = async (
      state: KeptState,
      bound: Bindings,
      inputs: NamedNumbers,
    ): Promise<NamedNumbers> => {
      const found = await state.run(arraysOf(program, bound, inputs), wanted);
      return new Map([...found].map(([name, { data }]) => [name, numbersOf(data)]));
    };
    return {
      backend: 'webgpu',
      async run(sizes, inputs) {
        const bound = new Map(program.symbols.map((symbol, i) => [symbol, sizes[i] ?? 0]));
        const used = kept.current;
        try {
          return await runOn(used, bound, inputs);
        } catch (error) {
          if (!isLost(error)) throw error;
          return runOn(await kept.instead(used, keep), bound, inputs);
        }
      },
      close() {
        kept.current.close();
        executable.close();
      },
    };
  } catch (error) {
    if (error instanceof RuntimeFault) return undefined;
    throw error;
  }
}

/** Faults: T6403 where there is none. */
async function requestDevice(): Promise<GPUDevice> {
  const { navigator } = globalThis as { navigator?: { gpu?: GPU } };
  // A browser that was told to hide its GPU may throw.
  const adapter = await navigator?.gpu?.requestAdapter().catch(() => null);
  if (adapter === undefined || adapter === null) {
    throw new RuntimeFault('T6403', 'there is no GPU adapter');
  }
  return openDevice(adapter);
}

function arraysOf(
  { parameters }: Program,
  bound: Bindings,
  numbers: NamedNumbers,
): Map<string, NdArray> {
  return new Map(
    parameters.flatMap(({ name, dtype, shape }): [string, NdArray][] => {
      const data = numbers.get(name);
      if (data === undefined) return [];
      return [[name, { dtype, shape: shape.map((dim) => evaluateDim(dim, bound)), data }]];
    }),
  );
}

/** Truth values as 0 and 1. */
function numbersOf(data: NdArray['data']): Numbers {
  if (data instanceof Float32Array || data instanceof Int32Array) return data;
  return data instanceof Uint8Array ? Int32Array.from(data) : Float32Array.from(data);
}
