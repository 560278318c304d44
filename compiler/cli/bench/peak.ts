/** How many floating-point operations a second a GPU reaches at its best, by measuring. */
import { WebgpuExecutable } from '../../../runtime/webgpu/webgpu-executable.ts';
import { emitWgsl } from '../../6-emit/wgsl/emit.ts';
import type { BenchDevice } from './gpu.ts';
import { flopsOfRound, peakProgram, peakSizes } from './peak-program.ts';

/** Milliseconds that the work must take, so that the cost of a call is small beside it. */
const longEnough = 100;
const mostRounds = 1 << 20;
const tries = 3;

/** In GFLOP/s. What every call costs is taken off, by a call with hardly any work. */
export async function measurePeak({ device, software }: BenchDevice): Promise<number> {
  const groups = software ? peakSizes.software : peakSizes.full;
  const program = peakProgram(groups);
  const shaders = emitWgsl(program);
  const executable = await WebgpuExecutable.create({ program, shaders, device });
  try {
    const base = await best(executable, 1);
    let rounds = 4;
    let spent = await best(executable, rounds);
    while (spent - base < longEnough && rounds < mostRounds) {
      rounds *= 4;
      spent = await best(executable, rounds);
    }
    return (flopsOfRound(groups) * (rounds - 1)) / (spent - base) / 1e6;
  } finally {
    executable.close();
  }
}

async function best(executable: WebgpuExecutable, rounds: number): Promise<number> {
  const x = { dtype: 'float', shape: [rounds], data: new Float32Array(rounds) } as const;
  let least = Infinity;
  for (let i = 0; i < tries; i++) {
    const start = performance.now();
    await executable.run(new Map([['x', x]]));
    least = Math.min(least, performance.now() - start);
  }
  return least;
}
