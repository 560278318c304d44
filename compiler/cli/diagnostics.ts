/** Diagnostics on stderr, in colour on a terminal unless NO_COLOR is set; and as JSON. */
import { positionAt, type Span } from '../base/source.ts';
import type { Diagnostic, Label } from '../diagnostics/diagnostic.ts';

export async function printDiagnostics(diagnostics: readonly Diagnostic[]): Promise<void> {
  if (diagnostics.length === 0) return;
  const { renderDiagnostics } = await import('../diagnostics/render.ts');
  process.stderr.write(`${renderDiagnostics(diagnostics, { colour: wantsColour() })}\n`);
}

/** Positions count from 1, offsets from 0. */
export function jsonDiagnostic(d: Diagnostic): object {
  return {
    code: d.code,
    severity: d.severity,
    message: d.message,
    ...(d.primary === undefined ? {} : { primary: jsonLabel(d.primary) }),
    secondary: d.secondary.map(jsonLabel),
    ...(d.hint === undefined ? {} : { hint: d.hint }),
  };
}

function jsonLabel({ span, text }: Label): object {
  return { ...jsonSpan(span), text };
}

function jsonSpan({ source, start, end }: Span): object {
  return {
    file: source.name,
    start: { offset: start, ...positionAt(source, start) },
    end: { offset: end, ...positionAt(source, end) },
  };
}

function wantsColour(): boolean {
  const { NO_COLOR, TERM } = process.env;
  return process.stderr.isTTY && (NO_COLOR === undefined || NO_COLOR === '') && TERM !== 'dumb';
}
