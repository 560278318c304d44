/**
 * A program that does nothing but multiply and add, in registers, as much as a device can at once:
 * what it reaches is the peak that other programs are measured by. `rounds` of its work are as many
 * as its input `x` is long.
 */
import type { Expression, Kernel } from '../../../runtime/artifact/kernel.ts';
import type { Program } from '../../../runtime/artifact/program.ts';
import * as k from '../../kernel/build.ts';
import { verifyProgram } from '../../kernel/verify-program.ts';

export interface PeakSize {
  readonly groups: number;
  /** Invocations of a workgroup. */
  readonly width: number;
  /** Of the loop over the chains, in a round. */
  readonly turns: number;
}

/** Enough to fill any GPU; a driver in software works its workgroups off one after another. */
export const gpuSize: PeakSize = { groups: 2048, width: 64, turns: 64 };
export const softwareSize: PeakSize = { groups: 16, width: 64, turns: 64 };

/** A workgroup of one invocation for each thread. */
export function threadsSize(threads: number): PeakSize {
  return { groups: threads, width: 1, turns: 4096 };
}

/** Independent of each other, so that one need not wait for the last. */
const chains = 8;

/** Floating-point operations of a round; a multiply-add counts two, an f32x4 has four lanes. */
export function flopsOfRound({ groups, width, turns }: PeakSize): number {
  return groups * width * chains * turns * 4 * 2;
}

export function peakProgram(size: PeakSize): Program {
  const { groups, width } = size;
  const rounds = k.size('R');
  const dim = (constant: number): { constant: number; terms: [] } => ({ constant, terms: [] });
  const symbol = { constant: 0, terms: [{ symbol: 'R', coefficient: 1 }] };
  const length = groups * width;
  const end = Math.ceil(length / 4) * 4;
  const aligned = k.mul(k.ceilDiv(rounds, k.int(4)), k.int(4));
  return verifyProgram({
    format: 'gatework-program-1',
    name: 'peak',
    symbols: ['R'],
    parameters: [{ name: 'x', role: 'input', dtype: 'float', shape: [symbol], tensor: 0 }],
    results: [{ name: 'y', dtype: 'float', shape: [dim(length)], tensor: 1 }],
    tensors: [
      { name: 'x', element: 'f32', length: rounds, offset: k.int(end) },
      { name: 'y', element: 'f32', length: k.int(length), offset: k.int(0) },
    ],
    memory: { f32: k.add(aligned, k.int(end)), i32: k.int(0) },
    functions: [],
    kernels: [peakKernel(size)],
    prepare: [],
    steps: [
      {
        kind: 'dispatch',
        kernel: 0,
        tensors: [1],
        sizes: [rounds],
        groups: [k.int(groups), k.int(1), k.int(1)],
      },
    ],
  });
}

function peakKernel({ width, turns }: PeakSize): Kernel {
  const names = Array.from({ length: chains }, (_, i) => `a${i}`);
  const place = k.add(k.mul(k.workgroup(0), k.int(width)), k.invocation(0));
  const four = (value: Expression): Expression => k.unary('splat', value);
  const first = k.unary('toFloat', place);
  // x * 0.5 + 0.5 goes to 1 and stays there: no number grows, and none gets too small.
  const half = k.local('half', 'f32x4');
  const step = (name: string): Expression => k.add(half, k.mul(k.local(name, 'f32x4'), half));
  const sum = names.map((name) => k.lane(k.local(name, 'f32x4'), 0)).reduce(k.add);
  return {
    name: 'peak.multiplyAdd',
    buffers: [{ name: 'y', element: 'f32', access: 'write' }],
    sizes: ['R'],
    workgroup: [width, 1, 1],
    shared: [],
    registers: [],
    body: [
      { kind: 'let', name: 'half', value: four(k.float(0.5)) },
      ...names.map((name, i) => ({
        kind: 'var' as const,
        name,
        value: four(k.add(first, k.float(i))),
      })),
      k.forLoop('turn', k.mul(k.size('R'), k.int(turns)), [
        ...names.map((name) => ({ kind: 'assign' as const, name, value: step(name) })),
      ]),
      { kind: 'store', memory: 'y', index: place, value: sum },
    ],
  };
}
