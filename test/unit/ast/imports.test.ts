/** Imports: each file once, whatever refers to it; circles and endless chains are told. */
import { describe, expect, it } from 'vitest';
import { compile } from '../../../compiler/pipeline.ts';

type Files = Readonly<Record<string, string>>;

/** Compiles `main.gate`; the other files lie in the same folder. */
function check(files: Files): { ok: boolean; told: string[]; loads: string[] } {
  const loads: string[] = [];
  const { model, diagnostics } = compile(
    { name: 'main.gate', text: files['main.gate'] ?? '' },
    {
      mode: 'inference',
      load: (path) => {
        loads.push(path);
        const text = files[path];
        return text === undefined ? undefined : { name: path, text };
      },
    },
  );
  const told = diagnostics.map((d) => `${d.code} ${d.primary?.span.source.name ?? ''}`);
  return { ok: model !== undefined, told, loads };
}

const cell = 'cell twice(n) {\n  state h: [n]\n  h<t> = W[h<t-1>, x<t>]\n  emit h<t>\n}\n';
const model = 'model m {\n  input x: float[T, D]\n  output y = x -> twice(3)\n}\n';

describe('imports', () => {
  it('bring the definitions of a file, and what those need', () => {
    const files = {
      'main.gate': `import "a.gate"\n${model}`,
      'a.gate': 'import "b.gate"\n',
      'b.gate': cell,
    };
    expect(check(files)).toMatchObject({ ok: true, told: [] });
  });

  it('may meet again further down', () => {
    const files = {
      'main.gate': `import "a.gate"\nimport "b.gate"\n${model}`,
      'a.gate': 'import "b.gate"\n',
      'b.gate': cell,
    };
    expect(check(files)).toMatchObject({ ok: true, told: [] });
  });

  it('tell a file that is not there', () => {
    expect(check({ 'main.gate': `import "a.gate"\n${model}` }).told).toContain('N3011 main.gate');
  });

  it('tell a circle where it closes', () => {
    const files = {
      'main.gate': `import "a.gate"\n${model}`,
      'a.gate': `import "b.gate"\n${cell}`,
      'b.gate': 'import "a.gate"\n',
    };
    expect(check(files).told).toContain('N3101 b.gate');
  });

  it('tell mistakes in the file that has them', () => {
    const files = { 'main.gate': `import "a.gate"\n${model}`, 'a.gate': cell.replace('[n]', '[n') };
    expect(check(files).told).toContainEqual(expect.stringMatching(/^P\d+ a\.gate$/));
  });

  it('tell an endless chain', () => {
    const chain = Object.fromEntries(
      Array.from({ length: 300 }, (_, i) => [`${i}.gate`, `import "${i + 1}.gate"\n`]),
    );
    const result = check({ ...chain, 'main.gate': `import "0.gate"\n${model}` });
    expect(result.told).toContain('N3102 255.gate');
    expect(result.loads.length).toBeLessThan(600);
  });
});
