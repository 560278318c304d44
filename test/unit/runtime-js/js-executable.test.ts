/** JavaScript modules that are no program's, and memory that must be made anew to grow. */
import { describe, expect, test } from 'vitest';
import { emitJs } from '../../../compiler/6-emit/js/emit.ts';
import { JsExecutable } from '../../../runtime/js/js-executable.ts';
import type { JsModule } from '../../../runtime/js/js-instance.ts';
import { faultOf, faultOfAsync } from '../../support/fault.ts';
import { importText, jsModule } from '../../support/js-runs.ts';
import { affine, numbers, rows } from '../runtime-linear/programs.ts';

const nothing = (): void => undefined;

describe('a module', () => {
  test.each([
    ['gives nothing', () => ({})],
    ['lacks a function', () => ({ prepare: nothing })],
    ['has a number for a function', () => ({ prepare: nothing, run: 1 })],
    [
      'throws',
      () => {
        throw new TypeError('no memory');
      },
    ],
  ])('that %s is refused', (_, instantiate) => {
    const fault = faultOf(() => new JsExecutable({ program: affine, module: { instantiate } }));
    expect(fault.code).toBe('T6408');
    expect(fault.message).toMatch(/^the JavaScript module of affine cannot be used: ./);
  });

  test('that stops in the middle says so, and can be run again', async () => {
    const run = (): void => {
      throw new RangeError('too far');
    };
    const module: JsModule = { instantiate: () => ({ prepare: nothing, run }) };
    const executable = new JsExecutable({ program: affine, module });
    for (let i = 0; i < 2; i++) {
      const fault = await faultOfAsync(() => executable.run(rows(1)));
      expect(fault.code).toBe('T6408');
      expect(fault.message).toBe('affine stopped in the middle of a run: too far');
    }
  });

  test('is asked for its functions once more where memory is another', async () => {
    const printed = jsModule(await importText(emitJs(affine)));
    const sizes: number[] = [];
    const module: JsModule = {
      instantiate: (memory) => {
        sizes.push(memory.byteLength);
        return printed.instantiate(memory);
      },
    };
    const executable = new JsExecutable({ program: affine, module });
    for (const count of [1, 2, 10_000, 3]) {
      const y = numbers(await executable.run(rows(count)), 'y');
      expect(y.at(-1)).toBe(2 * (count - 2) + ((count - 1) % 2));
    }
    expect(sizes).toEqual([65536, 65536 * Math.ceil((128 + 24 * 10_000) / 65536)]);
  });
});
