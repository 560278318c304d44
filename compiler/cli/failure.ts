/**
 * What goes wrong, as the person sees it: diagnostics with carets, faults with their code and hint,
 * and for a bug of the compiler three lines and a file. With `--json` the same as one document on
 * stdout. Exit status: 0 well, 1 the input is wrong, 2 usage, 3 this machine can't.
 */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommanderError } from 'commander';
import { RuntimeFault } from '../../runtime/artifact/executable.ts';
import { CompilerBug } from '../base/bug.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { toJson } from '../diagnostics/json.ts';
import { printDiagnostics } from './diagnostics.ts';
import { printJson } from './output.ts';

export const exitCodes = { ok: 0, input: 1, usage: 2, machine: 3 } as const;

/** A spec or a tensor file with mistakes in it; all of them. */
export class InputRejected extends Error {
  override readonly name = 'InputRejected';
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics[0]?.message ?? 'rejected');
    this.diagnostics = diagnostics;
  }
}

/** The command line itself is wrong in a way that the option parser cannot see. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Prints the failure and gives the exit status. */
export async function reportFailure(error: unknown, json: boolean): Promise<number> {
  if (error instanceof UsageError) {
    process.stderr.write(`error: ${error.message}\n`);
    if (json) printJson({ ok: false, error: error.message });
    return exitCodes.usage;
  }
  const diagnostics = asDiagnostics(error);
  if (diagnostics !== undefined) {
    await printDiagnostics(diagnostics);
    if (json) printJson({ ok: false, diagnostics: diagnostics.map(toJson) });
    return diagnostics.some((d) => d.code.startsWith('T')) ? exitCodes.machine : exitCodes.input;
  }
  const message = reportBug(error);
  if (json) printJson({ ok: false, error: message });
  return exitCodes.input;
}

/** What the option parser found, which it has printed; asking for help is no failure. */
export function reportUsage(error: CommanderError, json: boolean): number {
  if (error.exitCode === 0) return exitCodes.ok;
  if (json) printJson({ ok: false, error: error.message.replace(/^error: /, '') });
  return exitCodes.usage;
}

function asDiagnostics(error: unknown): readonly Diagnostic[] | undefined {
  if (error instanceof InputRejected) return error.diagnostics;
  if (error instanceof RuntimeFault) {
    const { code, message, hint } = error;
    return [
      { code, severity: 'error', message, secondary: [], ...(hint === undefined ? {} : { hint }) },
    ];
  }
  if (error instanceof RangeError && /array (buffer|length)|memory/i.test(error.message)) {
    const message = `not enough memory: ${error.message}`;
    const hint = 'use a smaller batch or a narrower model';
    return [{ code: 'T6401', severity: 'error', message, secondary: [], hint }];
  }
  return undefined;
}

/** Three lines for the person, everything else into a file for whoever mends it. */
function reportBug(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error ? (error.stack ?? message) : message;
  const dump = error instanceof CompilerBug ? (error.dump ?? '') : '';
  let file = '(the report could not be written)';
  try {
    file = join(mkdtempSync(join(tmpdir(), 'gatework-')), 'bug.txt');
    writeFileSync(file, `${stack}\n\n${dump}\n`);
  } catch {
    // A full or read-only disk must not hide the bug itself.
  }
  process.stderr.write(
    `gatework: a bug in the compiler: ${message.split('\n')[0] ?? ''}\n` +
      `  details: ${file}\n  please report it with the spec and that file\n`,
  );
  return message;
}
