/** Numbers as JavaScript writes them, in as few letters as there can be. */
import type { ScalarType } from '../../../runtime/artifact/kernel.ts';
import { level } from './levels.ts';
import { settled, unsettled, type Piece } from './pieces.ts';

export function numberPiece(of: ScalarType, value: number): Piece {
  switch (of) {
    case 'bool':
      return settled(value === 0 ? 'false' : 'true');
    case 'i32': {
      const whole = value | 0;
      return settled(String(whole), whole < 0 ? level.unary : level.primary, Math.abs(whole));
    }
    case 'f32':
      return floatPiece(Math.fround(value));
  }
  of satisfies never;
}

/** A decimal that is the f32, or where that is shorter, one that is rounded to it. */
function floatPiece(value: number): Piece {
  if (Number.isNaN(value)) return settled('0 / 0', level.product);
  if (Object.is(value, -0)) return settled('-0', level.unary);
  const binds = value < 0 ? level.unary : level.primary;
  if (!Number.isFinite(value)) return settled(value < 0 ? '-1 / 0' : '1 / 0', level.product);
  const whole = shortened(String(value));
  for (let digits = 1; digits < 9; digits++) {
    const near = Number(value.toPrecision(digits));
    const text = shortened(String(near));
    if (Math.fround(near) === value && text.length + 3 < whole.length) {
      return unsettled(text, binds);
    }
  }
  return settled(whole, binds);
}

/** `.5`, `1e21`. */
function shortened(decimal: string): string {
  return decimal.replace(/^(-?)0\./, '$1.').replace('e+', 'e');
}
