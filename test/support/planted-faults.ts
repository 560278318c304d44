/**
 * Programs with a fault in them, as a wrong schedule or emitter would make them, and runners of
 * such programs. A program that is changed for one runner alone stands for a wrong emitter; one
 * that is changed for all, for a wrong schedule.
 */
import { emitWasm, type WasmOptions } from '../../compiler/6-emit/wasm/emit.ts';
import { emitWgsl } from '../../compiler/6-emit/wgsl/emit.ts';
import type { DeviceKind, ScheduleMode } from '../../compiler/5-schedule/forms.ts';
import type { Graph } from '../../compiler/graph/types.ts';
import * as k from '../../compiler/kernel/build.ts';
import { blocksOf, mapStatements } from '../../compiler/kernel/walk.ts';
import { idRanges, kernelProgram } from '../../compiler/pipeline.ts';
import type { GraphJob, GraphRunner } from '../../compiler/verify/runner.ts';
import type { Expression, Kernel, Statement } from '../../runtime/artifact/kernel.ts';
import type { Program } from '../../runtime/artifact/program.ts';
import { KernelInterpreter } from '../../runtime/interpreter/kernel-interpreter.ts';
import { WasmExecutable } from '../../runtime/wasm/wasm-executable.ts';
import { WebgpuExecutable } from '../../runtime/webgpu/webgpu-executable.ts';

export type Fault = (program: Program) => Program;

export interface Planted {
  readonly device: DeviceKind;
  readonly schedule?: ScheduleMode;
  readonly fault?: Fault;
}

export function programOf(
  model: GraphJob['model'],
  graph: Graph,
  { device, schedule, fault }: Planted,
): Program {
  const ids = idRanges(model);
  const program = kernelProgram(graph, {
    ...{ device, ids, prepare: device === 'simd' },
    ...(schedule === undefined ? {} : { schedule }),
  });
  return fault === undefined ? program : fault(program);
}

export function kernelRunner(planted: Planted): GraphRunner {
  return {
    name: `kernels ${planted.device}`,
    use: 'kernels',
    run({ model, graph, inputs, bindings }) {
      const program = programOf(model, graph, planted);
      return new KernelInterpreter(program, bindings, { poison: true }).run(inputs);
    },
  };
}

export function wasmRunner(fault?: Fault, form: WasmOptions['form'] = 'simd'): GraphRunner {
  return {
    name: `wasm ${form}`,
    use: 'kernels',
    async run({ model, graph, inputs, bindings }) {
      const planted = { device: 'simd', ...(fault === undefined ? {} : { fault }) } as const;
      const program = programOf(model, graph, planted);
      const module = emitWasm(program, { form, threads: false, profile: false });
      const executable = await WasmExecutable.create({ program, module, bindings });
      try {
        return await executable.run(inputs);
      } finally {
        executable.close();
      }
    },
  };
}

/** On a device of WebGPU, as shaders of the program with the fault. */
export function wgslRunner(device: GPUDevice, planted: Planted): GraphRunner {
  return {
    name: `webgpu ${planted.schedule ?? 'auto'}`,
    use: 'kernels',
    async run({ model, graph, inputs, bindings }) {
      const program = programOf(model, graph, planted);
      const shaders = emitWgsl(program);
      const timeoutMs = 30_000;
      const made = { program, shaders, device, bindings, timeoutMs };
      const executable = await WebgpuExecutable.create(made);
      try {
        return await executable.run(inputs);
      } finally {
        executable.close();
      }
    },
  };
}

/** Of the four columns that are packed side by side, the first and the third. */
export const swappedColumns: Fault = (program) =>
  changed(program, (kernel) => ({
    ...kernel,
    body: mapStatements(kernel.body, (e) => {
      if (!kernel.name.includes('pack') || e.kind !== 'pack') return e;
      const [a, b, c, d] = e.parts;
      return { ...e, parts: [c, b, a, d].flatMap((part) => part ?? []) };
    }),
  }));

export const noBarriers: Fault = (program) =>
  changed(program, (kernel) => ({ ...kernel, body: mapBlocks(kernel.body, withoutBarriers) }));

/** Sums of rows leave out their last term. */
export const shortSums: Fault = (program) =>
  changed(program, (kernel) => {
    if (!kernel.name.includes('reduceSum')) return kernel;
    const shorter = (s: Statement): readonly Statement[] =>
      s.kind === 'for' && s.body.some((inner) => inner.kind === 'assign')
        ? [{ ...s, to: k.sub(s.to, k.int(1)) }]
        : [s];
    return { ...kernel, body: mapBlocks(kernel.body, shorter) };
  });

/** Sums instead of the differences in kernels of that name. */
export const wrongSigns =
  (name: RegExp): Fault =>
  (program) =>
    changed(program, (kernel) => {
      if (!name.test(kernel.name)) return kernel;
      const body = mapStatements(kernel.body, (e) =>
        e.kind === 'binary' && e.op === 'sub' && e.type.startsWith('f32') ? { ...e, op: 'add' } : e,
      );
      return { ...kernel, body };
    });

/** A function of the program off by a thousandth. */
export const inexact =
  (name: string): Fault =>
  (program) => ({
    ...program,
    functions: program.functions.map((f) =>
      f.name === name ? { ...f, result: k.mul(f.result, number(1.001)) } : f,
    ),
  });

function number(value: number): Expression {
  return { kind: 'number', type: 'f32', value };
}

function changed(program: Program, change: (kernel: Kernel) => Kernel): Program {
  return { ...program, kernels: program.kernels.map(change) };
}

function withoutBarriers(s: Statement): readonly Statement[] {
  return s.kind === 'barrier' ? [] : [s];
}

/** Each statement replaced, those inside others first. */
function mapBlocks(
  statements: readonly Statement[],
  change: (s: Statement) => readonly Statement[],
): readonly Statement[] {
  return statements.flatMap((s): readonly Statement[] => {
    if (blocksOf(s).length === 0) return change(s);
    if (s.kind === 'if') {
      const then = mapBlocks(s.then, change);
      return change({ ...s, then, otherwise: mapBlocks(s.otherwise, change) });
    }
    if (s.kind !== 'for' && s.kind !== 'while') return change(s);
    return change({ ...s, body: mapBlocks(s.body, change) });
  });
}
