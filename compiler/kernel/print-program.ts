/**
 * A program as text, the form of specs/ir/kernel.md: where everything lies, the functions, the
 * kernels, then the order of dispatches. `readProgram` reads it back to an equal program. Tensors
 * and kernels go by name here, by position in the program.
 */
import type {
  Dispatch,
  IdRange,
  Program,
  ProgramParameter,
  ProgramResult,
  ProgramStep,
  ProgramTensor,
} from '../../runtime/artifact/program.ts';
import type { Dim } from '../../runtime/artifact/size.ts';
import { printName } from './names.ts';
import { printExpression } from './print-expression.ts';
import { block, printFunctionLines, printKernelLines } from './print.ts';

export function printProgram(program: Program): string {
  const { symbols, memory } = program;
  const sections = [
    [
      ...(symbols.length === 0 ? [] : [`symbols ${symbols.map(printName).join(', ')}`]),
      `memory f32[${printExpression(memory.f32)}] i32[${printExpression(memory.i32)}]`,
    ],
    program.tensors.map(printTensor),
    program.parameters.map((parameter) => printParameter(parameter, program)),
    program.results.map((result) => printResult(result, program)),
    ...program.functions.map(printFunctionLines),
    ...program.kernels.map(printKernelLines),
    program.prepare.length === 0
      ? []
      : block(
          'prepare',
          program.prepare.flatMap((step) => printStep(step, program)),
        ),
    program.steps.flatMap((step) => printStep(step, program)),
  ].filter((section) => section.length > 0);
  const lines = sections.flatMap((section, i) => (i === 0 ? section : ['', ...section]));
  return `${block(`program ${printName(program.name)}`, lines).join('\n')}\n`;
}

function printTensor({ name, element, length, offset }: ProgramTensor): string {
  const place = `${element}[${printExpression(length)}] at ${printExpression(offset)}`;
  return `tensor ${printName(name)}: ${place}`;
}

function printParameter(parameter: ProgramParameter, program: Program): string {
  const { name, role, ids } = parameter;
  const place = `${printShape(parameter)} ${role} in ${tensorName(parameter.tensor, program)}`;
  return `parameter ${printName(name)}: ${place}${ids === undefined ? '' : printIds(ids)}`;
}

function printIds({ below, negative, lengths }: IdRange): string {
  const within = lengths === undefined ? '' : ` within ${printName(lengths)}`;
  return ` ids below ${printDim(below)}${negative ? ' or negative' : ''}${within}`;
}

function printResult(result: ProgramResult, program: Program): string {
  const { name, feeds } = result;
  const place = `${printShape(result)} in ${tensorName(result.tensor, program)}`;
  const next = feeds === undefined ? '' : ` feeds ${printName(feeds)}`;
  return `result ${printName(name)}: ${place}${next}`;
}

function printShape({ dtype, shape }: ProgramParameter | ProgramResult): string {
  return `${dtype}[${shape.map(printDim).join(', ')}]`;
}

/** `2*D+128`. */
function printDim({ constant, terms }: Dim): string {
  const parts = terms.map(({ symbol, coefficient }, i) => {
    const size = Math.abs(coefficient);
    const sign = coefficient < 0 ? '-' : i > 0 ? '+' : '';
    return `${sign}${size === 1 ? '' : `${size}*`}${printName(symbol)}`;
  });
  if (constant !== 0 || parts.length === 0) {
    parts.push(`${constant >= 0 && parts.length > 0 ? '+' : ''}${constant}`);
  }
  return parts.join('');
}

function tensorName(position: number, { tensors }: Program): string {
  const tensor = tensors[position];
  return tensor === undefined ? `#${position}` : printName(tensor.name);
}

function printStep(step: ProgramStep, program: Program): string[] {
  if (step.kind === 'dispatch') return [printDispatch(step, program)];
  const { variable, count, body } = step;
  const lines = body.map((dispatch) => printDispatch(dispatch, program));
  return block(`repeat ${printName(variable)} to ${printExpression(count)}`, lines);
}

function printDispatch(dispatch: Dispatch, program: Program): string {
  const { tensors, sizes, step, groups, origin } = dispatch;
  const kernel = program.kernels[dispatch.kernel];
  const buffers = tensors.map((position, i) => {
    const buffer = kernel?.buffers[i]?.name;
    return `${buffer === undefined ? '?' : printName(buffer)}: ${tensorName(position, program)}`;
  });
  const values = sizes.map((value, i) => {
    const size = kernel?.sizes[i];
    return `${size === undefined ? '?' : printName(size)}: ${printExpression(value)}`;
  });
  const name = kernel === undefined ? `#${dispatch.kernel}` : printName(kernel.name);
  return [
    `dispatch ${name}(${buffers.join(', ')})`,
    ...(values.length === 0 ? [] : [`sizes(${values.join(', ')})`]),
    `groups(${groups.map(printExpression).join(', ')})`,
    ...(step === undefined ? [] : [`step ${printExpression(step)}`]),
    ...(origin === undefined ? [] : [`from ${JSON.stringify(origin)}`]),
  ].join(' ');
}
