/** Where the files of a bundle are found: what bundlers and policies make of their addresses. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { RuntimeFault } from '../../../../runtime/artifact/executable.ts';
import { addressOf, readFile } from '../../../../runtime/bundle/files.ts';

afterEach(() => vi.unstubAllGlobals());

describe('a file', () => {
  it('in an address is read without asking anyone', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new Error('the policy forbids it')));
    const inside = new URL('data:application/octet-stream;base64,AAH+/w==');
    expect([...(await readFile(inside))]).toEqual([0, 1, 254, 255]);
    const failing = readFile(new URL('data:text/plain,text'));
    await expect(failing).rejects.toThrow(
      'data:text/plain,text cannot be read: the policy forbids it',
    );
  });

  it('that is missing is told by its address, and what to do', async () => {
    const error: unknown = await readFile(new URL('./nowhere.bin', import.meta.url)).catch(
      (reason: unknown) => reason,
    );
    if (!(error instanceof RuntimeFault)) throw new Error('no fault');
    expect(error.code).toBe('R7802');
    expect(error.message).toMatch(/unit\/runtime\/bundle\/nowhere\.bin cannot be read: ENOENT/);
    expect(error.hint).toContain('--inline');
  });
});

describe('an address that a person gives', () => {
  const base = 'https://models.test/v1/model.safetensors';

  it.each([
    ['other.safetensors', base, 'https://models.test/v1/other.safetensors'],
    ['/a', base, 'https://models.test/a'],
    ['https://b.test/c', base, 'https://b.test/c'],
    ['https://b.test/c', undefined, 'https://b.test/c'],
  ])('%s is seen from the weights', (given, from, expected) => {
    expect(addressOf(given, from).href).toBe(expected);
  });

  it.each([undefined, 'data:application/octet-stream;base64,AA=='])(
    'is seen from the page where the weights have none: %s',
    (from) => {
      expect(() => addressOf('a.safetensors', from)).toThrow('a.safetensors is no address');
      vi.stubGlobal('location', { href: 'https://page.test/app/' });
      expect(addressOf('a.safetensors', from).href).toBe('https://page.test/app/a.safetensors');
    },
  );
});
