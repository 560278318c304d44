/**
 * What every program keeps: its kernels and functions, one meaning to a name, tensors in their
 * arenas, dispatches that give each kernel what it asks for. A breach is a CompilerBug that carries
 * the program as text. Where something lies depends on sizes, and is looked at for some of them.
 */
import type { Expression, Kernel, MemoryType } from '../../runtime/artifact/kernel.ts';
import type { ElementType } from '../../runtime/artifact/nd-array.ts';
import {
  allSteps,
  type Dispatch,
  type Program,
  type ProgramParameter,
  type ProgramResult,
  type ProgramTensor,
} from '../../runtime/artifact/program.ts';
import type { Dim } from '../../runtime/artifact/size.ts';
import { asksOf } from './asks.ts';
import { Breach, findDouble, guard } from './breach.ts';
import { printExpression } from './print-expression.ts';
import { printProgram } from './print-program.ts';
import { checkPlaces } from './verify-places.ts';
import { verifyFunctions, verifyKernel } from './verify.ts';
import { someExpression } from './walk.ts';

/** Returns the program, so that whoever builds one can end with it. */
export function verifyProgram(program: Program): Program {
  verifyFunctions(program.functions);
  for (const kernel of program.kernels) verifyKernel(kernel, program.functions);
  guard(
    `program ${program.name}`,
    () => {
      checkNames(program);
      checkTensors(program);
      program.parameters.forEach((parameter) => checkParameter(parameter, program));
      program.results.forEach((result) => checkResult(result, program));
      checkSteps(program);
      checkPlaces(program);
    },
    () => printProgram(program),
  );
  return program;
}

function checkNames({ symbols, parameters, results, tensors, kernels }: Program): void {
  const double = findDouble(symbols);
  if (double !== undefined) throw new Breach(`two symbols ${double}`);
  for (const [what, named] of Object.entries({ parameters, results, tensors, kernels })) {
    const name = findDouble(named.map((item) => item.name));
    if (name !== undefined) throw new Breach(`two ${what} ${name}`);
  }
}

function checkTensors({ symbols, tensors, memory }: Program): void {
  for (const length of [memory.f32, memory.i32]) checkSize(length, symbols);
  for (const { length, offset } of tensors) {
    checkSize(length, symbols);
    checkSize(offset, symbols);
  }
}

const hostOps: ReadonlySet<string> = new Set(['add', 'sub', 'mul', 'div', 'mod', 'min', 'max']);

/** Whole-number arithmetic over these names, which the host does exactly. */
function checkSize(e: Expression, names: readonly string[]): void {
  const wrong = (part: Expression): boolean => {
    if (part.kind === 'number') return part.type !== 'i32' || !Number.isSafeInteger(part.value);
    if (part.kind === 'binary') return part.type !== 'i32' || !hostOps.has(part.op);
    return part.kind !== 'size' || !names.includes(part.name);
  };
  if (someExpression(e, wrong)) {
    throw new Breach(`${printExpression(e)} is no size over ${names.join(', ') || 'nothing'}`);
  }
}

function checkParameter(parameter: ProgramParameter, program: Program): void {
  const { name, dtype, ids } = parameter;
  checkPlace(parameter, program);
  if (ids === undefined) return;
  if (dtype !== 'int') throw new Breach(`${name} holds ${dtype} and no ids`);
  checkDim(ids.below, program);
  if (ids.lengths === undefined) return;
  const lengths = program.parameters.find((candidate) => candidate.name === ids.lengths);
  if (lengths?.dtype !== 'int') throw new Breach(`${ids.lengths} are no lengths for ${name}`);
}

function checkResult(result: ProgramResult, program: Program): void {
  const { name, feeds } = result;
  const tensor = checkPlace(result, program);
  if (feeds === undefined) return;
  const parameter = program.parameters.find((candidate) => candidate.name === feeds);
  if (parameter === undefined) throw new Breach(`${name} feeds ${feeds}, which is no parameter`);
  const own = tensorAt(parameter.tensor, program);
  const same = own.element === tensor.element && sameText(own.offset, tensor.offset);
  if (!same) throw new Breach(`${name} feeds ${feeds} and lies elsewhere`);
}

function sameText(x: Expression, y: Expression): boolean {
  return printExpression(x) === printExpression(y);
}

function checkPlace(at: ProgramParameter | ProgramResult, program: Program): ProgramTensor {
  for (const dim of at.shape) checkDim(dim, program);
  const tensor = tensorAt(at.tensor, program);
  if (tensor.element !== elementOf(at.dtype)) {
    throw new Breach(`${at.name} holds ${at.dtype} and lies in a tensor of ${tensor.element}`);
  }
  return tensor;
}

function elementOf(dtype: ElementType): MemoryType {
  return dtype === 'float' ? 'f32' : 'i32';
}

function checkDim({ terms }: Dim, { symbols }: Program): void {
  const open = terms.find(({ symbol }) => !symbols.includes(symbol));
  if (open !== undefined) throw new Breach(`the symbol ${open.symbol} is not declared`);
}

function tensorAt(position: number, { tensors }: Program): ProgramTensor {
  const tensor = tensors[position];
  if (tensor === undefined) throw new Breach(`there is no tensor ${position}`);
  return tensor;
}

function checkSteps(program: Program): void {
  const used = new Set<Kernel>();
  for (const step of allSteps(program)) {
    if (step.kind === 'dispatch') {
      used.add(checkDispatch(step, program.symbols, program));
      continue;
    }
    const { variable, count, body } = step;
    checkSize(count, program.symbols);
    if (program.symbols.includes(variable)) throw new Breach(`${variable} is a symbol already`);
    for (const dispatch of body) {
      used.add(checkDispatch(dispatch, [...program.symbols, variable], program));
    }
  }
  const idle = program.kernels.find((kernel) => !used.has(kernel));
  if (idle !== undefined) throw new Breach(`the kernel ${idle.name} is never dispatched`);
}

/** `names` are the symbols and the variable of the loop around. */
function checkDispatch(dispatch: Dispatch, names: readonly string[], program: Program): Kernel {
  const { tensors, sizes, groups, step } = dispatch;
  const kernel = program.kernels[dispatch.kernel];
  if (kernel === undefined) throw new Breach(`there is no kernel ${dispatch.kernel}`);
  const counts = [kernel.buffers.length, kernel.sizes.length];
  if (tensors.length !== counts[0] || sizes.length !== counts[1]) {
    const given = `${tensors.length} tensors and ${sizes.length} sizes`;
    throw new Breach(`${kernel.name} is given ${given}, it takes ${counts.join(' and ')}`);
  }
  checkBuffers(dispatch, kernel, program);
  for (const size of [...sizes, ...groups]) checkSize(size, program.symbols);
  if (step !== undefined) checkSize(step, names);
  else if (asksOf(kernel.body).step) throw new Breach(`${kernel.name} is given no time step`);
  return kernel;
}

/** Tensors of the arena of f32 that all kernels take for i32, and nobody else looks at. */
function wordTensors(program: Program): ReadonlySet<number> {
  const known = wordsOf.get(program);
  if (known !== undefined) return known;
  const { kernels, tensors, parameters, results } = program;
  const words = new Set<number>();
  const others = new Set([...parameters, ...results].map(({ tensor }) => tensor));
  for (const step of allSteps(program)) {
    for (const dispatch of step.kind === 'dispatch' ? [step] : step.body) {
      kernels[dispatch.kernel]?.buffers.forEach(({ element }, i) => {
        (element === 'i32' ? words : others).add(dispatch.tensors[i] ?? -1);
      });
    }
  }
  const found = new Set(
    [...words].filter((at) => tensors[at]?.element === 'f32' && !others.has(at)),
  );
  wordsOf.set(program, found);
  return found;
}

const wordsOf = new WeakMap<Program, ReadonlySet<number>>();

/** A tensor that a kernel writes stands in one of its buffers alone. */
function checkBuffers({ tensors }: Dispatch, { name, buffers }: Kernel, program: Program): void {
  const access = new Map<number, 'read' | 'written'>();
  const words = wordTensors(program);
  buffers.forEach((buffer, i) => {
    const position = tensors[i] ?? -1;
    const tensor = tensorAt(position, program);
    if (tensor.element !== buffer.element && !words.has(position)) {
      throw new Breach(`${name}: ${buffer.name} holds ${buffer.element}, ${tensor.name} does not`);
    }
    const use = buffer.access === 'read' ? 'read' : 'written';
    const known = access.get(position);
    if (known !== undefined && (known === 'written' || use === 'written')) {
      throw new Breach(`${name} writes ${tensor.name}, which is another of its buffers too`);
    }
    access.set(position, use);
  });
}
