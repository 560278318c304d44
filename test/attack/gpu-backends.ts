/** The GPU of this machine, or a driver in software, as backends of either schedule. */
import { openAdapter } from '../../compiler/cli/gpu/adapter.ts';
import { patienceWith } from '../../compiler/cli/gpu/forms.ts';
import { backendOf } from '../../compiler/verify/local-backends.ts';
import { webgpuRunner } from '../../compiler/verify/runners/webgpu-runner.ts';
import { openDevice } from '../../runtime/webgpu/device.ts';
import type { OpenBackends } from './types.ts';

/** T6403 where there is no adapter; `tell` hears its description. */
export async function gpuBackends(tell?: (adapter: string) => void): Promise<OpenBackends> {
  const { adapter, description, software } = await openAdapter();
  tell?.(description);
  const device = await openDevice(adapter);
  const timeoutMs = patienceWith(software);
  return () =>
    (['steps', 'persistent'] as const).map((schedule) => {
      const kind = software && schedule === 'steps' ? 'software' : 'parallel';
      const runner = webgpuRunner({ schedule, device, kind, timeoutMs });
      return backendOf(runner, { keepsNonFinite: false, keepsDenormals: false });
    });
}
