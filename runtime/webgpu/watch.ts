/**
 * Waiting for a device, so that nothing hangs: every wait ends with what was waited for, with a
 * fault after the time that it may take (T6406), or with that of a device that is lost (T6405).
 */
import type { RuntimeFault } from '../artifact/executable.ts';
import { lateFault, lostFault, messageOf } from './faults.ts';

export interface DeviceWatch {
  /** Set once the device is gone; nothing works on it from then on. */
  readonly lost: RuntimeFault | undefined;
  /** `what` completes "while waiting for". */
  wait<T>(promise: Promise<T>, what: string, milliseconds: number): Promise<T>;
}

export function watchDevice(device: GPUDevice): DeviceWatch {
  let lost: RuntimeFault | undefined;
  // Ends waits that are under way. In a race of promises `device.lost` would hold them all.
  const waiting = new Set<(fault: RuntimeFault) => void>();
  void device.lost.then(({ reason, message }) => {
    const fault = lostFault([reason, message].filter((text) => text !== '').join(', '));
    lost = fault;
    for (const stop of [...waiting]) stop(fault);
  });
  return {
    get lost() {
      return lost;
    },
    wait: (promise, what, milliseconds) =>
      new Promise((resolve, reject) => {
        const end = (): void => {
          clearTimeout(timer);
          waiting.delete(stop);
        };
        const stop = (fault: Error): void => {
          end();
          reject(fault);
        };
        const timer = setTimeout(() => stop(lateFault(what, milliseconds)), milliseconds);
        waiting.add(stop);
        promise.then(
          (value) => {
            end();
            resolve(value);
          },
          (error: unknown) => {
            // A device that is lost lets its promises go first, and says so a little later.
            const failed = error instanceof Error ? error : new Error(messageOf(error));
            setTimeout(() => stop(lost ?? failed), lost === undefined ? graceTime : 0);
          },
        );
        if (lost !== undefined) stop(lost);
      }),
  };
}

const graceTime = 50;
