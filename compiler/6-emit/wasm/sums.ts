/** Loops that add to many f32x4 at each turn: the inner loops of products of matrices. */
import type { Expression, Statement } from '../../../runtime/artifact/kernel.ts';
import { typeOf } from '../../kernel/build.ts';
import { expressionsOf, visitExpression } from '../../kernel/walk.ts';
import type { Code } from './code.ts';
import { present } from '../../base/bug.ts';
import type { Context } from './context.ts';
import { op } from './opcodes.ts';

export interface Sums {
  /** The loop's body in the order that suits an engine best. */
  readonly body: readonly Statement[];
  /** The sums, in the order in which the body adds to them. */
  readonly names: readonly string[];
  /** Whether there is hardly a register for each sum and each number that is loaded. */
  readonly crowded: boolean;
}

/** From so many on, loops are treated as Note [loops of many sums] says. */
const fewest = 8;
/** Registers of 128 bits that an engine has on x64, but for one or two that it keeps to itself. */
const registers = 14;

/** Undefined where there are few sums, or something else is done in the loop. */
export function sumsOf(body: readonly Statement[], { locals }: Context): Sums | undefined {
  if (body.some((s) => s.kind !== 'let' && s.kind !== 'assign')) return undefined;
  const assigned = body.flatMap((s) => (s.kind === 'assign' ? [s.name] : []));
  const sums = new Set(assigned);
  if (sums.size < fewest) return undefined;
  if ([...sums].some((name) => locals.get(name)?.type !== 'f32x4')) return undefined;
  const ordered = inOrderOfLoads(body);
  const names = new Set(ordered.flatMap((s) => (s.kind === 'assign' ? [s.name] : [])));
  const loads = countLoads(body);
  return { body: ordered, names: [...names], crowded: names.size + loads > registers };
}

function countLoads(body: readonly Statement[]): number {
  let loads = 0;
  for (const s of body) {
    for (const e of expressionsOf(s)) visitExpression(e, (part) => (loads += +isFloats(part)));
  }
  return loads;
}

function isFloats(e: Expression): boolean {
  return (e.kind === 'load' && e.type !== 'i32') || isFourLoads(e);
}

/** Four numbers from memory, be it as bytes. */
function isFourLoads(e: Expression): boolean {
  if (e.kind === 'unary' && e.op === 'fromBytes') return e.x.kind === 'load';
  return e.kind === 'load' && typeOf(e) === 'f32x4';
}

/**
 * What all sums of a row share is loaded first, then each four, followed by all that can be done
 * once it is there.
 */
function inOrderOfLoads(body: readonly Statement[]): readonly Statement[] {
  const parts = body.map(partOf);
  const done: Statement[] = [];
  const left = new Set(parts);
  const flush = (isNext: (part: Part) => boolean): void => {
    for (const part of parts) {
      if (!left.has(part) || !isNext(part) || waits(part, left)) continue;
      left.delete(part);
      done.push(part.statement);
    }
  };
  flush(({ fours }) => fours === 0);
  for (const part of parts) {
    if (part.fours === 0 || !left.has(part)) continue;
    flush((other) => other === part);
    flush(({ fours }) => fours === 0);
  }
  return left.size === 0 ? done : body;
}

interface Part {
  readonly statement: Statement;
  readonly position: number;
  readonly defines: string | undefined;
  readonly asks: ReadonlySet<string>;
  /** How many fours it loads. */
  readonly fours: number;
}

function partOf(statement: Statement, position: number): Part {
  const asks = new Set<string>();
  let fours = 0;
  for (const e of expressionsOf(statement)) {
    visitExpression(e, (part) => {
      if (part.kind === 'local') asks.add(part.name);
      if (isFourLoads(part)) fours++;
    });
  }
  const defines =
    statement.kind === 'let' || statement.kind === 'assign' ? statement.name : undefined;
  return { statement, position, defines, asks, fours };
}

/** Whether something before it has to come first. */
function waits(part: Part, left: ReadonlySet<Part>): boolean {
  for (const earlier of left) {
    if (earlier.position >= part.position) break;
    if (earlier.defines !== undefined && part.asks.has(earlier.defines)) return true;
    if (part.defines === undefined) continue;
    if (part.defines === earlier.defines || earlier.asks.has(part.defines)) return true;
  }
  return false;
}

/** After the loop, and after what goes round it: each sum into a global that nothing reads. */
export function emitSinks({ names }: Sums, { code, locals, sink }: Context): void {
  const sums = names.map((name) => present(locals.get(name)?.at, `var ${name}`));
  sums.forEach((sum, position) => {
    code.get(sum);
    code.op(op.globalSet, sink(position));
  });
  for (const sum of sums) {
    code.get(sum);
    code.get(sum);
    code.op(op.v128Or);
    code.set(sum);
  }
}

/** A loop that is never come to. */
export function emitIdleLoop(code: Code): void {
  code.i32(0);
  code.open(op.if);
  code.open(op.loop);
  code.end();
  code.end();
}

/*
 * Note [loops of many sums]
 *
 * V8 (TurboFan, as of Node 20) puts an instruction as late as its uses allow, and looks at these
 * from the end of a function backwards. With more than some eight sums it happens that all loads
 * of a turn come before the first product; they then do not fit into registers, sums go to memory
 * and back at each turn, and the loop takes two to five times as long. What is looked at first
 * decides. So, for such loops alone:
 *
 * - Loads come in the order in which sums need them (`inOrderOfLoads`).
 * - The loop stands in an `if`, also where it surely turns: the sums meet behind it, and are looked
 *   at there one by one rather than along with what is done with them.
 * - Behind it each sum is put into a global that nothing reads, in the order of the loop, and or'ed
 *   with itself: that decides in which order they are looked at, whatever is done with them later.
 * - Unrolling doubles what is loaded before the first product. A loop that has another in it is not
 *   unrolled, be it one that is never come to.
 *
 * Measured with tiles of 2 x 20, 3 x 12 and 1 x 32 numbers, plain SIMD: 40, 38 and 34 GFLOP/s in
 * place of 19, 19 and 17, where registers alone reach 52. It costs some instructions per loop.
 */
