/** A `for` as a loop that asks at its end whether there is another turn. */
import type { Statement } from '../../../runtime/artifact/kernel.ts';
import { blocksOf } from '../../kernel/walk.ts';
import { emitAdvance, emitIsBelow, hold, surelyTurns, type Bounds } from './bounds.ts';
import type { Context } from './context.ts';
import { op } from './opcodes.ts';
import { emitPointedLoop } from './pointed-loop.ts';
import { declare, inBlock } from './scope.ts';
import { signOf } from './signs.ts';

type For = Extract<Statement, { kind: 'for' }>;
type EmitBlock = (statements: readonly Statement[], context: Context) => void;

export function emitFor(loop: For, context: Context, emitBlock: EmitBlock): void {
  const { code } = context;
  inBlock(context, (inside) => {
    const temporary: number[] = [];
    const to = hold(loop.to, inside, temporary);
    const step = hold(loop.step, inside, temporary);
    inside.emit(loop.from, inside);
    const variable = declare(loop.variable, signOf(loop.from, inside.locals), inside);
    code.set(variable);
    const bounds = { variable, to, step };
    if (hasLoop(loop.body)) emitLoop(loop, bounds, inside, emitBlock);
    else emitPointedLoop(loop, bounds, inside, emitBlock);
    for (const local of temporary) code.release(local);
  });
}

function hasLoop(body: readonly Statement[]): boolean {
  return body.some((s) => s.kind === 'for' || s.kind === 'while' || blocksOf(s).some(hasLoop));
}

function emitLoop(loop: For, bounds: Bounds, context: Context, emitBlock: EmitBlock): void {
  const { code } = context;
  const guarded = !surelyTurns(loop);
  if (guarded) {
    emitIsBelow(bounds, context);
    code.open(op.if);
  }
  code.open(op.loop);
  emitBlock(loop.body, context);
  emitAdvance(bounds.variable, bounds.step, context);
  emitIsBelow(bounds, context);
  code.op(op.brIf, 0);
  code.end();
  if (guarded) code.end();
}
