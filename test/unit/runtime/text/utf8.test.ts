/** Bytes to text; broken ones are named by line and offset. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RuntimeFault } from '../../../../runtime/artifact/executable.ts';
import { decodeUtf8 } from '../../../../runtime/text/utf8.ts';
import { faultOf } from '../../../support/fault.ts';

const bytes = (text: string): number[] => [...new TextEncoder().encode(text)];

test('drops the byte order mark and ends every line in a line feed', () => {
  expect(decodeUtf8(Uint8Array.of(0xef, 0xbb, 0xbf, ...bytes('a\r\nb\rc\n')), 'f')).toBe(
    'a\nb\nc\n',
  );
});

test.each([
  ['a lone continuation byte', [0x80]],
  ['an overlong form', [0xc0, 0xaf]],
  ['a surrogate', [0xed, 0xa0, 0x80]],
  ['past the last code point', [0xf4, 0x90, 0x80, 0x80]],
  ['a sequence cut short', [0xe2, 0x82]],
])('%s is named by line and byte', (_name, broken) => {
  const fault = faultOf(() => decodeUtf8(Uint8Array.of(...bytes('Äb\nc'), ...broken), 'names.txt'));
  expect(fault.code).toBe('R7201');
  expect(fault.message).toMatch(/^names\.txt: line 2: byte 5 \(0x/);
});

test('says when the file looks like UTF-16', () => {
  expect(faultOf(() => decodeUtf8(Uint8Array.of(0xff, 0xfe, 65, 0), 'f')).hint).toContain('UTF-16');
});

test('any bytes give text or a fault whose offset is where decoding fails', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (input) => {
      try {
        decodeUtf8(input, 'f');
      } catch (error) {
        if (!(error instanceof RuntimeFault)) throw error;
        const offset = Number(/byte (\d+)/.exec(error.message)?.[1]);
        const strict = new TextDecoder('utf-8', { fatal: true });
        expect(() => strict.decode(input.subarray(0, offset))).not.toThrow();
        expect(offset).toBeLessThan(input.length);
      }
    }),
    { seed: 31, numRuns: 1000 },
  );
});
