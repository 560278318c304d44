/** The spellings of a name, and the one that they stand for. */
import { describe, expect, it } from 'vitest';
import { canonicalName } from '../../../compiler/ast/names.ts';

const spellings: readonly (readonly [string, readonly string[]])[] = [
  ['Γu', ['Γu', 'Γ_u', 'Γᵤ', 'Gu', 'Gamma_u', 'Gammau']],
  ['Γ1', ['Γ1', 'Γ₁', 'G1', 'Gamma_1']],
  ['Γnew', ['Γnew', 'Γ_new', 'Gamma_new']],
  ['c\u0303', ['c\u0303', 'c~', 'c_tilde']],
  ['ã', ['ã', 'a\u0303', 'a~']],
  ['ŷ', ['ŷ', 'y\u0302', 'y_hat']],
  ['sigmoid', ['σ', 'sigmoid']],
  ['beta1', ['β1', 'beta1']],
  ['Deltac', ['Δc', 'Deltac']],
  ['h_1', ['h₁', 'h_1']],
  ["c'", ["c'", 'c′', 'c’']],
];

describe('canonicalName', () => {
  it.each(spellings)('%s', (canonical, written) => {
    expect(written.map(canonicalName)).toEqual(written.map(() => canonical));
    expect(canonicalName(canonical)).toBe(canonical);
  });

  it.each(['G', 'GRU', 'Gru', 'Go2', 'Wu', 'x', 'hat', 'gamma', 'tilde', '_', 'weight_ih_l0'])(
    'leaves %s alone',
    (name) => {
      expect(canonicalName(name)).toBe(name);
    },
  );
});
