/** The program of a subject on a backend: words in, words out, in blocks of one size. */
import { emitWasm, type WasmOptions } from '../../compiler/6-emit/wasm/emit.ts';
import { emitWgsl } from '../../compiler/6-emit/wgsl/emit.ts';
import { formsOn, patienceWith } from '../../compiler/cli/gpu/forms.ts';
import { openAdapter } from '../../compiler/cli/gpu/adapter.ts';
import { allowRelaxedSimd } from '../../compiler/cli/wasm/relaxed.ts';
import type { Executable } from '../../runtime/artifact/executable.ts';
import type { Program } from '../../runtime/artifact/program.ts';
import { KernelInterpreter } from '../../runtime/interpreter/kernel-interpreter.ts';
import { WasmExecutable } from '../../runtime/wasm/wasm-executable.ts';
import { openDevice } from '../../runtime/webgpu/device.ts';
import { WebgpuExecutable } from '../../runtime/webgpu/webgpu-executable.ts';
import { required } from '../support/op-runs.ts';
import { programOf, type Subject } from './subjects.ts';
import type { Words } from './tally.ts';

/** Results of a block; good until the next. */
export type RunBlock = (operands: readonly Words[]) => Promise<Words>;

const names = ['x', 'y'];

export async function onWasm(
  subject: Subject,
  length: number,
  form: WasmOptions['form'],
): Promise<RunBlock> {
  allowRelaxedSimd();
  const program = programOf(subject, length, { device: 'simd' });
  const module = moduleOf(program, form);
  const executable = await WasmExecutable.create({ program, module });
  const session = await executable.session();
  const places = names.slice(0, subject.arity).map((name) => session.view(name));
  const result = session.view('z');
  return async (operands) => {
    operands.forEach((operand, i) => required(places[i]).set(operand));
    session.run();
    return result;
  };
}

/** Whether the relaxed form is another module than the one without fused multiply-adds. */
export function hasRelaxedForm(subject: Subject, length: number): boolean {
  const program = programOf(subject, length, { device: 'simd' });
  const [simd, relaxed] = [moduleOf(program, 'simd'), moduleOf(program, 'relaxed')];
  return Buffer.compare(simd, relaxed) !== 0;
}

function moduleOf(program: Program, form: WasmOptions['form']): Uint8Array<ArrayBuffer> {
  return emitWasm(program, { form, threads: false, profile: false });
}

export async function onKernelInterpreter(subject: Subject, length: number): Promise<RunBlock> {
  const program = programOf(subject, length, { device: 'simd' });
  return runOn(subject, new KernelInterpreter(program));
}

export interface Gpu {
  readonly device: GPUDevice;
  readonly description: string;
  readonly software: boolean;
}

/** T6403 where there is no adapter. */
export async function openGpu(): Promise<Gpu> {
  const { adapter, description, software } = await openAdapter();
  return { device: await openDevice(adapter), description, software };
}

export async function onWebgpu(gpu: Gpu, subject: Subject, length: number): Promise<RunBlock> {
  const program = programOf(subject, length, formsOn(gpu.software));
  return runOn(subject, await webgpuExecutable(gpu, program));
}

export function webgpuExecutable(gpu: Gpu, program: Program): Promise<WebgpuExecutable> {
  const { device, software } = gpu;
  const timeoutMs = patienceWith(software);
  return WebgpuExecutable.create({ program, shaders: emitWgsl(program), device, timeoutMs });
}

function runOn(subject: Subject, executable: Executable): RunBlock {
  return async (operands) => {
    const inputs = operands.map((data, i) => {
      const array = { dtype: subject.takes, shape: [data.length], data };
      return [required(names[i]), array] as const;
    });
    const { data } = required((await executable.run(new Map(inputs))).get('z'));
    if (data instanceof Float32Array || data instanceof Int32Array) return data;
    return subject.gives === 'float' ? Float32Array.from(data) : Int32Array.from(data);
  };
}
