/**
 * Law: whatever the text, reading it throws nothing, and every span lies inside the text, of the
 * diagnostics and of the tree. What reads without mistakes, prints, reads back to the same tree,
 * and prints the same again.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSpec } from '../../compiler/1-parse/parse-spec.ts';
import { sameTree } from '../../compiler/ast/equal.ts';
import { printFile } from '../../compiler/ast/print.ts';
import type { SourceText, Span } from '../../compiler/base/source.ts';
import { renderDiagnostics } from '../../compiler/diagnostics/render.ts';
import { brokenSpecs } from '../support/specs.ts';

const CASES = 10_000;

describe('any text at all', () => {
  it(`is read without a throw, with all spans inside it (${String(CASES)} texts)`, () => {
    let sound = 0;
    fc.assert(
      fc.property(brokenSpecs(), (source) => {
        const { file, diagnostics } = parseSpec(source);
        for (const { primary, secondary } of diagnostics) {
          for (const label of primary === undefined ? secondary : [primary, ...secondary]) {
            expectInside(label.span, source);
          }
        }
        expect(renderDiagnostics(diagnostics, { colour: false })).not.toContain('undefined');
        if (file === undefined) {
          expect(diagnostics.length).toBeGreaterThan(0);
          return;
        }
        expectSpansInside(file, source);
        if (diagnostics.length > 0) return;
        sound++;
        const printed = printFile(file);
        const again = parseSpec({ name: 'printed.gate', text: printed });
        expect(again.diagnostics).toEqual([]);
        expect(sameTree(again.file, file)).toBe(true);
        expect(again.file && printFile(again.file)).toBe(printed);
      }),
      { seed: 20_260_801, numRuns: CASES },
    );
    // Texts without a mistake must be among them, or the second half of the law says nothing.
    expect(sound).toBeGreaterThan(CASES / 20);
  });
});

/** Walks a tree for every `span`, with a stack of its own. */
function expectSpansInside(root: object, source: SourceText): void {
  const open: unknown[] = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (typeof node !== 'object' || node === null) continue;
    for (const [key, value] of Object.entries(node)) {
      if (key === 'span') expectInside(value as Span, source);
      else if (typeof value === 'object') open.push(value);
    }
  }
}

function expectInside(span: Span, source: SourceText): void {
  const { start, end } = span;
  const inside = Number.isInteger(start) && start >= 0 && start <= end && end <= source.text.length;
  if (!inside || span.source !== source) {
    throw new Error(`span ${String(start)}..${String(end)} of ${String(source.text.length)}`);
  }
}
