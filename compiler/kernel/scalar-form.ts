/**
 * Kernels and functions without f32x4, for engines that have none: each becomes four f32, and what
 * is done to it is done to the four one by one.
 */
import type { Expression, KernelFunction, Statement } from '../../runtime/artifact/kernel.ts';
import { CompilerBug, present } from '../base/bug.ts';
import { add, binary, int, local, typeOf, unary } from './build.ts';
import { freshNames, type FreshName } from './fresh-names.ts';
import { mapExpression, someExpression } from './walk.ts';

type Let = Extract<Statement, { kind: 'let' }>;
type Lane = 0 | 1 | 2 | 3;

const lanes = [0, 1, 2, 3] as const;

/** What the locals are called that hold the lanes of a local. */
type Lanes = Map<string, readonly string[]>;

interface Scope {
  readonly lanesOf: Lanes;
  readonly fresh: FreshName;
}

/** `fresh` gives names that nothing else in the kernel has. */
export function scalarStatements(
  body: readonly Statement[],
  fresh: FreshName,
): readonly Statement[] {
  return block(body, { lanesOf: new Map(), fresh });
}

export function scalarFunction(f: KernelFunction): KernelFunction {
  const fresh = freshNames([...f.parameters, ...f.lets].map(({ name }) => name));
  const scope = { lanesOf: new Map(), fresh };
  const lets = f.lets.flatMap(({ name, value }) =>
    defineLanes('let', name, value, scope).flatMap((s) =>
      s.kind === 'let' ? [{ name: s.name, value: s.value }] : [],
    ),
  );
  return { ...f, lets, result: scalar(f.result, scope) };
}

function block(statements: readonly Statement[], outer: Scope): readonly Statement[] {
  const scope = { ...outer, lanesOf: new Map(outer.lanesOf) };
  return statements.flatMap((s) => statement(s, scope));
}

function statement(s: Statement, scope: Scope): readonly Statement[] {
  switch (s.kind) {
    case 'let':
    case 'var':
      return defineLanes(s.kind, s.name, s.value, scope);
    case 'assign': {
      if (typeOf(s.value) !== 'f32x4') return [{ ...s, value: scalar(s.value, scope) }];
      // Where lanes are made of each other, none is replaced before all are there.
      const isAcross = someExpression(s.value, ({ kind }) => kind === 'lane');
      const { lets, locals } = isAcross ? inLocals(s.value, scope) : byLane(s.value, scope);
      const names = present(scope.lanesOf.get(s.name), `lanes of ${s.name}`);
      const assigned = locals.map((value, i): Statement => {
        return { kind: 'assign', name: present(names[i], 'a lane'), value };
      });
      return [...lets, ...assigned];
    }
    case 'store':
      return store(s, scope);
    case 'for': {
      const [from, to, step] = [s.from, s.to, s.step].map((e) => scalar(e, scope));
      return [
        {
          ...s,
          from: from ?? s.from,
          to: to ?? s.to,
          step: step ?? s.step,
          body: block(s.body, scope),
        },
      ];
    }
    case 'while':
      return [{ ...s, condition: scalar(s.condition, scope), body: block(s.body, scope) }];
    case 'if': {
      const [then, otherwise] = [block(s.then, scope), block(s.otherwise, scope)];
      return [{ ...s, condition: scalar(s.condition, scope), then, otherwise }];
    }
    case 'barrier':
    case 'comment':
      return [s];
  }
  s satisfies never;
}

function defineLanes(
  kind: 'let' | 'var',
  name: string,
  value: Expression,
  scope: Scope,
): readonly Statement[] {
  if (typeOf(value) !== 'f32x4') return [{ kind, name, value: scalar(value, scope) }];
  const { lets, whole } = withoutRepeats(value, scope);
  const names = lanes.map((lane) => scope.fresh(`${name} ${lane}`));
  const defined = names.map((laneName, i): Statement => {
    return { kind, name: laneName, value: laneOf(whole, laneAt(i), scope) };
  });
  scope.lanesOf.set(name, names);
  return [...lets, ...defined];
}

/** All four are computed before the first is stored: they may be loaded from where they go. */
function store(s: Extract<Statement, { kind: 'store' }>, scope: Scope): readonly Statement[] {
  const { memory } = s;
  const index = scalar(s.index, scope);
  if (typeOf(s.value) !== 'f32x4') {
    return [{ kind: 'store', memory, index, value: scalar(s.value, scope) }];
  }
  const first: Let = { kind: 'let', name: scope.fresh('index'), value: index };
  const { lets, locals } = inLocals(s.value, scope);
  const stores = locals.map((value, i): Statement => {
    const at = add(local(first.name, 'i32'), int(i));
    return { kind: 'store', memory, index: at, value };
  });
  return [first, ...lets, ...stores];
}

interface ByLane {
  readonly lets: readonly Let[];
  readonly locals: readonly Expression[];
}

function byLane(value: Expression, scope: Scope): ByLane {
  const { lets, whole } = withoutRepeats(value, scope);
  return { lets, locals: lanes.map((lane) => laneOf(whole, lane, scope)) };
}

function inLocals(value: Expression, scope: Scope): ByLane {
  const { lets, whole } = withoutRepeats(value, scope);
  const each = lanes.map((lane): Let => {
    return { kind: 'let', name: scope.fresh(`lane ${lane}`), value: laneOf(whole, lane, scope) };
  });
  return { lets: [...lets, ...each], locals: each.map(({ name }) => local(name, 'f32')) };
}

/** What all four lanes would compute again gets a name: what is the same in each, and indexes. */
function withoutRepeats(
  value: Expression,
  scope: Scope,
): { readonly lets: readonly Let[]; readonly whole: Expression } {
  const lets: Let[] = [];
  const named = (e: Expression): Expression => {
    if (e.kind === 'number' || e.kind === 'local') return e;
    const name = scope.fresh('part');
    lets.push({ kind: 'let', name, value: scalar(e, scope) });
    return local(name, typeOf(e));
  };
  const whole = mapExpression(value, (e) => {
    if (e.kind === 'unary' && (e.op === 'splat' || e.op === 'fromBytes')) {
      return { ...e, x: named(e.x) };
    }
    if (e.kind === 'load' && e.type === 'f32x4') return { ...e, index: named(e.index) };
    if (e.kind === 'select' && e.type === 'f32x4') return { ...e, condition: named(e.condition) };
    return e;
  });
  return { lets, whole };
}

/** An expression that is no f32x4, with none in it. */
function scalar(e: Expression, scope: Scope): Expression {
  switch (e.kind) {
    case 'number':
    case 'size':
    case 'step':
    case 'place':
    case 'local':
      return e;
    case 'lane':
      return laneOf(e.x, e.lane, scope);
    case 'load':
      return { ...e, index: scalar(e.index, scope) };
    case 'unary':
      return { ...e, x: scalar(e.x, scope) };
    case 'binary':
      return { ...e, x: scalar(e.x, scope), y: scalar(e.y, scope) };
    case 'select': {
      const condition = scalar(e.condition, scope);
      return { ...e, condition, yes: scalar(e.yes, scope), no: scalar(e.no, scope) };
    }
    case 'call':
      return { ...e, arguments: e.arguments.map((argument) => scalar(argument, scope)) };
    case 'pack':
      throw new CompilerBug('scalar form', 'four numbers where one is asked for');
  }
  e satisfies never;
}

/** One of the four. */
function laneOf(e: Expression, lane: Lane, scope: Scope): Expression {
  const of = (part: Expression): Expression => laneOf(part, lane, scope);
  switch (e.kind) {
    case 'local': {
      const names = present(scope.lanesOf.get(e.name), `lanes of ${e.name}`);
      return local(present(names[lane], 'a lane'), 'f32');
    }
    case 'load': {
      const index = add(scalar(e.index, scope), int(lane));
      return { kind: 'load', memory: e.memory, index, type: 'f32' };
    }
    case 'unary':
      if (e.op === 'splat') return scalar(e.x, scope);
      if (e.op === 'fromBytes') return byteOf(scalar(e.x, scope), int(24 - 8 * lane));
      return { ...e, x: of(e.x), type: 'f32' };
    case 'binary':
      return { ...e, x: of(e.x), y: of(e.y), type: 'f32' };
    case 'select':
      return {
        ...{ kind: 'select', type: 'f32', condition: scalar(e.condition, scope) },
        ...{ yes: of(e.yes), no: of(e.no) },
      };
    case 'call':
      return { ...e, arguments: e.arguments.map(of), type: 'f32' };
    case 'pack':
      return scalar(present(e.parts[lane], 'a lane'), scope);
    case 'number':
    case 'size':
    case 'step':
    case 'place':
    case 'lane':
      throw new CompilerBug('scalar form', `${e.kind} is no f32x4`);
  }
  e satisfies never;
}

/** The highest byte of a whole number shifted to the left, with zeros after it, as an f32. */
export function byteOf(word: Expression, shift: Expression): Expression {
  const shifted = binary('shiftLeft', word, shift);
  return unary('toFloat', binary('bitAnd', shifted, int(-(2 ** 24))));
}

function laneAt(i: number): Lane {
  return present(lanes[i], 'a lane');
}
