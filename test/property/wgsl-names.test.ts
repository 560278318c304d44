/**
 * Laws of names in WGSL: whatever a kernel's things are called, its shader has the same structure,
 * and every identifier in it is one of WGSL.
 */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { compactWgsl } from '../../compiler/6-emit/wgsl/compact.ts';
import { kernelWgsl } from '../../compiler/6-emit/wgsl/emit.ts';
import { reservedNames } from '../../compiler/6-emit/wgsl/reserved.ts';
import { Draw, drawFunctions, drawKernel, tapes } from './arbitraries/kernels.ts';
import { drawProgram } from './arbitraries/programs.ts';
import { Renamed } from './arbitraries/renamed.ts';

function shaderOf(draw: Draw): string {
  const functions = drawFunctions(draw);
  return kernelWgsl(drawKernel(draw, functions), functions);
}

const names = fc.array(
  fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom('_', 'a', '2', '.', 'Γ', '\u0303', '\n', '\u2028') }),
    fc.constantFrom(...reservedNames, 'load4_floats', 'x_at', 'part 1', 'x'.repeat(500)),
  ),
  { minLength: 1, maxLength: 20 },
);

const own = /\/\/.*|\.[xyzw]\b|0x[0-9a-f]+u|\d+(?:\.\d+)?(?:e[+-]?\d+)?u?/u;
const identifier = /[\p{XID_Start}_]\p{XID_Continue}*/u;
const tokens = new RegExp(`(?<own>${own.source})|(?<identifier>${identifier.source})`, 'gu');

/**
 * Without comments, each identifier that is not WGSL's or ours as the number of its first place in
 * its function or paragraph.
 */
function structure(shader: string): string {
  const lines = shader.split('\n').filter((line) => !line.trim().startsWith('//'));
  const parts = lines.join('\n').split(/\n\n(?=\S)/);
  return parts.map(numbered).join('\n\n');
}

function numbered(text: string): string {
  const order = new Map<string, number>();
  return text.replace(tokens, (token, ours: string | undefined) => {
    if (ours !== undefined || reservedNames.has(token)) return token;
    if (!order.has(token)) order.set(token, order.size);
    return `#${order.get(token) ?? 0}`;
  });
}

test('names do not change the structure', () => {
  const law = fc.property(tapes, names, (tape, others) => {
    const renamed = shaderOf(new Renamed(tape, others));
    expect(structure(renamed)).toBe(structure(shaderOf(new Draw(tape))));
    // And the same names give the same text.
    expect(shaderOf(new Renamed(tape, others))).toBe(renamed);
  });
  fc.assert(law, { seed: 22, numRuns: 300, interruptAfterTimeLimit: 30_000 });
});

test('nothing but identifiers, numbers and marks is left of a shader', () => {
  const law = fc.property(tapes, names, (tape, others) => {
    const shader = shaderOf(new Renamed(tape, others));
    for (const line of shader.split(/[\n\v\f\r\u0085\u2028\u2029]/u)) {
      const code = /^ *\/\//.test(line) ? '' : line.replace(tokens, '');
      expect(code, line).toMatch(/^[ @()<>,:{}[\]=+\-*/%&|^!;]*$/);
      for (const { groups } of line.matchAll(tokens)) {
        expect(groups?.['identifier'] ?? '', line).not.toMatch(/^(?:__.*|_)$/u);
      }
    }
  });
  fc.assert(law, { seed: 23, numRuns: 100, interruptAfterTimeLimit: 20_000 });
});

test('names do not come into the text in few letters', () => {
  const law = fc.property(tapes, names, (tape, others) => {
    const { code, entries } = compactWgsl(drawProgram(new Renamed(tape, others)));
    expect({ code, entries }).toEqual(compactWgsl(drawProgram(new Draw(tape))));
    expect(code).toMatch(/^[\w @()<>,.:;{}[\]=+\-*/%&|^!\n]*$/);
    expect(code).not.toMatch(/\/[/*]/);
    expect(entries.join(' ')).toMatch(/^k\d+(?: k\d+)*$/);
  });
  fc.assert(law, { seed: 24, numRuns: 200, interruptAfterTimeLimit: 30_000 });
});
