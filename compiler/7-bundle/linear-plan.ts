/**
 * Where a program for linear memory keeps its parameters and results, as the source of a
 * `LinearPlan` (runtime/bundle/linear-engine.ts). Of the rest of the program its code knows.
 */
import type { Expression } from '../../runtime/artifact/kernel.ts';
import { allSteps, type Dispatch, type Program } from '../../runtime/artifact/program.ts';
import { scratchBytes } from '../../runtime/artifact/scratch.ts';
import { present } from '../base/bug.ts';
import { isBounded } from './bounded.ts';
import { placesSource, sizeNames, tensorAt } from './places-source.ts';
import { sizeCode } from './size-code.ts';

export function linearPlanSource(program: Program): string {
  const scratch = scratchBytes(program);
  return `{
  ${placesSource(program, mostSource(program))}
  ${scratch === 0 ? '' : `head: ${128 + 64 * Math.ceil(scratch / 64)},`}
  ${isStill(program) ? '' : 'moves: true,'}
}`;
}

/** The largest number that the program counts to, as far as its memory does not bound it. */
function mostSource(program: Program): string {
  const { names } = sizeNames(program.symbols);
  const counts = countsOf(program).filter((count) => !isBounded(count, program.memory));
  const texts = new Set(counts.map((e) => sizeCode(e, names)).filter((text) => text.includes('s')));
  return texts.size === 0 ? '0' : `Math.max(${[...texts].join(', ')})`;
}

/** Whatever the program counts to, but for what each workgroup does with it. */
function countsOf(program: Program): readonly Expression[] {
  return allSteps(program).flatMap((step) => {
    if (step.kind === 'dispatch') return dispatchCounts(step);
    // The variable of the loop is below its count, which is among these.
    const closed = step.body.flatMap(dispatchCounts).filter((e) => !mentions(e, step.variable));
    return [step.count, ...closed];
  });
}

function dispatchCounts({ sizes, groups }: Dispatch): readonly Expression[] {
  const product = groups.reduce<Expression>(
    (x, y) => ({ kind: 'binary', op: 'mul', x, y, type: 'i32' }),
    { kind: 'number', value: 1, type: 'i32' },
  );
  return [...sizes, product].filter((e) => e.kind === 'binary');
}

function mentions(e: Expression, symbol: string): boolean {
  if (e.kind === 'size') return e.name === symbol;
  return e.kind === 'binary' && (mentions(e.x, symbol) || mentions(e.y, symbol));
}

/** Whether weights and what is prepared of them lie where they lie whatever the sizes. */
function isStill(program: Program): boolean {
  const { parameters, prepare, kernels } = program;
  const weights = parameters.filter(({ role }) => role === 'weight').map(({ tensor }) => tensor);
  const dispatches = prepare.flatMap((step) => (step.kind === 'repeat' ? step.body : [step]));
  const prepared = dispatches.flatMap(({ kernel, tensors }) => {
    const { buffers } = present(kernels[kernel], `kernel ${kernel}`);
    return tensors.filter((_, i) => buffers[i]?.access !== 'read');
  });
  return [...weights, ...prepared].every((tensor) => {
    return tensorAt(program, tensor).offset.kind === 'number';
  });
}
