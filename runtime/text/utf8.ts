/**
 * Bytes to text, strictly: what is not UTF-8 is a fault that says where, never a replacement
 * character in the training data. A byte order mark is dropped and every line ends in `\n`.
 */
import { RuntimeFault } from '../artifact/executable.ts';

/** Faults: R7201 with the line (from 1) and the byte offset (from 0) of the first broken byte. */
export function decodeUtf8(bytes: Uint8Array, file: string): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
  } catch {
    throw brokenBytes(bytes, file);
  }
}

function brokenBytes(bytes: Uint8Array, file: string): RuntimeFault {
  const offset = firstBrokenByte(bytes);
  let line = 1;
  for (let i = 0; i < offset; i++) if (bytes[i] === 0x0a) line++;
  const value = (bytes[offset] ?? 0).toString(16).padStart(2, '0');
  const [first, second] = bytes;
  const utf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  return new RuntimeFault(
    'R7201',
    `${file}: line ${line}: byte ${offset} (0x${value}) is not UTF-8`,
    utf16 ? 'the file begins like UTF-16; save it as UTF-8' : 'save the file as UTF-8',
  );
}

/** Offset of the first byte that begins no well-formed sequence (Unicode 15, table 3-7). */
function firstBrokenByte(bytes: Uint8Array): number {
  let i = 0;
  while (i < bytes.length) {
    const length = sequenceLength(bytes, i);
    if (length === 0) return i;
    i += length;
  }
  return i;
}

function sequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0;
  if (lead < 0x80) return 1;
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  // The second byte's range shuts out overlong forms, surrogates and what lies past U+10FFFF.
  const second = bytes[at + 1] ?? 0;
  const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  if (second < low || second > high) return 0;
  for (let i = 2; i < length; i++) {
    if (((bytes[at + i] ?? 0) & 0xc0) !== 0x80) return 0;
  }
  return length;
}
