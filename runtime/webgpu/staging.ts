/** Buffers that the host reads through, used again and again. Sizes are powers of two. */
import { copyTarget, mapRead } from './flags.ts';
import type { Staging } from './submit.ts';

export class StagingPool implements Staging {
  private readonly device: GPUDevice;
  private readonly free: GPUBuffer[] = [];

  constructor(device: GPUDevice) {
    this.device = device;
  }

  /** A buffer of at least so many bytes, unmapped. */
  take(bytes: number): GPUBuffer {
    const at = this.free.findIndex(({ size }) => size >= bytes && size <= 4 * sizeFor(bytes));
    const [found] = at < 0 ? [] : this.free.splice(at, 1);
    return found ?? this.create(bytes);
  }

  /** Gives back a buffer, unmapped. */
  give(buffer: GPUBuffer): void {
    this.free.push(buffer);
    while (this.free.length > mostBuffers || totalSize(this.free) > mostBytes) {
      this.free.shift()?.destroy();
    }
  }

  private create(bytes: number): GPUBuffer {
    const rounded = sizeFor(bytes);
    const whole = Math.ceil(bytes / 4) * 4;
    return this.device.createBuffer({
      label: 'results',
      size: rounded <= this.device.limits.maxBufferSize ? rounded : whole,
      usage: mapRead | copyTarget,
    });
  }
}

const mostBuffers = 16;
const mostBytes = 64 * 2 ** 20;

function sizeFor(bytes: number): number {
  return Math.max(256, 2 ** Math.ceil(Math.log2(bytes)));
}

function totalSize(buffers: readonly GPUBuffer[]): number {
  return buffers.reduce((sum, { size }) => sum + size, 0);
}
