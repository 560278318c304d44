/** Files of a bundle that were cut, changed or taken from another one are refused by name. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { filesOf, loaded, modelOf, type Files } from '../support/bundles.ts';

const dims = { D: 3 };

async function build(init: number): Promise<Files> {
  return filesOf(await modelOf('lstm(4)', { dims, init }), { init, target: 'node' });
}

function changed(files: Files, name: string, change: (bytes: Uint8Array) => Uint8Array): Files {
  const bytes = files.get(name);
  if (!(bytes instanceof Uint8Array)) throw new Error(`${name} is no file of bytes`);
  return new Map([...files, [name, change(bytes.slice())]]);
}

describe('weights', { timeout: 120_000 }, () => {
  const weights = 'model.safetensors';
  const named = { code: 'R7803', message: expect.stringContaining(weights) as string };

  it('with any bit changed', async () => {
    const files = await build(1);
    const size = (files.get(weights) ?? '').length;
    await fc.assert(
      fc.asyncProperty(fc.nat(size - 1), fc.nat(7), async (at, bit) => {
        const flipped = changed(files, weights, (bytes) => {
          bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
          return bytes;
        });
        await expect(loaded(flipped)).rejects.toMatchObject(named);
      }),
      { numRuns: 40, seed: 1 },
    );
  });

  it('that are cut or longer', async () => {
    const files = await build(1);
    for (const change of [
      (bytes: Uint8Array) => bytes.subarray(0, bytes.length - 1),
      (bytes: Uint8Array) => new Uint8Array([...bytes, 0]),
      () => new Uint8Array(),
    ]) {
      await expect(loaded(changed(files, weights, change))).rejects.toMatchObject(named);
    }
  });

  it('of another model of the same shape', async () => {
    const [files, other] = [await build(1), await build(2)];
    const swapped = changed(files, weights, () => other.get(weights) as Uint8Array);
    await expect(loaded(swapped)).rejects.toMatchObject(named);
  });

  it('that are not there', async () => {
    const files = new Map(await build(1));
    files.delete(weights);
    await expect(loaded(files)).rejects.toMatchObject({ ...named, code: 'R7802' });
  });
});

it('a golden file that is damaged is no failed self-test', { timeout: 60_000 }, async () => {
  const files = changed(await build(1), 'golden.safetensors', (bytes) => bytes.reverse());
  const model = await loaded(files);
  await expect(model.selfTest()).rejects.toMatchObject({ code: 'R7803' });
});

it('the same spec and weights give the same bytes', { timeout: 60_000 }, async () => {
  expect(await build(1)).toEqual(await build(1));
});
