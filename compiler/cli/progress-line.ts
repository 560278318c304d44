/**
 * One line on stderr that says how far something is, and is gone when it is done. Nothing is
 * written where stderr is no terminal.
 */
export interface ProgressLine {
  /** Shows the text, unless the last one was shown a moment ago. */
  update(text: string): void;
  clear(): void;
}

/** Milliseconds between two texts. */
const pause = 100;

export function progressLine(stream: NodeJS.WriteStream = process.stderr): ProgressLine {
  let shownAt = -Infinity;
  if (!stream.isTTY) return { update: () => undefined, clear: () => undefined };
  const erase = '\r\u001b[K';
  return {
    update: (text) => {
      const now = performance.now();
      if (now - shownAt < pause) return;
      shownAt = now;
      stream.write(`${erase}${text.slice(0, Math.max(0, (stream.columns || 80) - 1))}`);
    },
    clear: () => {
      if (shownAt > -Infinity) stream.write(erase);
      shownAt = -Infinity;
    },
  };
}
