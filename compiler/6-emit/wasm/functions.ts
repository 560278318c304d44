/**
 * Functions of the program as functions of the module, each written when it is first called: on
 * scalars, and lane by lane on four numbers at once. Of the latter a call is mostly replaced by the
 * body, since an engine makes all constants anew at each call.
 */
import type { Expression, KernelFunction } from '../../../runtime/artifact/kernel.ts';
import { present } from '../../base/bug.ts';
import { typeOf } from '../../kernel/build.ts';
import { scalarFunction } from '../../kernel/scalar-form.ts';
import { someExpression, visitExpression } from '../../kernel/walk.ts';
import { Code } from './code.ts';
import { wasmType, type FunctionTable } from './context.ts';
import { emitBody } from './lanewise.ts';
import type { Module } from './module.ts';
import { newContext } from './new-context.ts';
import { op, type WasmType } from './opcodes.ts';
import { anySign } from './signs.ts';
import { define } from './scope.ts';

/** Operations of a function, those that it calls included, up to which its body is put in place. */
const mostInPlace = 1000;

export class Functions implements FunctionTable {
  private readonly module: Module;
  private readonly functions: ReadonlyMap<string, KernelFunction>;
  private readonly form: 'relaxed' | 'simd' | 'scalar';
  private readonly scalars = new Map<string, number>();
  private readonly lanewises = new Map<string, number>();
  private readonly costs = new Map<string, number>();

  constructor(
    module: Module,
    functions: readonly KernelFunction[],
    form: 'relaxed' | 'simd' | 'scalar',
  ) {
    this.module = module;
    this.functions = new Map(functions.map((f) => [f.name, f]));
    this.form = form;
  }

  scalar(name: string): number {
    return known(name, this.scalars, () => {
      const given = this.named(name);
      return this.writeScalar(this.form === 'scalar' ? scalarFunction(given) : given);
    });
  }

  emitLanewise(
    name: string,
    operands: readonly (() => void)[],
    code: Code,
    inPlace: boolean,
  ): void {
    const f = this.named(name);
    if (!inPlace || !isLanewise(f) || this.cost(name) > mostInPlace) {
      const at = this.lanewise(name);
      for (const emit of operands) emit();
      return code.op(op.call, at);
    }
    const parameters = operands.map((emit) => {
      emit();
      const local = code.local('v128');
      code.set(local);
      return local;
    });
    this.emitBody(f, parameters, code);
    for (const local of parameters) code.release(local);
  }

  cost(name: string): number {
    return known(name, this.costs, () => {
      const { lets, result } = this.named(name);
      let cost = 0;
      for (const value of [...lets.map((one) => one.value), result]) cost += this.costOf(value);
      return cost;
    });
  }

  private costOf(value: Expression): number {
    let cost = 0;
    visitExpression(value, (e) => {
      cost += e.kind === 'call' ? this.cost(e.function) : 1;
    });
    return cost;
  }

  private emitBody(f: KernelFunction, parameters: readonly number[], code: Code): void {
    emitBody(f, parameters, { code, functions: this, relaxed: this.form === 'relaxed' });
  }

  private named(name: string): KernelFunction {
    return present(this.functions.get(name), `function ${name}`);
  }

  /** Where the module has the one that takes and gives four of each. */
  private lanewise(name: string): number {
    return known(name, this.lanewises, () => {
      const f = this.named(name);
      return isLanewise(f) ? this.writeLanewise(f) : this.writeFourCalls(f);
    });
  }

  private writeScalar({ name, parameters, lets, result }: KernelFunction): number {
    const code = new Code(parameters.length);
    const context = newContext(code, this);
    parameters.forEach((parameter, at) => {
      const { type } = parameter;
      context.locals.set(parameter.name, { at, type, fixed: true, sign: anySign });
    });
    for (const { name: letName, value } of lets) define(letName, value, context);
    context.emit(result, context);
    const types = parameters.map(({ type }) => wasmType(type));
    return this.add(name, types, wasmType(typeOf(result)), code);
  }

  private writeLanewise(f: KernelFunction): number {
    const { name, parameters } = f;
    const code = new Code(parameters.length);
    this.emitBody(f, [...parameters.keys()], code);
    const types = parameters.map((): WasmType => 'v128');
    return this.add(`${name} of 4`, types, 'v128', code);
  }

  private writeFourCalls({ name, parameters }: KernelFunction): number {
    const code = new Code(parameters.length);
    const scalar = this.scalar(name);
    for (const lane of [0, 1, 2, 3]) {
      parameters.forEach((_, at) => {
        code.get(at);
        code.op(op.f32x4ExtractLane, lane);
      });
      code.op(op.call, scalar);
      if (lane === 0) code.op(op.f32x4Splat);
      else code.op(op.f32x4ReplaceLane, lane);
    }
    const types = parameters.map((): WasmType => 'v128');
    return this.add(`${name} of 4`, types, 'v128', code);
  }

  private add(name: string, parameters: readonly WasmType[], result: WasmType, code: Code): number {
    const at = this.module.declare(name, { parameters, result });
    this.module.define(at, code);
    return at;
  }
}

/** Functions that have fours of their own have no lanes to be put into. */
function isLanewise({ lets, result }: KernelFunction): boolean {
  const values = [...lets.map(({ value }) => value), result];
  return !values.some((value) => someExpression(value, (e) => typeOf(e) === 'f32x4'));
}

function known(name: string, numbers: Map<string, number>, make: () => number): number {
  const found = numbers.get(name);
  if (found !== undefined) return found;
  const made = make();
  numbers.set(name, made);
  return made;
}
