/**
 * Runs in the browser, bundled into one script (build.js): the runtime as a page has it, and a door
 * by which the command opens programs and runs them. Nothing of the compiler is in it.
 */
import { RuntimeFault, type Executable } from '../../../../runtime/artifact/executable.ts';
import { formOf, wasmFeatures } from '../../../../runtime/wasm/features.ts';
import { WasmExecutable } from '../../../../runtime/wasm/wasm-executable.ts';
import { openDevice } from '../../../../runtime/webgpu/device.ts';
import { WebgpuExecutable } from '../../../../runtime/webgpu/webgpu-executable.ts';
import { keptSteps } from '../../../verify/runners/kept-steps.ts';
import {
  fromBase64,
  pack,
  unpack,
  type PageAnswer,
  type PageDoor,
  type PageFeatures,
  type PageProgram,
} from './words.ts';

interface Opened {
  readonly executable: Executable;
  readonly results: readonly { readonly name: string }[];
}

const opened = new Map<number, Opened>();
let device: Promise<GPUDevice> | undefined;

const door: PageDoor = {
  features: () => answered(features),
  open: (program) =>
    answered(async () => {
      const { id } = program;
      opened.set(id, { executable: await open(program), results: program.program.results });
      return null;
    }),
  run: ({ id, inputs, steps }) =>
    answered(async () => {
      const found = opened.get(id);
      if (found === undefined) throw new Error(`the page has no program ${id}`);
      const { executable, results } = found;
      const given = unpack(inputs);
      if (steps === undefined) return pack(await executable.run(given));
      const later = steps.later.map(unpack);
      const asked = { results, inputs: given, feeds: new Map(steps.feeds), later };
      return pack(await keptSteps(executable, asked));
    }),
};

Object.assign(globalThis, { gatework: door });

async function features(): Promise<PageFeatures> {
  const wasm = 'WebAssembly' in globalThis ? { wasm: formOf(wasmFeatures()) } : {};
  const info = (await gpuOfPage()?.requestAdapter())?.info;
  if (info === undefined) return wasm;
  const { vendor, architecture, description } = info;
  const software = `${vendor} ${architecture} ${description}`.toLowerCase().includes('swiftshader');
  const named = [vendor, architecture, description].filter((text) => text !== '').join(' ');
  return { ...wasm, webgpu: { description: named, software } };
}

async function open(asked: PageProgram): Promise<Executable> {
  const { program, module, shaders, timeoutMs } = asked;
  const bindings = new Map(asked.bindings);
  if (module !== undefined) {
    return WasmExecutable.create({ program, module: fromBase64(module), bindings });
  }
  device ??= deviceOfPage();
  const on = { program, shaders: shaders ?? [], device: await device, bindings, timeoutMs };
  return WebgpuExecutable.create(on);
}

async function deviceOfPage(): Promise<GPUDevice> {
  const adapter = await gpuOfPage()?.requestAdapter();
  if (adapter === undefined || adapter === null) {
    throw new RuntimeFault('T6403', 'the page has no GPU adapter');
  }
  return openDevice(adapter);
}

/** Checked here, since the types of Node do not know the navigator of a browser. */
function gpuOfPage(): GPU | undefined {
  const { navigator } = globalThis as { readonly navigator?: { readonly gpu?: GPU } };
  return navigator?.gpu;
}

async function answered<T>(work: () => Promise<T>): Promise<PageAnswer<T>> {
  try {
    return { value: await work() };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (!(error instanceof RuntimeFault)) return { fault: { message } };
    const { code, hint } = error;
    return { fault: { message, code, ...(hint === undefined ? {} : { hint }) } };
  }
}
