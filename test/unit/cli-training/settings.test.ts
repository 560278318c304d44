/** Which of several settings wins. */
import { expect, test } from 'vitest';
import { identity, runSettings, settingsLayer } from '../../../compiler/cli/training/settings.ts';
import type { SettingValue } from '../../../compiler/graph/model.ts';

const layer = (values: Record<string, SettingValue>): Map<string, SettingValue> =>
  new Map(Object.entries(values));

test('without a word, a run has its defaults', () => {
  expect(runSettings([])).toEqual({
    batch: 32,
    epochs: 10,
    validation: 0.1,
    minCount: 1,
    lowerCase: false,
    seed: 1,
    residuals: 'store',
  });
});

test('the stronger layer wins, setting by setting', () => {
  const found = runSettings([layer({ batch: 4 }), layer({ batch: 8, seed: 3 })]);
  expect(found).toMatchObject({ batch: 4, seed: 3 });
});

test('steps of a stronger layer replace the epochs of a weaker one, and the other way', () => {
  const steps = runSettings([layer({ steps: 7 }), layer({ epochs: 5 })]);
  expect([steps.steps, steps.epochs]).toEqual([7, undefined]);
  const epochs = runSettings([layer({ epochs: 5 }), layer({ steps: 7 })]);
  expect([epochs.steps, epochs.epochs]).toEqual([undefined, 5]);
  const both = runSettings([layer({ epochs: 5, steps: 7 })]);
  expect([both.steps, both.epochs]).toEqual([7, 5]);
});

test('settings come back from the layer that they are written as', () => {
  const settings = runSettings([layer({ clipNorm: 5, lowerCase: true, truncate: 20 })]);
  expect(runSettings([settingsLayer(settings)])).toEqual(settings);
});

test('how long a run is does not change which run it is', () => {
  const one = runSettings([layer({ steps: 7, batch: 4 })]);
  const other = runSettings([layer({ epochs: 9, batch: 4 })]);
  expect(identity(one)).toEqual(identity(other));
  expect(identity(runSettings([layer({ batch: 5 })]))).not.toEqual(identity(one));
});

test.each([
  ['batch', 1.5, 'batch = 1.5: expected a whole number from 1'],
  ['steps', -1, 'steps = -1: expected a whole number from 0'],
  ['clipNorm', -1, 'clipNorm = -1: expected a number from 0'],
  ['lowerCase', 'yes', 'lowerCase = yes: expected true or false'],
  ['residuals', 'all', 'residuals = all: expected store or recompute'],
])('%s = %s is refused', (name, value, message) => {
  expect(() => runSettings([layer({ [name]: value })])).toThrow(message);
});
