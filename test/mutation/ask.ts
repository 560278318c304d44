/**
 * Asks some tests of a tree, until the first that fails. What compares texts letter by letter is
 * not asked: it would cry at any change, and show nothing about this one.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

export type Answer =
  | { readonly kind: 'passed' }
  /** `file` is the test file, `test` the full name, or what is wrong with the file as a whole. */
  | { readonly kind: 'failed'; readonly file: string; readonly test: string }
  | { readonly kind: 'hung' }
  | { readonly kind: 'stopped' };

export interface Question {
  readonly folder: string;
  /** Files and folders of tests; all where there are none. */
  readonly paths: readonly string[];
  /** From the moment when the tests begin. */
  readonly limitSeconds: number;
  /** A command that starts them, such as one that waits for a quiet machine. */
  readonly through: readonly string[];
  readonly signal: AbortSignal;
}

/** Modules by their content, in the copy: only what has changed is read anew. */
const cached = ['--experimental.fsModuleCache', '--experimental.fsModuleCachePath=out/modules'];

/** Texts, the tree itself, and this list. */
const unasked = ['test/golden/**', 'test/unit/house/**', 'test/mutation/**'];

export async function ask(question: Question): Promise<Answer> {
  const { folder, paths, through, signal, limitSeconds } = question;
  const output = join(folder, 'answer.json');
  rmSync(output, { force: true });
  const vitest = [process.execPath, 'node_modules/vitest/vitest.mjs', 'run', ...paths];
  const options = [
    '--bail=1',
    '--maxWorkers=1',
    '--reporter=default',
    '--reporter=json',
    ...cached,
  ];
  const excludes = unasked.flatMap((path) => ['--exclude', path]);
  const [command = '', ...words] = [...through, ...vitest, ...options, ...excludes];
  const child = spawn(command, [...words, `--outputFile=${output}`], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  });
  const ended = await end(child, limitSeconds, signal);
  if (ended === 'stopped' || ended === 'hung') return { kind: ended };
  if (!existsSync(output)) throw new Error(`the tests of ${paths.join(' ')} could not be run`);
  return firstFailure(readFileSync(output, 'utf8'), folder, ended === 0);
}

/** The exit status. Whatever the child has started ends with it. */
function end(
  child: ChildProcess,
  limitSeconds: number,
  signal: AbortSignal,
): Promise<number | 'hung' | 'stopped'> {
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    let early: 'hung' | 'stopped' | undefined;
    const kill = (why: 'hung' | 'stopped'): void => {
      early ??= why;
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    };
    const stop = (): void => kill('stopped');
    signal.addEventListener('abort', stop, { once: true });
    // The first line says that they begin.
    child.stdout?.on('data', () => {
      timer ??= setTimeout(() => kill('hung'), limitSeconds * 1000);
    });
    child.on('error', reject);
    child.on('close', (status) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      resolve(early ?? status ?? 1);
    });
  });
}

interface TestFile {
  readonly name: string;
  readonly status: string;
  readonly message?: string;
  readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
}

function firstFailure(text: string, folder: string, fine: boolean): Answer {
  // Vitest's own report, in the form of Jest's.
  const { testResults } = JSON.parse(text) as { readonly testResults: readonly TestFile[] };
  for (const { name, status, message, assertionResults } of testResults) {
    const file = name.slice(name.indexOf(folder) + folder.length + 1);
    const failed = assertionResults.find((result) => result.status === 'failed');
    if (failed !== undefined) return { kind: 'failed', file, test: failed.fullName };
    if (status === 'failed') {
      return { kind: 'failed', file, test: firstLine(message) };
    }
  }
  // An error outside of any test.
  return fine
    ? { kind: 'passed' }
    : { kind: 'failed', file: '', test: 'an error outside of tests' };
}

function firstLine(message = ''): string {
  return message.split('\n')[0]?.slice(0, 120) || 'the file could not be run';
}
