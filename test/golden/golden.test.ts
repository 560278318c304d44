/**
 * Small models as the programs and shaders that they become, word by word: a folder each, with
 * `model.gate` and `expected/`. `UPDATE_GOLDENS=1` writes `expected/` anew, except in CI. A folder
 * without a model fails, and so does an expected file that nothing yields.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { printProgram } from '../../compiler/kernel/print-program.ts';
import { readProgram } from '../../compiler/kernel/read-program.ts';
import { idRanges, inferenceGraph, shaderProgram } from '../../compiler/pipeline.ts';
import { compiled } from '../support/models.ts';

const folder = import.meta.dirname;
const names = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
  .toSorted();
const isWritten = process.env['UPDATE_GOLDENS'] === '1' && process.env['CI'] === undefined;

/** What a model becomes, by file. Loops are dispatched step by step, whatever `auto` would do. */
function yields(text: string): Readonly<Record<string, string>> {
  const model = compiled(text);
  const options = { ids: idRanges(model), schedule: 'steps' } as const;
  const { program, shaders } = shaderProgram(inferenceGraph(model, 'kernels'), options);
  return { 'program.txt': printProgram(program), 'shaders.wgsl': shaders.join('\n') };
}

describe('goldens', () => {
  it('are of the models that there should be', () => {
    expect(names).toEqual(['bidirectional', 'gru', 'handwritten', 'lstm', 'rnn']);
    const files = names.map((name) => readdirSync(join(folder, name)).toSorted().join());
    expect(files).toEqual(names.map(() => 'expected,model.gate'));
  });

  it.each(names)('%s', (name) => {
    const expected = join(folder, name, 'expected');
    const found = yields(readFileSync(join(folder, name, 'model.gate'), 'utf8'));
    if (isWritten) {
      mkdirSync(expected, { recursive: true });
      for (const [file, text] of Object.entries(found)) writeFileSync(join(expected, file), text);
    }
    expect(readdirSync(expected).toSorted()).toEqual(Object.keys(found).toSorted());
    for (const [file, text] of Object.entries(found)) {
      expect(text, file).toBe(readFileSync(join(expected, file), 'utf8'));
    }
    expect(printProgram(readProgram(found['program.txt'] ?? ''))).toBe(found['program.txt']);
  });
});
