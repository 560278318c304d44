/** How programs are compiled for, and run on, a device in hardware or one in software. */
import type { KernelOptions } from '../../pipeline.ts';

/**
 * In software a barrier costs more than a dispatch, so that loops over time are dispatches there
 * unless the person says otherwise.
 */
export function formsOn(
  software: boolean,
  schedule: KernelOptions['schedule'] = 'auto',
): Pick<KernelOptions, 'schedule' | 'device'> {
  return {
    schedule: software && schedule === 'auto' ? 'steps' : schedule,
    device: software ? 'software' : 'parallel',
  };
}

/** How long an answer of the device may take, in milliseconds. */
export function patienceWith(software: boolean): number {
  return software ? 600_000 : 60_000;
}
