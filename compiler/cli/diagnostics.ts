/** Diagnostics on stderr, in colour on a terminal unless NO_COLOR is set. */
import type { Diagnostic } from '../diagnostics/diagnostic.ts';

/** The renderer is loaded only when there is something to render. */
export async function printDiagnostics(diagnostics: readonly Diagnostic[]): Promise<void> {
  if (diagnostics.length === 0) return;
  const { renderDiagnostics } = await import('../diagnostics/render.ts');
  process.stderr.write(`${renderDiagnostics(diagnostics, { colour: wantsColour() })}\n`);
}

function wantsColour(): boolean {
  const { NO_COLOR, TERM } = process.env;
  return process.stderr.isTTY && (NO_COLOR === undefined || NO_COLOR === '') && TERM !== 'dumb';
}
