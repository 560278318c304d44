/** A workload on this machine's GPU, and what its program asks of it. */
import { layOut } from '../../../runtime/session/layout.ts';
import { openDevice } from '../../../runtime/webgpu/device.ts';
import { WebgpuExecutable } from '../../../runtime/webgpu/webgpu-executable.ts';
import { idRanges, shaderProgram } from '../../pipeline.ts';
import { adapterLine, openAdapter } from '../gpu/adapter.ts';
import { formsOn, patienceWith } from '../gpu/forms.ts';
import { note } from '../output.ts';
import { driver } from './driver.ts';
import { measure, type Watch } from './measure.ts';
import { meanTimes } from './profile.ts';
import type { KernelTime, Measured } from './result.ts';
import type { Subject } from './subject.ts';
import { workload, type Workload } from './workload.ts';

export interface BenchDevice {
  readonly device: GPUDevice;
  /** Whether it computes on the processor. */
  readonly software: boolean;
}

/** T6403 where there is none. */
export async function openBenchDevice(): Promise<BenchDevice> {
  const found = await openAdapter();
  note(adapterLine(found));
  return { device: await openDevice(found.adapter), software: found.software };
}

export interface GpuOptions {
  readonly reps: number | undefined;
  readonly profile: boolean;
}

export async function measureWebgpu(
  on: BenchDevice,
  subject: Subject,
  { reps, profile }: GpuOptions,
  watch: Watch,
): Promise<Measured> {
  const work = await workload(subject, 'kernels');
  const compiled = compileFor(on, subject, work);
  const executable = await open(on, compiled, subject, false);
  const times = await measure(await driver(executable, work), reps, watch);
  const bytes = executable.allocatedBytes;
  executable.close();
  const { program } = compiled;
  const kernelTimes = profile ? await timeKernels(on, compiled, subject, work) : undefined;
  return {
    ...times,
    dispatches: layOut(program, subject.bindings).dispatches.length,
    kernels: program.kernels.length,
    bytes,
    ...(kernelTimes === undefined ? {} : { profile: kernelTimes }),
  };
}

type Compiled = ReturnType<typeof shaderProgram>;

function compileFor({ software }: BenchDevice, subject: Subject, work: Workload): Compiled {
  return shaderProgram(work.graph, {
    ids: idRanges(subject.model),
    // What stays as it is has no next value.
    feeds: new Map([...work.feeds].filter(([name, from]) => name !== from)),
    ...formsOn(software),
  });
}

function open(
  { device, software }: BenchDevice,
  compiled: Compiled,
  { bindings }: Subject,
  profile: boolean,
): Promise<WebgpuExecutable> {
  const timeoutMs = patienceWith(software);
  return WebgpuExecutable.create({ ...compiled, device, bindings, timeoutMs, profile });
}

/** By kernel, the longest first. Undefined, with a note, where the device tells no times. */
async function timeKernels(
  on: BenchDevice,
  compiled: Compiled,
  subject: Subject,
  work: Workload,
): Promise<readonly KernelTime[] | undefined> {
  const executable = await open(on, compiled, subject, true);
  if (executable.profile === undefined) {
    note('note: this device tells no times of kernels');
    return undefined;
  }
  const times = await meanTimes(await driver(executable, work), () => executable.profile);
  executable.close();
  return times;
}
