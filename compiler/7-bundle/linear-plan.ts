/**
 * Where a program for linear memory keeps its parameters and results, as the source of a
 * `LinearPlan` (runtime/bundle/linear-engine.ts). Of the rest of the program its code knows.
 */
import type { Expression } from '../../runtime/artifact/kernel.ts';
import {
  allSteps,
  type Dispatch,
  type Program,
  type ProgramTensor,
} from '../../runtime/artifact/program.ts';
import { scratchBytes } from '../../runtime/artifact/scratch.ts';
import { present } from '../base/bug.ts';
import { sizeCode } from './size-code.ts';

export function linearPlanSource(program: Program): string {
  const { parameters, results, symbols } = program;
  const names = new Map(symbols.map((symbol, i) => [symbol, `s${i}`]));
  const code = (e: Expression): string => sizeCode(e, names);
  const places = [...parameters, ...results].flatMap(({ tensor }) => {
    const { offset, length } = tensorAt(program, tensor);
    return [code(offset), code(length)];
  });
  const most = [...new Set(countsOf(program).map(code))].filter((text) => text.includes('s'));
  const at = [
    code(program.memory.f32),
    code(program.memory.i32),
    `Math.max(${['0', ...most].join(', ')})`,
  ];
  const arrays = (of: readonly { name: string; tensor: number }[]): string =>
    JSON.stringify(
      of.map(({ name, tensor }) => {
        return tensorAt(program, tensor).element === 'i32' ? { name, int: true } : { name };
      }),
    );
  return `{
  parameters: ${arrays(parameters)},
  results: ${arrays(results)},
  head: ${128 + 64 * Math.ceil(scratchBytes(program) / 64)},
  still: ${String(isStill(program))},
  at: (${[...names.values()].map((name) => `${name}: number`).join(', ')}) => [${[...at, ...places].join(', ')}],
}`;
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

function tensorAt({ tensors }: Program, position: number): ProgramTensor {
  return present(tensors[position], `tensor ${position}`);
}
