/**
 * Waiting for a device, so that nothing hangs: every wait ends with what was waited for, with a
 * fault after the time that it may take (T6406), or with that of a device that is lost (T6405).
 */
import type { RuntimeFault } from '../artifact/executable.ts';
import { lateFault, lostFault, messageOf } from './faults.ts';

export class DeviceWatch {
  /** Set once the device is gone; nothing works on it from then on. */
  lost: RuntimeFault | undefined;
  /** Ends waits that are under way. In a race of promises `device.lost` would hold them all. */
  private readonly waiting = new Set<(fault: RuntimeFault) => void>();

  constructor(device: GPUDevice) {
    void device.lost.then(({ reason, message }) => {
      const fault = lostFault([reason, message].filter((text) => text !== '').join(', '));
      this.lost = fault;
      for (const stop of [...this.waiting]) stop(fault);
    });
  }

  /** `what` completes "while waiting for". */
  wait<T>(promise: Promise<T>, what: string, milliseconds: number): Promise<T> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        this.waiting.delete(stop);
      };
      const stop = (fault: Error): void => {
        end();
        reject(fault);
      };
      const timer = setTimeout(() => stop(lateFault(what, milliseconds)), milliseconds);
      this.waiting.add(stop);
      promise.then(
        (value) => {
          end();
          resolve(value);
        },
        (error: unknown) => {
          // A device that is lost lets its promises go first, and says so a little later.
          const failed = error instanceof Error ? error : new Error(messageOf(error));
          setTimeout(() => stop(this.lost ?? failed), this.lost === undefined ? graceTime : 0);
        },
      );
      if (this.lost !== undefined) stop(this.lost);
    });
  }
}

const graceTime = 50;
