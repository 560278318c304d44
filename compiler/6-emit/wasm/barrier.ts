/**
 * The barrier between dispatches, a function of (address of the counter, how many are to have come
 * by then, whether a thread may sleep). The counter's upper bit says that somebody sleeps, so that
 * nobody is woken in vain. A host that gives up a run stores 2^30 there and wakes all: nobody waits
 * any more. Who sleeps for longer than any share of work takes traps: the others are gone.
 */
import { Code } from './code.ts';
import { op, type WasmType } from './opcodes.ts';

export const barrierParameters: readonly WasmType[] = ['i32', 'i32', 'i32'];

const [sync, target, mayWait] = [0, 1, 2];
const sleeps = -0x80000000;
const counted = 0x7fffffff;

/**
 * Looks at the counter before a thread goes to sleep: some hundred microseconds, about what it
 * costs to be woken. With a tenth of that, threads whose shares are a little uneven sleep at each
 * barrier.
 */
const turns = 40_000;

/**
 * Seconds of sleep after which the others are gone. It is one sleep, since Node 20 loses count of
 * several: its first compiler keeps no local over a wait in a loop.
 */
const patience = 600;
/** In nanoseconds. */
const second = 1_000_000_000;
/** What a wait answers that ended by itself. */
const timedOut = 2;

/** Of the alignment of an i32 as a power of two, and no offset. */
const word = [2, 0] as const;

export function barrierCode(mostSeconds = patience): Code {
  const code = new Code(barrierParameters.length);
  const [value, left] = [code.local('i32'), code.local('i32')];
  emitArrival(code, value);
  code.i32(turns);
  code.set(left);
  code.open(op.loop);
  code.get(sync);
  code.op(op.i32AtomicLoad, ...word);
  code.set(value);
  emitReturnIfAll(code, value);
  code.get(left);
  code.i32(1);
  code.op(op.i32Sub);
  code.tee(left);
  code.i32(0);
  code.op(op.i32GtS);
  code.get(mayWait);
  code.op(op.i32Eqz);
  code.op(op.i32Or);
  code.op(op.brIf, 0);
  emitSleep(code, value, mostSeconds);
  code.op(op.br, 0);
  code.end();
  return code;
}

/** The last to come wakes those who sleep, and is done. */
function emitArrival(code: Code, value: number): void {
  code.get(sync);
  code.i32(1);
  code.op(op.i32AtomicAdd, ...word);
  code.tee(value);
  code.i32(1);
  code.op(op.i32Add);
  code.i32(counted);
  code.op(op.i32And);
  code.get(target);
  code.op(op.i32Eq);
  code.open(op.if);
  code.get(value);
  code.i32(0);
  code.op(op.i32LtS);
  code.open(op.if);
  code.get(sync);
  code.i32(counted);
  code.op(op.i32AtomicAnd, ...word);
  code.op(op.drop);
  code.get(sync);
  code.i32(-1);
  code.op(op.atomicNotify, ...word);
  code.op(op.drop);
  code.end();
  code.op(op.return);
  code.end();
}

function emitReturnIfAll(code: Code, value: number): void {
  code.get(value);
  code.i32(counted);
  code.op(op.i32And);
  code.get(target);
  code.op(op.i32GeS);
  code.open(op.if);
  code.op(op.return);
  code.end();
}

/** Until the counter is another, as long as not all have come. */
function emitSleep(code: Code, value: number, mostSeconds: number): void {
  code.get(sync);
  code.i32(sleeps);
  code.op(op.i32AtomicOr, ...word);
  code.i32(sleeps);
  code.op(op.i32Or);
  code.set(value);
  emitReturnIfAll(code, value);
  code.get(sync);
  code.get(value);
  code.i64(mostSeconds);
  code.i64(second);
  code.op(op.i64Mul);
  code.op(op.atomicWait32, ...word);
  code.i32(timedOut);
  code.op(op.i32Eq);
  code.open(op.if);
  code.op(op.unreachable);
  code.end();
}
