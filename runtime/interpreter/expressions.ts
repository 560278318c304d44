/**
 * Expressions as closures. An f32x4 is four closures, one a lane: `compile` gives the one that is
 * asked for, and what is no vector has its value in every lane.
 */
import type { Expression } from '../artifact/kernel.ts';
import { binaryOf, unaryOf } from './arithmetic.ts';
import { known, outside, type Evaluate, type Scope } from './scope.ts';

type Of<Kind extends Expression['kind']> = Extract<Expression, { readonly kind: Kind }>;

/** The value at the scope's place, anew each time that the closure is called. */
export function compile(scope: Scope, e: Expression, lane = 0): Evaluate {
  const { place } = scope;
  switch (e.kind) {
    case 'number': {
      const value = e.type === 'f32' ? Math.fround(e.value) : e.value | 0;
      return () => value;
    }
    case 'size': {
      const position = known(scope.sizes.get(e.name), `size ${e.name}`);
      return () => place.sizes[position] ?? 0;
    }
    case 'step':
      return () => place.step;
    case 'place':
      return compilePlace(scope, e);
    case 'local': {
      const slot = known(scope.slots.get(e.name), `local ${e.name}`) + lane;
      return () => place.locals[slot] ?? 0;
    }
    case 'load':
      return compileLoad(scope, e, lane);
    case 'unary': {
      if (e.op === 'fromBytes') return compileByte(compile(scope, e.x), lane);
      const make = known(unaryOf(e.op, e.type), `${e.op} that gives ${e.type}`);
      return make(compile(scope, e.x, e.op === 'splat' ? 0 : lane));
    }
    case 'binary': {
      const make = known(binaryOf(e.op, e.type), `${e.op} that gives ${e.type}`);
      return make(compile(scope, e.x, lane), compile(scope, e.y, lane));
    }
    case 'select':
      return compileSelect(scope, e, lane);
    case 'call':
      return compileCall(scope, e, lane);
    case 'lane':
      return compile(scope, e.x, e.lane);
    case 'pack':
      return compile(scope, known(e.parts[lane], `lane ${lane}`));
  }
  return e satisfies never;
}

/** Its lanes: four of an f32x4, otherwise one. */
export function compileLanes(scope: Scope, e: Expression): readonly Evaluate[] {
  return (isVector(e) ? [0, 1, 2, 3] : [0]).map((lane) => compile(scope, e, lane));
}

/** An index of four elements from there on is a multiple of 4. */
export function compileIndex(scope: Scope, index: Expression, ofFour: boolean): Evaluate {
  const evaluate = compile(scope, index);
  if (!ofFour) return evaluate;
  return () => {
    const at = evaluate();
    if (at % 4 !== 0) throw new Error(`index ${at} of four numbers, which is no multiple of 4`);
    return at;
  };
}

function isVector(e: Expression): boolean {
  return e.kind === 'pack' || ('type' in e && e.type === 'f32x4');
}

function compilePlace({ place, invocations }: Scope, { of, axis }: Of<'place'>): Evaluate {
  if (of === 'workgroup') return () => place.workgroup[axis];
  const along = known(invocations[axis], `axis ${axis}`);
  return () => along[place.invocation] ?? 0;
}

function compileLoad(scope: Scope, e: Of<'load'>, lane: number): Evaluate {
  const { place, memories } = scope;
  const memory = known(memories.get(e.memory), `memory ${e.memory}`);
  if (!memory.readable) throw new Error(`a load from ${e.memory}, which is only written`);
  const index = compileIndex(scope, e.index, isVector(e) && e.unaligned !== true);
  if (memory.perInvocation) {
    return () => {
      const at = index() + lane;
      if (at < 0 || at >= memory.length) throw outside(memory, at);
      return memory.data[place.invocation * memory.length + at] ?? 0;
    };
  }
  return () => {
    const at = index() + lane;
    const value = memory.data[at];
    if (value === undefined) throw outside(memory, at);
    return value;
  };
}

function compileByte(word: Evaluate, lane: number): Evaluate {
  const above = 24 - 8 * lane;
  return () => (word() << above) & -(2 ** 24);
}

/** Both sides are evaluated, so that a fault in either is found. */
function compileSelect(scope: Scope, e: Of<'select'>, lane: number): Evaluate {
  const condition = compile(scope, e.condition);
  const yes = compile(scope, e.yes, lane);
  const no = compile(scope, e.no, lane);
  return () => {
    const whenTrue = yes();
    const whenFalse = no();
    return condition() === 0 ? whenFalse : whenTrue;
  };
}

/** All arguments are evaluated before one is passed, since they may call the same function. */
function compileCall(scope: Scope, e: Of<'call'>, lane: number): Evaluate {
  const { locals, arity, result } = scope.functionNamed(e.function);
  const values = e.arguments.map((argument) => compile(scope, argument, lane));
  if (values.length !== arity) throw new Error(`${e.function} takes ${arity} arguments`);
  const passed = new Float64Array(arity);
  return () => {
    for (let i = 0; i < arity; i++) passed[i] = values[i]?.() ?? 0;
    locals.set(passed);
    return result();
  };
}
