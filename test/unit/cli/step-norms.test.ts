/** The picture of vanishing gradients: the norms that it draws, and the drawing. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { drawStepNorms } from '../../../compiler/cli/step-norm-picture.ts';
import { stepNorms, type StepNorms } from '../../../compiler/cli/step-norms.ts';

const folder = mkdtempSync(join(tmpdir(), 'gatework-norms-'));
const data = join(folder, 'lines.txt');
writeFileSync(data, `${'abcab'.repeat(8)}\n${'bcabc'.repeat(8)}\n`);

async function normsOf(layer: string): Promise<StepNorms[]> {
  const spec = join(folder, 'spec.gate');
  writeFileSync(
    spec,
    `model m {
      input text: characters(V)[T]
      output next = text<t-1> -> oneHot -> ${layer} -> softmax(V)
      loss crossEntropy(next, text)
    }`,
  );
  return stepNorms({
    spec,
    data,
    dims: new Map(),
    seed: 3,
    engine: { backend: 'interpreter', dtype: 'f64' },
  });
}

const reach = ({ norms }: StepNorms): number => (norms[0] ?? 0) / (norms.at(-1) ?? 1);

describe('step norms', () => {
  it('fade in a plain recurrence whose matrix is small', async () => {
    const [state] = await normsOf('rnn(12, recurrentInit = normal(0.05))');
    expect(state?.state).toBe('rnn/a');
    expect(state?.norms).toHaveLength(41);
    expect(reach(state ?? { spec: '', state: '', norms: [] })).toBeLessThan(1e-12);
  });

  it('hold in a memory cell whose forget gate is open', async () => {
    const states = await normsOf('lstm(12, forget = 9, recurrentInit = normal(0.05))');
    const cell = states.find((s) => s.state === 'lstm/c');
    expect(reach(cell ?? { spec: '', state: '', norms: [0, 1] })).toBeGreaterThan(0.1);
  });

  it('are drawn with one line a state', async () => {
    const svg = await drawStepNorms(await normsOf('lstm(4)'));
    expect(svg).toMatch(/^<svg/);
    expect(svg).toContain('lstm/a');
    expect(svg).toContain('lstm/c');
  });
});
