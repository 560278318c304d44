/**
 * A graph on this machine's GPU: compiled to shaders, on a device that is opened once for the whole
 * command. Says which device that is, and what is done about one that is lost.
 */
import { openDevice } from '../../../runtime/webgpu/device.ts';
import { WebgpuExecutable } from '../../../runtime/webgpu/webgpu-executable.ts';
import type { Bindings } from '../../graph/dim.ts';
import type { Graph } from '../../graph/types.ts';
import { shaderProgram, type KernelOptions } from '../../pipeline.ts';
import type { EngineOptions } from '../options.ts';
import { note } from '../output.ts';
import { adapterLine, openAdapter } from './adapter.ts';
import { formsOn, patienceWith } from './forms.ts';

/** T6403 where there is no adapter; T6404 to T6406 from the device. */
export async function loadWebgpu(
  graph: Graph,
  kernels: KernelOptions,
  bindings: Bindings,
  { checkNan = false, schedule = 'auto' }: EngineOptions,
): Promise<WebgpuExecutable> {
  const device = await sharedDevice();
  return WebgpuExecutable.create({
    ...shaderProgram(graph, { ...kernels, ...formsOn(software, schedule) }),
    device,
    timeoutMs: patienceWith(software),
    requestDevice: sharedDevice,
    bindings,
    checkNan,
    onNotice: (message) => note(`note: ${message}`),
  });
}

let opened: Promise<GPUDevice> | undefined;
let announced = false;
let software = false;

/** The same device for all programs until it is lost; then another. */
function sharedDevice(): Promise<GPUDevice> {
  opened ??= open();
  return opened;
}

async function open(): Promise<GPUDevice> {
  const found = await openAdapter();
  if (!announced) note(adapterLine(found));
  announced = true;
  software = found.software;
  const device = await openDevice(found.adapter);
  void device.lost.then(() => {
    opened = undefined;
  });
  return device;
}
