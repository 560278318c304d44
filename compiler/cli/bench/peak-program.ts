/**
 * A program that does nothing but multiply and add, in registers, as much as a device can at once:
 * what it reaches is the peak that other programs are measured by. `rounds` of its work are as many
 * as its input `x` is long.
 */
import type { Expression, Kernel } from '../../../runtime/artifact/kernel.ts';
import type { Program } from '../../../runtime/artifact/program.ts';
import * as k from '../../kernel/build.ts';
import { verifyProgram } from '../../kernel/verify-program.ts';

/** Enough to fill any GPU; a driver in software works them off one after another. */
export const peakSizes = { full: 2048, software: 16 } as const;

const width = 64;
/** Independent of each other, so that one need not wait for the last. */
const chains = 8;
const turns = 64;

/** Floating-point operations of a round; a multiply-add counts two, an f32x4 has four lanes. */
export function flopsOfRound(groups: number): number {
  return groups * width * chains * turns * 4 * 2;
}

export function peakProgram(groups: number): Program {
  const rounds = k.size('R');
  const dim = (constant: number): { constant: number; terms: [] } => ({ constant, terms: [] });
  const symbol = { constant: 0, terms: [{ symbol: 'R', coefficient: 1 }] };
  const length = groups * width;
  const aligned = k.mul(k.ceilDiv(rounds, k.int(4)), k.int(4));
  return verifyProgram({
    format: 'gatework-program-1',
    name: 'peak',
    symbols: ['R'],
    parameters: [{ name: 'x', role: 'input', dtype: 'float', shape: [symbol], tensor: 0 }],
    results: [{ name: 'y', dtype: 'float', shape: [dim(length)], tensor: 1 }],
    tensors: [
      { name: 'x', element: 'f32', length: rounds, offset: k.int(length) },
      { name: 'y', element: 'f32', length: k.int(length), offset: k.int(0) },
    ],
    memory: { f32: k.add(aligned, k.int(length)), i32: k.int(0) },
    functions: [],
    kernels: [peakKernel()],
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

function peakKernel(): Kernel {
  const names = Array.from({ length: chains }, (_, i) => `a${i}`);
  const place = k.add(k.mul(k.workgroup(0), k.int(width)), k.invocation(0));
  const four = (value: Expression): Expression => k.unary('splat', value);
  const first = k.unary('toFloat', place);
  // x * 0.5 + 0.5 goes to 1 and stays there: no number grows, and none gets too small.
  const step = (name: string): Expression =>
    k.add(k.mul(k.local(name, 'f32x4'), four(k.float(0.5))), four(k.float(0.5)));
  const sum = names.map((name) => k.lane(k.local(name, 'f32x4'), 0)).reduce(k.add);
  return {
    name: 'peak.multiplyAdd',
    buffers: [{ name: 'y', element: 'f32', access: 'write' }],
    sizes: ['R'],
    workgroup: [width, 1, 1],
    shared: [],
    registers: [],
    body: [
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
