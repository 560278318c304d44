/** A line that says how far something is: on a terminal, not too often, and gone at the end. */
import { expect, it } from 'vitest';
import { progressLine } from '../../../compiler/cli/progress-line.ts';

function stream(parts: { readonly isTTY: boolean; readonly columns: number }) {
  const written: string[] = [];
  const write = (text: string): boolean => written.push(text) > 0;
  // What is used of a stream.
  return { written, stream: { ...parts, write } as unknown as NodeJS.WriteStream };
}

it('is written once in a while, as wide as the terminal, and erased', () => {
  const { written, stream: terminal } = stream({ isTTY: true, columns: 10 });
  const line = progressLine(terminal);
  for (let i = 0; i < 100; i++) line.update(`call ${i} of many`);
  expect(written).toEqual(['\r\u001b[Kcall 0 of']);
  line.clear();
  line.clear();
  expect(written.slice(1)).toEqual(['\r\u001b[K']);
});

it('is nothing where there is no terminal', () => {
  const { written, stream: file } = stream({ isTTY: false, columns: 0 });
  const line = progressLine(file);
  line.update('one');
  line.clear();
  expect(written).toEqual([]);
});
