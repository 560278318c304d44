/** How many floating-point operations a second a device reaches at its best, by measuring. */
import type { Executable } from '../../../runtime/artifact/executable.ts';
import { WebgpuExecutable } from '../../../runtime/webgpu/webgpu-executable.ts';
import { emitWgsl } from '../../6-emit/wgsl/emit.ts';
import type { BenchDevice } from './gpu.ts';
import { flopsOfRound, gpuSize, peakProgram, softwareSize, type PeakSize } from './peak-program.ts';

/** Milliseconds that the work must take, so that the cost of a call is small beside it. */
const longEnough = 100;
const mostRounds = 1 << 20;
const tries = 3;

/** Of a GPU, in GFLOP/s. */
export async function measureGpuPeak({ device, software }: BenchDevice): Promise<number> {
  const size = software ? softwareSize : gpuSize;
  const program = peakProgram(size);
  const shaders = emitWgsl(program);
  const executable = await WebgpuExecutable.create({ program, shaders, device });
  try {
    return await measurePeak(executable, size);
  } finally {
    executable.close();
  }
}

/**
 * In GFLOP/s, where the program of this size runs. What every call costs is taken off, by a call
 * with hardly any work.
 */
export async function measurePeak(executable: Executable, size: PeakSize): Promise<number> {
  // What is compiled while it runs is at its best only after some calls.
  await best(executable, 1);
  const base = await best(executable, 1);
  let rounds = 4;
  let spent = await best(executable, rounds);
  while (spent - base < longEnough && rounds < mostRounds) {
    rounds *= 4;
    spent = await best(executable, rounds);
  }
  return (flopsOfRound(size) * (rounds - 1)) / (spent - base) / 1e6;
}

async function best(executable: Executable, rounds: number): Promise<number> {
  const x = { dtype: 'float', shape: [rounds], data: new Float32Array(rounds) } as const;
  let least = Infinity;
  for (let i = 0; i < tries; i++) {
    const start = performance.now();
    await executable.run(new Map([['x', x]]));
    least = Math.min(least, performance.now() - start);
  }
  return least;
}
