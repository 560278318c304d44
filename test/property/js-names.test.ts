/**
 * Laws of names in JavaScript: whatever the things of a program are called, its module is the same
 * text; in a readable one, names stand in comments and cannot leave them.
 */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { emitJs } from '../../compiler/6-emit/js/emit.ts';
import type { Program } from '../../runtime/artifact/program.ts';
import { Draw, tapes } from './arbitraries/kernels.ts';
import { drawProgram } from './arbitraries/programs.ts';
import { Renamed } from './arbitraries/renamed.ts';

/** For invocations that are alone in their workgroups. */
function programOf(draw: Draw): Program {
  const program = drawProgram(draw);
  const kernels = program.kernels.map((kernel): typeof kernel => {
    return { ...kernel, workgroup: [1, 1, 1] };
  });
  return { ...program, kernels };
}

const hostile = [
  ...['</script>', '`', '${0}', "'", '"', '\\', '*/', '//', '<!--', '\n', '\r', '\u2028', '\u2029'],
  ...['__proto__', 'constructor', 'toString', 'prototype', 'arguments', 'await', 'let', 'F', 'R'],
  ...['a', 'f0', 'k0', '#!', '# sourceMappingURL=x', '\u202e', '\ud800', '\0', 'x'.repeat(10_000)],
];

const names = fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...hostile)), {
  minLength: 1,
  maxLength: 20,
});

test('names do not come into a module', () => {
  const law = fc.property(tapes, names, (tape, others) => {
    const tame = programOf(new Draw(tape));
    const text = emitJs(programOf(new Renamed(tape, others)));
    expect(text).toBe(emitJs(tame));
    expect(text).toMatch(/^[\x20-\x7e\n]*$/);
    expect(text).not.toMatch(/['"`\\]|\/\/|\/\*|<\//);
  });
  fc.assert(law, { seed: 44, numRuns: 200, interruptAfterTimeLimit: 30_000 });
});

test('in a readable module they stay in their comments', () => {
  const law = fc.property(tapes, names, (tape, others) => {
    const code = (draw: Draw): string[] => {
      const lines = emitJs(programOf(draw), { readable: true }).split(/[\n\r\u2028\u2029]/u);
      const comments = lines.filter((line) => line.startsWith('//'));
      for (const comment of comments) {
        expect(comment).toMatch(/^\/\/(?: [\p{L}\p{M}\p{N}_.+ -]{1,80})?$/u);
      }
      return lines.filter((line) => !line.startsWith('//'));
    };
    expect(code(new Renamed(tape, others))).toEqual(code(new Draw(tape)));
  });
  fc.assert(law, { seed: 45, numRuns: 100, interruptAfterTimeLimit: 30_000 });
});
