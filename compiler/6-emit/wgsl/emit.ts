/**
 * Kernels as WGSL: for each a shader with one entry point, `main`. All shaders have one bind group
 * in common, of which each declares what it uses: 0, the record of a dispatch (where its buffers
 * begin, then its sizes); 1, whose x is the time step; 2 and 3, the arenas of f32 and of i32.
 */
import type { Kernel, KernelFunction } from '../../../runtime/artifact/kernel.ts';
import type { Program } from '../../../runtime/artifact/program.ts';
import { titleLine } from './comments.ts';
import type { Context, Spelling } from './context.ts';
import { declaredNames } from './declared-names.ts';
import { bindingLines, sharedLines } from './declarations.ts';
import { calledFunctions, functionLines } from './functions.ts';
import { mainLines } from './main-function.ts';
import { createNames } from './names.ts';
import { placesOf } from './places.ts';
import { shallowFunction, shallowKernel } from './shallow.ts';

/** The text of each kernel of the program, by position. */
export function emitWgsl(program: Program): readonly string[] {
  return program.kernels.map((kernel) => kernelWgsl(kernel, program.functions));
}

/** The text of one kernel; `functions` are those of its program, of which it has what it calls. */
export function kernelWgsl(whole: Kernel, functions: readonly KernelFunction[]): string {
  const kernel = shallowKernel(whole);
  const called = calledFunctions(kernel, functions).map(shallowFunction);
  const names = createNames(declaredNames(kernel, called));
  const context: Context = {
    names,
    spelling: readable,
    places: placesOf(kernel, {
      base: (buffer) => names.fresh(`${buffer}_at`),
      array: ({ name }) => names.of('memory', name),
    }),
    needs: new Set(),
    usedSizes: new Set(),
    usedBuffers: new Set(),
    ownFunctions: new Map(),
    writesBuffers: kernel.buffers.some(({ access }) => access !== 'read'),
  };
  const main = mainLines(kernel, context);
  const texts = called.map((f) => functionLines(f, context));
  const parts = [
    [titleLine(kernel.name)],
    bindingLines(kernel, context),
    sharedLines(kernel, context),
    ...context.ownFunctions.values(),
    ...texts,
    main,
  ];
  const filled = parts.filter((lines) => lines.length > 0);
  return `${filled.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

const readable: Spelling = {
  place: (of, axis) => `i32(${of}.${'xyz'.charAt(axis)})`,
  timeStep: 'time_step',
  stepSign: '(moment.x >> 31u)',
};
