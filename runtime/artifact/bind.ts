/**
 * What inputs say about dimensions: each parameter's symbolic shape is matched against the shape of
 * the array that came for it. A form with one unknown symbol is solved for it; whatever does not
 * fit is a RuntimeFault that names the input and the axis.
 */
import { RuntimeFault } from './executable.ts';
import type { ElementType } from './nd-array.ts';
import { evaluateDim, printDim, type Bindings, type Dim } from './size.ts';

/** What an input must be like, whether a graph or a program asks for it. */
export interface InputForm {
  readonly name: string;
  readonly dtype: ElementType;
  readonly shape: readonly Dim[];
}

/** What is looked at of an array; where its numbers are does not matter here. */
export interface ArrayForm {
  readonly dtype: ElementType;
  readonly shape: readonly number[];
  readonly data: { readonly length: number };
}

/**
 * The bindings of all symbols in the parameters' shapes, beginning with those that are given.
 * R7001 a shape that does not fit, R7002 an input that is missing, R7004 one that nobody asked for,
 * R7005 another element type, R7006 a dimension that no input determines.
 */
export function bindInputs(
  parameters: readonly InputForm[],
  inputs: ReadonlyMap<string, ArrayForm>,
  given: Bindings,
): Bindings {
  const bindings = new Map(given);
  const open: OpenAxis[] = [];
  for (const parameter of parameters) {
    const array = inputs.get(parameter.name);
    if (array === undefined) {
      throw new RuntimeFault('R7002', `there is no input ${parameter.name}`);
    }
    checkForm(parameter, array);
    parameter.shape.forEach((dim, axis) => {
      open.push({ name: parameter.name, shape: array.shape, axis, dim });
    });
  }
  checkNames(parameters, inputs);
  solveAll(open, bindings);
  return bindings;
}

/**
 * R7006: a symbol that no input determines (the number of ids, where only a one-hot code asks it).
 */
export function checkBound(symbols: Iterable<string>, bindings: Bindings): void {
  for (const symbol of symbols) {
    if (bindings.has(symbol)) continue;
    throw new RuntimeFault('R7006', `no input tells how large ${symbol} is`, 'bind it by name');
  }
}

interface OpenAxis {
  readonly name: string;
  readonly shape: readonly number[];
  readonly axis: number;
  readonly dim: Dim;
}

function checkForm({ name, dtype, shape }: InputForm, array: ArrayForm): void {
  if (array.dtype !== dtype) {
    throw new RuntimeFault('R7005', `input ${name} holds ${array.dtype}, expected ${dtype}`);
  }
  if (array.shape.length !== shape.length) {
    const expected = shape.map(axisName).join(', ');
    throw new RuntimeFault(
      'R7001',
      `input ${name} has shape [${array.shape.join(', ')}], expected [${expected}]`,
    );
  }
  const count = array.shape.reduce((product, size) => product * size, 1);
  if (array.data.length !== count) {
    throw new RuntimeFault(
      'R7001',
      `input ${name} holds ${array.data.length} elements, its shape says ${count}`,
    );
  }
}

function checkNames(
  parameters: readonly InputForm[],
  inputs: ReadonlyMap<string, ArrayForm>,
): void {
  const known = new Set(parameters.map((parameter) => parameter.name));
  for (const name of inputs.keys()) {
    if (!known.has(name)) {
      const hint = `the inputs are ${[...known].join(', ')}`;
      throw new RuntimeFault('R7004', `the model has no input ${name}`, hint);
    }
  }
}

/** Goes over the axes until none can be solved any more. */
function solveAll(axes: readonly OpenAxis[], bindings: Map<string, number>): void {
  let open = axes;
  for (;;) {
    const left = open.filter((axis) => !settle(axis, bindings));
    const [first] = left;
    if (first === undefined) return;
    if (left.length === open.length) {
      throw new RuntimeFault(
        'R7006',
        `axis ${first.axis} of input ${first.name}, ${printDim(first.dim)}, can be read in several ways`,
        'bind one of its dimensions by name',
      );
    }
    open = left;
  }
}

/** True once the axis agrees with the bindings, which it may extend by one symbol. */
function settle(at: OpenAxis, bindings: Map<string, number>): boolean {
  const unknown = at.dim.terms.filter((term) => !bindings.has(term.symbol));
  const found = at.shape[at.axis] ?? 0;
  if (unknown.length > 1) return false;
  const [term] = unknown;
  if (term !== undefined) {
    const rest = new Map([...bindings, [term.symbol, 0]]);
    const solution = (found - evaluateDim(at.dim, rest)) / term.coefficient;
    if (!Number.isInteger(solution) || solution < 0) throw mismatch(at, printDim(at.dim));
    bindings.set(term.symbol, solution);
    return true;
  }
  const expected = evaluateDim(at.dim, bindings);
  if (expected !== found) {
    const form = printDim(at.dim);
    throw mismatch(at, form === String(expected) ? form : `${form} = ${expected}`);
  }
  return true;
}

function mismatch({ name, shape, axis, dim }: OpenAxis, expected: string): RuntimeFault {
  const found = shape[axis] ?? 0;
  return new RuntimeFault(
    'R7001',
    `input ${name}: ${axisText(axis, dim)} is ${found}, expected ${expected}`,
  );
}

/** `axis 0 (batch)`; an axis that is a number has no name. */
function axisText(axis: number, dim: Dim): string {
  const name = axisName(dim);
  return /^\d+$/.test(name) ? `axis ${axis}` : `axis ${axis} (${name})`;
}

/** Batch and time by name, other dimensions as they are written. */
function axisName(dim: Dim): string {
  const text = printDim(dim);
  if (text === 'B') return 'batch';
  return /^T[a-z0-9]*$/.test(text) ? 'time' : text;
}
