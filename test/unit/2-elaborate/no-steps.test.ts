/** A batch whose sequences are all empty has no time steps, and still has one answer a row. */
import { describe, expect, it } from 'vitest';
import { runGradients } from '../../support/model-runs.ts';
import { required } from '../../support/op-runs.ts';

describe('a batch without time steps', () => {
  it.each(['last', 'pool(mean)', 'pool(max)', 'pool(sum)', 'rnn(2) -> last', 'reverse -> last'])(
    'gives zeros: %s',
    (pipeline) => {
      const results = runGradients(pipeline, { sizes: { B: 2, T: 0, D: 2 } });
      expect([...required(results.get('y')).data]).toEqual([0, 0, 0, 0]);
      expect([...required(results.get('loss')).data].every(Number.isFinite)).toBe(true);
      expect(required(results.get('d/x')).shape).toEqual([2, 0, 2]);
    },
  );
});
