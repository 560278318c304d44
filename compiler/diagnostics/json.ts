/**
 * A diagnostic as `--json` prints it, for editors and other programs. Lines and columns count from
 * 1, columns in UTF-16 units; the end is exclusive. The form is stable.
 */
import { positionAt } from '../base/source.ts';
import type { Diagnostic, Label } from './diagnostic.ts';

export interface JsonPlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export interface JsonDiagnostic extends Partial<JsonPlace> {
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  /** The primary label comes first where it has a text. */
  readonly labels: readonly (JsonPlace & { readonly text: string })[];
  readonly hint?: string;
}

export function toJson(diagnostic: Diagnostic): JsonDiagnostic {
  const { code, severity, message, primary, secondary, hint } = diagnostic;
  const labels = primary === undefined || primary.text === '' ? secondary : [primary, ...secondary];
  return {
    code,
    severity,
    message,
    ...(primary === undefined ? {} : placeOf(primary)),
    labels: labels.map((label) => ({ ...placeOf(label), text: label.text })),
    ...(hint === undefined ? {} : { hint }),
  };
}

function placeOf({ span }: Label): JsonPlace {
  const start = positionAt(span.source, span.start);
  const end = positionAt(span.source, span.end);
  return {
    file: span.source.name,
    line: start.line,
    column: start.column,
    endLine: end.line,
    endColumn: end.column,
  };
}
