/**
 * Small models as the programs, shaders and modules that they become, word by word: a folder each,
 * with `model.gate` and `expected/`. `UPDATE_GOLDENS=1` writes `expected/` anew, except in CI. A
 * folder without a model fails, and so does an expected file that nothing yields.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emitJs } from '../../compiler/6-emit/js/emit.ts';
import { printProgram } from '../../compiler/kernel/print-program.ts';
import { readProgram } from '../../compiler/kernel/read-program.ts';
import { idRanges, inferenceGraph, kernelProgram, shaderProgram } from '../../compiler/pipeline.ts';
import { compiled } from '../support/models.ts';

const folder = import.meta.dirname;
const names = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
  .toSorted();
const isWritten = process.env['UPDATE_GOLDENS'] === '1' && process.env['CI'] === undefined;

/** Two that are small are looked at as JavaScript too. */
const asModules = ['lstm', 'rnn'];

/** What a model becomes, by file. Loops are dispatched step by step, whatever `auto` would do. */
function yields(name: string, text: string): Readonly<Record<string, string>> {
  const model = compiled(text);
  const graph = inferenceGraph(model, 'kernels');
  const ids = idRanges(model);
  const { program, shaders } = shaderProgram(graph, { ids, schedule: 'steps' });
  const texts = { 'program.txt': printProgram(program), 'shaders.wgsl': shaders.join('\n') };
  if (!asModules.includes(name)) return texts;
  const onProcessor = kernelProgram(graph, { ids, device: 'simd', prepare: true });
  return { ...texts, 'module.txt': emitJs(onProcessor, { readable: true }) };
}

describe('goldens', () => {
  it('are of the models that there should be', () => {
    expect(names).toEqual(['bidirectional', 'gru', 'handwritten', 'lstm', 'rnn']);
    const files = names.map((name) => readdirSync(join(folder, name)).toSorted().join());
    expect(files).toEqual(names.map(() => 'expected,model.gate'));
  });

  it.each(names)('%s', (name) => {
    const expected = join(folder, name, 'expected');
    const found = yields(name, readFileSync(join(folder, name, 'model.gate'), 'utf8'));
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
