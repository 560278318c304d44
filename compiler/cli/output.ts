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

/**
 * A reader that has left (`| head`) is no fault, and must not stop a training run; nor must a log
 * of progress that nobody takes. A result that cannot be written is one: exit status 1.
 */
export function guardStreams(): void {
  process.stderr.on('error', () => undefined);
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return;
    process.stderr.write(`error[R7402]: the output cannot be written: ${error.message}\n`);
    process.exitCode = 1;
  });
}
