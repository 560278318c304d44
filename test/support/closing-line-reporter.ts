/**
 * Ends a test run with one plain line, `N passed, N failed` (`, N skipped` where some were), after
 * everything else that vitest prints. A test file that cannot be loaded and an error outside any
 * test each count as one failure. Names what was skipped and why, so that no skip is silent.
 */
import type { Reporter, TestCase, TestModule } from 'vitest/node';

export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export function closingLine(tally: Tally): string {
  const skipped = tally.skipped === 0 ? '' : `, ${tally.skipped} skipped`;
  return `${tally.passed} passed, ${tally.failed} failed${skipped}`;
}

export default class ClosingLineReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const cases = modules.flatMap((module) => [...module.children.allTests()]);
    const unloaded = modules.filter((module) => module.errors().length > 0).length;
    const skips = cases.filter((test) => test.result().state === 'skipped');
    for (const line of new Set(skips.map(describeSkip))) console.log(`skipped: ${line}`);
    const line = closingLine({
      passed: cases.filter((test) => test.result().state === 'passed').length,
      failed:
        cases.filter((test) => test.result().state === 'failed').length + unloaded + errors.length,
      skipped: skips.length,
    });
    process.once('exit', () => {
      process.stdout.write(`${line}\n`);
    });
  }
}

function describeSkip(test: TestCase): string {
  const result = test.result();
  const note = result.state === 'skipped' && result.note !== undefined ? ` (${result.note})` : '';
  return `${test.module.relativeModuleId} > ${test.fullName}${note}`;
}
