/**
 * `gatework verify SPEC`: puts the spec on every backend of this machine through random cases, and
 * says how near each came to what is allowed. Exit status 1 where a check fell, 3 where a backend
 * could not run and that was not allowed, 130 after Ctrl-C.
 */
import { InvalidArgumentError, Option, type Command } from 'commander';
import { RuntimeFault } from '../../../runtime/artifact/executable.ts';
import { exitCodes, reportFailure, UsageError } from '../failure.ts';
import { writeAside } from '../files.ts';
import { specOptions, wholeNumber, type SpecOptions } from '../options.ts';
import { print, printJson } from '../output.ts';
import { families } from '../verify/backends.ts';
import { verifySpec, type VerifyReport, type VerifySettings } from '../verify/run.ts';
import { reportDocument } from '../verify/document.ts';
import { htmlReport } from '../verify/html.ts';
import { junitReport } from '../verify/junit.ts';
import { describeReport } from '../verify/table.ts';

interface VerifyCommandOptions extends SpecOptions {
  readonly weights?: string;
  readonly backends?: readonly string[];
  readonly runs: number;
  readonly seed: number;
  readonly time: number;
  readonly patience: number;
  readonly allowSkips?: boolean;
  readonly out: string;
  readonly replay?: string;
  readonly junit?: string;
  readonly html?: string;
  readonly browser?: string;
}

/** `open` gives other backends than the machine's own. */
export function define(command: Command, open?: VerifySettings['open']): void {
  specOptions(command)
    .option('--weights <file>', 'safetensors: the model with these weights, and no drawn ones')
    .addOption(
      new Option(
        '--backends <names>',
        `of ${families.join(', ')}, or a row of the table such as 'wasm simd'; ` +
          'all but page if left out',
      ).argParser(collectNames),
    )
    .option('--runs <n>', 'cases at most', atLeastOne, 100)
    .option('--seed <n>', 'what is drawn; the same seed draws the same cases', wholeNumber, 1)
    .option('--time <span>', 'how long to go on, such as 90s or 10m', span, 45_000)
    .option('--patience <span>', 'a backend that answers nothing for so long hangs', span, 40_000)
    .option('--allow-skips', 'a backend that this machine lacks is no failure')
    .option('--out <dir>', 'folder for counterexamples, made when there is one', 'counterexamples')
    .addOption(
      new Option(
        '--replay <file>',
        'run a counterexample once more: the safetensors beside its spec',
      ).conflicts('weights'),
    )
    .addOption(
      new Option('--browser <file>', 'a Chromium for the backends page').env('CHROME_PATH'),
    )
    .option('--junit <file>', 'a report for a CI server')
    .option('--html <file>', 'a report with histograms of errors')
    .action((spec: string, options: VerifyCommandOptions) => verifyCommand(spec, options, open));
}

async function verifyCommand(
  spec: string,
  options: VerifyCommandOptions,
  open: VerifySettings['open'],
): Promise<void> {
  const settings = { ...settingsOf(options), ...(open === undefined ? {} : { open }) };
  const stop = stopOnInterrupt();
  const report = await verifySpec(spec, settings, stop.signal);
  stop.release();
  const unwritten = writeReports(options, report);
  const reasons = unwritten.map((fault) => fault.message);
  if (options.json === true) printJson(reportDocument(report, reasons));
  else print(describeReport(report));
  for (const fault of unwritten) await reportFailure(fault, false);
  process.exitCode = statusOf(report, options, unwritten.length === 0, stop.signal.aborted);
}

/** Those that could not be written are told of after the table, which must not be lost for them. */
function writeReports(
  { junit, html }: VerifyCommandOptions,
  report: VerifyReport,
): readonly RuntimeFault[] {
  const reports = [
    { file: junit, write: junitReport },
    { file: html, write: htmlReport },
  ];
  return reports.flatMap(({ file, write }) => {
    if (file === undefined) return [];
    try {
      writeAside(file, write(report));
      return [];
    } catch (error) {
      if (error instanceof RuntimeFault) return [error];
      throw error;
    }
  });
}

function statusOf(
  { failures, skipped }: VerifyReport,
  { allowSkips }: VerifyCommandOptions,
  isWritten: boolean,
  aborted: boolean,
): number {
  if (aborted) return 130;
  if (failures.length > 0 || !isWritten) return exitCodes.input;
  return skipped.length > 0 && allowSkips !== true ? exitCodes.machine : exitCodes.ok;
}

function settingsOf(options: VerifyCommandOptions): VerifySettings {
  const { dim, weights, runs, seed, time, patience, out, replay, browser } = options;
  const { backends = families.filter((name) => name !== 'page') } = options;
  if (time === 0) throw new UsageError('--time needs more than nothing');
  if (patience === 0) throw new UsageError('--patience needs more than nothing');
  return {
    dims: dim,
    ...(weights === undefined ? {} : { weights }),
    isWanted: (name) => backends.some((want) => name === want || name.startsWith(`${want} `)),
    runs,
    seed,
    timeMs: time,
    patienceMs: patience,
    out,
    ...(replay === undefined ? {} : { replay }),
    ...(browser === undefined ? {} : { browser }),
  };
}

/** The first signal lets the table be printed; the second one ends the process at once. */
function stopOnInterrupt(): { readonly signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return {
    signal: controller.signal,
    release: () => {
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
    },
  };
}

function collectNames(text: string, known: readonly string[] = []): readonly string[] {
  // Commas part names, but for the one before a number of threads.
  const names = text.split(/,(?!\s*\d+ threads)/).map((name) => name.trim());
  for (const name of names) {
    if (!families.some((family) => name === family || name.startsWith(`${family} `))) {
      throw new InvalidArgumentError(`expected names of ${families.join(', ')}.`);
    }
  }
  return [...known, ...names];
}

function atLeastOne(text: string): number {
  const count = wholeNumber(text);
  if (count === 0) throw new InvalidArgumentError('expected at least one.');
  return count;
}

/** In milliseconds; a number without a unit is seconds. */
function span(text: string): number {
  const [, digits, unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text) ?? [];
  if (digits === undefined) throw new InvalidArgumentError('expected a time such as 90s or 10m.');
  const scale = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[unit] ?? 1000;
  return Number(digits) * scale;
}
