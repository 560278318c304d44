/**
 * How long the processors have worked for the browser that this process runs. Unlike a clock on
 * the wall it hardly depends on what else the machine does meanwhile. Linux alone.
 */
import { readdirSync, readFileSync } from 'node:fs';

/** Milliseconds of all processes below this one that are Chromium's; steps of 10 ms. */
export function browserCpuTime(): number {
  const found = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const processes = found.flatMap((id) => processOf(id) ?? []);
  const below = new Set([String(process.pid)]);
  // A child may come before its parent in the list.
  for (let size = 0; size < below.size;) {
    size = below.size;
    for (const { id, parent } of processes) if (below.has(parent)) below.add(id);
  }
  const browsers = processes.filter(({ id, name }) => below.has(id) && name === 'chromium');
  return browsers.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
}

interface Process {
  readonly id: string;
  readonly name: string;
  readonly parent: string;
  readonly milliseconds: number;
}

/** Undefined for one that has ended meanwhile. See proc(5): the name stands in brackets. */
function processOf(id: string): Process | undefined {
  try {
    const [, name = '', rest = ''] =
      /^\d+ \((.*)\) (.*)$/s.exec(readFileSync(`/proc/${id}/stat`, 'utf8')) ?? [];
    const fields = rest.split(' ');
    const [user, system] = [Number(fields[11]), Number(fields[12])];
    // Linux counts in hundredths of a second.
    return { id, name, parent: fields[1] ?? '', milliseconds: (user + system) * 10 };
  } catch {
    return undefined;
  }
}
