/** What is wrong with an import, in the form in which bundlers want to be told. */
import type { UnpluginMessage } from 'unplugin';
import { RuntimeFault } from '../../runtime/artifact/executable.ts';
import { positionAt } from '../base/source.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { renderDiagnostic, renderDiagnostics } from '../diagnostics/render.ts';
import { InputRejected } from '../cli/failure.ts';

export interface Said extends UnpluginMessage {
  /** The lines at fault, with carets. */
  readonly frame?: string;
}

/**
 * Undefined for a bug of the compiler, which is to be seen with its stack. `framed`: whether the
 * bundler shows place and frame by itself.
 */
export function saidOf(error: unknown, spec: string, framed: boolean): Said | undefined {
  if (error instanceof InputRejected) {
    const errors = error.diagnostics.filter(({ severity }) => severity === 'error');
    return said(errors, spec, framed);
  }
  if (!(error instanceof RuntimeFault)) return undefined;
  const { code, message } = error;
  const hint = error.hint === undefined ? {} : { hint: inQuery(error.hint) };
  return said([{ code, severity: 'error', message, secondary: [], ...hint }], spec, framed);
}

/** All of them; the place is that of the first, and of the others a line each. */
export function said(diagnostics: readonly Diagnostic[], spec: string, framed: boolean): Said {
  const [first, ...others] = diagnostics;
  if (first?.primary === undefined) {
    return { id: spec, message: renderDiagnostics(diagnostics, plain) };
  }
  const { source, start } = first.primary.span;
  const { line, column } = positionAt(source, start);
  const place = { id: source.name, loc: { file: source.name, line, column: column - 1 } };
  if (!framed) return { ...place, message: renderDiagnostics(diagnostics, plain) };
  const [head = '', , ...frame] = renderDiagnostic(first, plain).split('\n');
  return { ...place, message: [head, ...others.map(inLine)].join('\n'), frame: frame.join('\n') };
}

function inLine({ severity, code, message, primary }: Diagnostic): string {
  const said = `${severity}[${code}]: ${message}`;
  if (primary === undefined) return said;
  const { source, start } = primary.span;
  const { line, column } = positionAt(source, start);
  return `${said} (${source.name}:${line}:${column})`;
}

const plain = { colour: false };

/** Hints of the command line name its flags. */
function inQuery(hint: string): string {
  return hint
    .replaceAll(/--dim (?=\S+=)/g, 'dim.')
    .replaceAll(/--(weights|init|precision|backends|target|vocabulary) (?=\S)/g, '$1=');
}
