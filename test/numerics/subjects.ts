/**
 * What the accuracy record measures: ops of one and of two numbers, and `decay`, of which other
 * functions are made. Each as a program over a block of numbers, as its exact values, which are the
 * op's own in f64, and as the text of its formula, by which a record knows that it is stale.
 */
import { createHash } from 'node:crypto';
import { fixed } from '../../compiler/graph/dim.ts';
import { tensor, type Attributes, type Dtype } from '../../compiler/graph/types.ts';
import { local } from '../../compiler/kernel/build.ts';
import { mathFunctions } from '../../compiler/kernel/math/all.ts';
import { decay } from '../../compiler/kernel/math/decay.ts';
import { printFunction } from '../../compiler/kernel/print.ts';
import { printExpression } from '../../compiler/kernel/print-expression.ts';
import { visitExpression } from '../../compiler/kernel/walk.ts';
import { opNamed } from '../../compiler/ops/all.ts';
import { GraphBuilder } from '../../compiler/ops/builder.ts';
import type { LowerContext, Precision } from '../../compiler/ops/op.ts';
import { kernelProgram, type KernelOptions } from '../../compiler/pipeline.ts';
import type { Expression, KernelFunction } from '../../runtime/artifact/kernel.ts';
import type { ElementData } from '../../runtime/artifact/nd-array.ts';
import type { Program } from '../../runtime/artifact/program.ts';
import { required } from '../support/op-runs.ts';
import { isWithin, type Domain } from './tally.ts';

export interface Subject {
  readonly name: string;
  readonly op: string;
  readonly arity: 1 | 2;
  readonly takes: 'float' | 'int';
  readonly gives: Dtype;
  readonly attributes: Attributes;
  /** Where the formula is meant to hold; everywhere if not said. */
  readonly domain?: Domain;
  /** What is known of the function itself (whole-blocks.ts). */
  readonly shape?: Shape;
}

export interface Shape {
  /** The function rises or falls throughout on either side of 0, for |x| up to this. */
  readonly monotoneUpTo: number;
  /** |f(x) - x| / |x| does so as well. */
  readonly nearIdentity: boolean;
}

/** Below 2^13 quarter turns, the reduction of an angle is exact. */
const angles: Domain = { from: -12867, to: 12867, bounded: true };

const monotone: Shape = { monotoneUpTo: Infinity, nearIdentity: false };
const bentLine: Shape = { monotoneUpTo: Infinity, nearIdentity: true };

export const unarySubjects: readonly Subject[] = [
  ...['exp', 'log', 'sigmoid', 'erf', 'sign'].map((op) => ({ ...unary(op), shape: monotone })),
  ...['tanh', 'softplus'].map((op) => ({ ...unary(op), shape: bentLine })),
  { ...unary('sin'), domain: angles, shape: { ...bentLine, monotoneUpTo: 1 } },
  { ...unary('cos'), domain: angles, shape: { ...monotone, monotoneUpTo: 1 } },
  {
    ...unary('exp'),
    name: 'decay',
    domain: { from: 0, to: Infinity, bounded: false },
    shape: monotone,
  },
  ...['sqrt', 'neg', 'abs', 'floor'].map((op) => unary(op)),
  { ...unary('cast'), name: 'cast to float', takes: 'int', attributes: { dtype: 'float' } },
  { ...unary('cast'), name: 'cast to int', gives: 'int', attributes: { dtype: 'int' } },
];

export const binarySubjects: readonly Subject[] = [
  ...['add', 'sub', 'mul', 'div', 'pow', 'max', 'min'].map((op) => binary(op, 'float')),
  ...['less', 'lessEqual', 'equal'].map((op) => binary(op, 'bool')),
];

function unary(op: string): Subject {
  return { name: op, op, arity: 1, takes: 'float', gives: 'float', attributes: {} };
}

function binary(op: string, gives: Dtype): Subject {
  return { name: op, op, arity: 2, takes: 'float', gives, attributes: {} };
}

const operandNames = ['x', 'y'];

/** Parameters `x` and, of two numbers, `y`; result `z`; all of this length. */
export function programOf(subject: Subject, length: number, options: KernelOptions): Program {
  const b = new GraphBuilder();
  const operands = operandNames
    .slice(0, subject.arity)
    .map((name) => b.parameter(name, tensor(subject.takes, [fixed(length)]), 'input'));
  const [value] = b.emitMany(subject.op, operands, subject.attributes);
  const graph = b.finish(subject.name, [{ name: 'z', value: required(value) }]);
  const program = kernelProgram(graph, options);
  // Of decay there is no op: it takes the place of exp.
  return subject.name === 'decay'
    ? { ...program, functions: [{ ...decay, name: 'exp' }] }
    : program;
}

/** The values in f64, or whole numbers, which are exact; NaN beyond the domain. */
export function exactValues(subject: Subject, operands: readonly ElementData[]): ElementData {
  return evaluated(subject, operands, 'f64');
}

/** The same as the interpreter computes it in f32. */
export function valuesInF32(subject: Subject, operands: readonly ElementData[]): ElementData {
  return evaluated(subject, operands, 'f32');
}

function evaluated(
  subject: Subject,
  operands: readonly ElementData[],
  precision: Precision,
): ElementData {
  const arrays = operands.map((given) => {
    const data = subject.domain === undefined ? given : withinDomain(subject, given);
    return { dtype: subject.takes, shape: [data.length], data };
  });
  const evaluation = { precision, bindings: new Map<string, number>(), runBody: noBody };
  const [z] = opNamed(subject.op).evaluate(arrays, subject.attributes, evaluation, []);
  return required(z).data;
}

/** Numbers beyond the domain are NaN, which is evaluated fast. */
function withinDomain({ name, domain }: Subject, given: ElementData): ElementData {
  const data = given.slice();
  // e^-x is e^x of the other sign.
  const sign = name === 'decay' ? -1 : 1;
  for (let i = 0; i < data.length; i++) {
    const x = data[i] ?? NaN;
    data[i] = isWithin(x, domain) ? sign * x : NaN;
  }
  return data;
}

function noBody(): never {
  throw new Error('an op of numbers has no body');
}

/** A hash of the op's expression and of all functions that it calls. */
export function formulaHash(subject: Subject): string {
  return createHash('sha256').update(formulaOf(subject)).digest('hex').slice(0, 16);
}

function formulaOf(subject: Subject): string {
  const called: KernelFunction[] = [];
  if (subject.name === 'decay') called.push(decay);
  const element = subject.name === 'decay' ? local('x', 'f32') : loweredElement(subject);
  gatherCalled(element, called);
  for (const f of called) {
    for (const { value } of f.lets) gatherCalled(value, called);
    gatherCalled(f.result, called);
  }
  return [`${printExpression(element)}\n`, ...called.map(printFunction)].join('');
}

function loweredElement(subject: Subject): Expression {
  const type = subject.takes === 'float' ? 'f32' : 'i32';
  const operands = operandNames.slice(0, subject.arity).map((name) => () => local(name, type));
  const context: LowerContext = {
    index: [],
    operands,
    types: operands.map(() => tensor(subject.takes, [])),
    attributes: subject.attributes,
    size: noBody,
    reduce: noBody,
    named: (value) => value,
  };
  return required(opNamed(subject.op).lower)(context);
}

/** Adds functions that are not yet among them; the list may grow while it is gone through. */
function gatherCalled(e: Expression, called: KernelFunction[]): void {
  visitExpression(e, (part) => {
    if (part.kind !== 'call' || called.some(({ name }) => name === part.function)) return;
    called.push(required(mathFunctions.find(({ name }) => name === part.function)));
  });
}
