/** Archives as tar writes them, and what is none. */
import { expect, test } from 'vitest';
import { readTar } from '../../../compiler/cli/gpu/tar.ts';

interface Entry {
  readonly name: string;
  readonly type?: string;
  readonly prefix?: string;
  readonly content?: string;
}

/** As `tar` writes it: headers of 512 bytes, contents in blocks of 512, two blocks of zeros. */
function tar(entries: readonly Entry[]): Uint8Array {
  const blocks = entries.flatMap(({ name, type = '0', prefix = '', content = '' }) => {
    const header = Buffer.alloc(512);
    header.write(name, 0);
    header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
    header.write(type, 156);
    header.write('ustar\u000000', 257);
    header.write(prefix, 345);
    const body = Buffer.alloc(Math.ceil(content.length / 512) * 512);
    body.write(content);
    return [header, body];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

const text = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString();

test('reads files by name, whatever their length', () => {
  const long = 'x'.repeat(1000);
  const files = readTar(
    tar([
      { name: './a.txt', content: 'one' },
      { name: 'folder/', type: '5' },
      { name: 'empty' },
      { name: 'link', type: '2' },
      { name: 'long', content: long },
      { name: 'whole block', content: 'y'.repeat(512) },
      { name: 'name', prefix: 'deep/folder', content: 'two' },
    ]),
  );
  expect([...files.keys()]).toEqual(['a.txt', 'empty', 'long', 'whole block', 'deep/folder/name']);
  expect(text(files.get('a.txt'))).toBe('one');
  expect(text(files.get('long'))).toBe(long);
  expect(files.get('whole block')?.length).toBe(512);
  expect(text(files.get('deep/folder/name'))).toBe('two');
});

test('refuses what is cut off or no archive', () => {
  const whole = tar([{ name: 'a', content: 'one two three' }]);
  expect(() => readTar(whole.subarray(0, 520))).toThrow('cut off');
  expect(() => readTar(Buffer.alloc(600, 'no archive'))).toThrow('no tar archive');
  expect(readTar(new Uint8Array())).toEqual(new Map());
});
