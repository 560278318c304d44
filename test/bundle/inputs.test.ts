/** What a bundle says to inputs that do not fit. */
import { beforeAll, describe, expect, it } from 'vitest';
import { filesOf, loaded, modelOf, type LoadedModel } from '../support/bundles.ts';

const spec = `model both {
  input x: float[T, 2]
  input kind: class(3)
  input k: ids(5)[T]
  output y = concat(x, k -> embed(2)) -> lstm(3) -> dense(2)
  output z = kind -> embed(4)
}`;

let model: LoadedModel;

beforeAll(async () => {
  model = await loaded(await filesOf(await modelOf(spec), { target: 'node' }));
}, 60_000);

const good = { x: [1, 2, 3, 4], kind: [2], k: Int32Array.of(0, 4) };

describe('inputs', () => {
  it('of all kinds of arrays', async () => {
    const expected = await model.run(good);
    for (const x of [
      Float32Array.from(good.x),
      Float64Array.from(good.x),
      Int8Array.from(good.x),
    ]) {
      expect(await model.run({ ...good, x })).toEqual(expected);
    }
    expect(await model.run([good, good])).toEqual([expected, expected]);
    expect(await model.run([])).toEqual([]);
  });

  it.each([
    ['missing', { ...good, x: undefined }, 'the input x is missing'],
    ['nothing at all', null, 'the input x is missing'],
    ['text', { ...good, x: 'abc' }, 'the input x is of type string'],
    [
      'a list of texts',
      { ...good, x: ['1', '2'] },
      'the input x holds no number at 0; expected numbers',
    ],
    [
      'a DataView',
      { ...good, x: new DataView(new ArrayBuffer(16)) },
      'the input x is of type object',
    ],
    ['big ints', { ...good, x: new BigInt64Array(4) }, 'the input x holds no number at 0'],
    [
      'half a time step',
      { ...good, x: [1, 2, 3] },
      'the input x has length 3; expected numbers, [time, 2]',
    ],
    ['an id too large', { ...good, k: [0, 5] }, 'the input k holds 5 at 1; expected whole numbers'],
    ['an id below 0', { ...good, k: [-1, 0] }, 'the input k holds -1 at 0'],
    ['half an id', { ...good, k: [0.5, 0] }, 'the input k holds 0.5 at 0'],
    ['NaN for an id', { ...good, k: [NaN, 0] }, 'the input k holds NaN at 0'],
    ['two kinds of length', { ...good, k: [1] }, 'the input k has length 1; expected 2'],
    ['two classes', { ...good, kind: [1, 1] }, 'the input kind has length 2; expected 1'],
  ])('%s', async (_, example, message) => {
    const wrong = { code: 'R7801', message: expect.stringContaining(message) as string };
    await expect(model.run(example as never)).rejects.toMatchObject(wrong);
  });

  it('a wrong example in a batch is told by its number', async () => {
    const wrong = { message: expect.stringContaining('of example 1') as string };
    await expect(model.run([good, { ...good, x: [1] }])).rejects.toMatchObject(wrong);
  });

  it('leave the model as it was', async () => {
    const before = await model.run(good);
    await expect(model.run({ ...good, k: [9, 9] })).rejects.toThrow();
    expect(await model.run(good)).toEqual(before);
  });
});
