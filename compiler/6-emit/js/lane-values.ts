/** Statements on fours as statements on one lane of each. */
import type { Expression, Statement } from '../../../runtime/artifact/kernel.ts';
import { CompilerBug, present } from '../../base/bug.ts';
import { add, int, local, mul, sub, typeOf } from '../../kernel/build.ts';
import { byteOf } from '../../kernel/scalar-form.ts';
import type { StoreStatement } from './lane-stretch.ts';

export interface LaneScope {
  /** How far the lane is from where four numbers begin; not at all if the loop goes by elements. */
  readonly lane: Expression | undefined;
  /** What f32x4 from before stand for. */
  readonly outside: ReadonlyMap<string, Expression>;
  /** Where stores that must wait put their lane meanwhile. */
  readonly aside: ReadonlyMap<StoreStatement, { readonly memory: string; readonly at: Expression }>;
}

export function laneStatements(statements: readonly Statement[], scope: LaneScope): Statement[] {
  return statements.map((s) => laneStatement(s, scope));
}

function laneStatement(s: Statement, scope: LaneScope): Statement {
  const inside = (block: readonly Statement[]): Statement[] => laneStatements(block, scope);
  switch (s.kind) {
    case 'let':
    case 'var':
    case 'assign':
      return typeOf(s.value) === 'f32x4' ? { ...s, value: laneValue(s.value, scope) } : s;
    case 'store': {
      const value = laneValue(s.value, scope);
      const aside = scope.aside.get(s);
      if (aside !== undefined)
        return { kind: 'store', memory: aside.memory, index: aside.at, value };
      return { kind: 'store', memory: s.memory, index: laneIndex(s.index, scope), value };
    }
    case 'for':
    case 'while':
      return { ...s, body: inside(s.body) };
    case 'if':
      return { ...s, then: inside(s.then), otherwise: inside(s.otherwise) };
    case 'barrier':
    case 'comment':
      return s;
  }
  s satisfies never;
}

export function laneIndex(index: Expression, { lane }: LaneScope): Expression {
  return lane === undefined ? index : add(lane, index);
}

/** One of the four. */
export function laneValue(e: Expression, scope: LaneScope): Expression {
  const of = (part: Expression): Expression => laneValue(part, scope);
  switch (e.kind) {
    case 'local': {
      const value = scope.outside.get(e.name);
      return value === undefined ? local(e.name, 'f32') : of(value);
    }
    case 'load':
      return { kind: 'load', memory: e.memory, index: laneIndex(e.index, scope), type: 'f32' };
    case 'unary':
      if (e.op === 'fromBytes') {
        // By elements such loops do not go: see fourGoesAlong.
        return byteOf(e.x, sub(int(24), mul(present(scope.lane, 'a lane'), int(8))));
      }
      return e.op === 'splat' ? e.x : { ...e, x: of(e.x), type: 'f32' };
    case 'binary':
      return { ...e, x: of(e.x), y: of(e.y), type: 'f32' };
    case 'select':
      return { ...e, yes: of(e.yes), no: of(e.no), type: 'f32' };
    case 'call':
      return { ...e, arguments: e.arguments.map(of), type: 'f32' };
    case 'number':
    case 'size':
    case 'step':
    case 'place':
    case 'lane':
    case 'pack':
      throw new CompilerBug('js', `${e.kind} has no lanes`);
  }
  e satisfies never;
}
