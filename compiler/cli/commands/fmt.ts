/**
 * `gatework fmt SPEC`: the canonical `.gate` form on stdout, of a pipeline and of YAML too. For a
 * `.gate` file, `--write` puts it in place and `--check` only tells whether that would change it.
 */
import type { Command } from 'commander';
import { printFile } from '../../ast/print.ts';
import type { SourceText } from '../../base/source.ts';
import { toJson } from '../../diagnostics/json.ts';
import { parseSource } from '../../pipeline.ts';
import { printDiagnostics } from '../diagnostics.ts';
import { exitCodes, InputRejected, UsageError } from '../failure.ts';
import { writeAside } from '../files.ts';
import { note, print, printJson } from '../output.ts';
import { openSpec } from '../spec.ts';

interface FormatOptions {
  readonly write?: boolean;
  readonly check?: boolean;
  readonly json?: boolean;
}

export function define(command: Command): void {
  command
    .argument('<spec>', 'a .gate or .yaml file, or a pipeline in quotes')
    .option('--write', 'change the file in place')
    .option('--check', 'exit with 1 if the file would change')
    .option('--json', 'one machine-readable document on stdout')
    .action(format);
}

async function format(spec: string, options: FormatOptions): Promise<void> {
  const { source, record } = openSpec(spec);
  const inPlace = record === undefined && source.name.endsWith('.gate');
  if ((options.write === true || options.check === true) && !inPlace) {
    throw new UsageError('--write and --check are for .gate files');
  }
  const { file, diagnostics } = parseSource(source);
  if (file === undefined || diagnostics.some((d) => d.severity === 'error')) {
    throw new InputRejected(diagnostics);
  }
  await printDiagnostics(diagnostics);
  const text = printFile(file);
  report(source, text, options);
  if (options.json === true) {
    const changed = text !== source.text;
    printJson({ ok: true, changed, text, diagnostics: diagnostics.map(toJson) });
  }
}

function report(source: SourceText, text: string, options: FormatOptions): void {
  const changed = text !== source.text;
  if (options.check === true) {
    if (changed) process.exitCode = exitCodes.input;
    note(`${source.name} is ${changed ? 'not ' : ''}in canonical form`);
  } else if (options.write === true) {
    if (changed) writeAside(source.name, text);
    note(changed ? `${source.name} written` : `${source.name} stays as it is in canonical form`);
  } else if (options.json !== true) {
    print(text);
  }
}
