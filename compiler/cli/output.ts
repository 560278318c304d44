/** Results on stdout, everything else on stderr. */

export function print(text: string): void {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
}

/** The one document of `--json`. NaN and infinities, which JSON lacks, become strings. */
export function printJson(document: unknown): void {
  const text = JSON.stringify(document, (_key, value: unknown) =>
    typeof value === 'number' && !Number.isFinite(value) ? String(value) : value,
  );
  process.stdout.write(`${text}\n`);
}

export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}
