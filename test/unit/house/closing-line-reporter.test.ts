/** The last line of a test run, which other programs read. */
import { expect, test } from 'vitest';
import { closingLine } from '../../support/closing-line-reporter.ts';

test('the closing line names what was skipped only where something was', () => {
  expect(closingLine({ passed: 12, failed: 0, skipped: 0 })).toBe('12 passed, 0 failed');
  expect(closingLine({ passed: 1, failed: 2, skipped: 3 })).toBe('1 passed, 2 failed, 3 skipped');
});
