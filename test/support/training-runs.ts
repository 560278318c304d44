/** Small training runs in this process: specs and data as text, a folder each, files as bytes. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EngineOptions } from '../../compiler/cli/options.ts';
import { trainRun } from '../../compiler/cli/training/run.ts';
import { setUpRun, type TrainRequest } from '../../compiler/cli/training/setup.ts';
import type { SettingValue } from '../../compiler/graph/model.ts';
import type { TrainProgress, TrainResult } from '../../runtime/train/train-options.ts';

/** A folder that is there until `remove`. */
export class Workshop {
  readonly folder = mkdtempSync(join(tmpdir(), 'gatework-training-'));

  /** Writes the file and gives its path. */
  file(name: string, content: string | Uint8Array): string {
    const path = join(this.folder, name);
    writeFileSync(path, content);
    return path;
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  bytes(...names: readonly string[]): Buffer {
    return readFileSync(join(this.folder, ...names));
  }

  has(...names: readonly string[]): boolean {
    return existsSync(join(this.folder, ...names));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export interface RunWords {
  readonly spec: string;
  readonly data: string;
  readonly out: string;
  readonly flags?: Readonly<Record<string, SettingValue>>;
  readonly dims?: Readonly<Record<string, number>>;
  readonly dtype?: 'f32' | 'f64';
  /** The interpreter if not said. */
  readonly engine?: EngineOptions;
  readonly weights?: string;
  readonly resume?: boolean;
  readonly force?: boolean;
  /** Stops the run as Ctrl-C does, once it is at this step. */
  readonly stopAt?: number;
}

export interface RunEnd {
  readonly result: TrainResult;
  readonly progress: readonly TrainProgress[];
}

export function requestOf(words: RunWords): TrainRequest {
  const { spec, data, out, weights } = words;
  return {
    spec,
    data,
    out,
    dims: new Map(Object.entries(words.dims ?? {})),
    engine: words.engine ?? { backend: 'interpreter', dtype: words.dtype ?? 'f32' },
    resume: words.resume ?? false,
    force: words.force ?? false,
    flags: new Map(Object.entries(words.flags ?? {})),
    ...(weights === undefined ? {} : { weights }),
  };
}

export async function trainIn(words: RunWords): Promise<RunEnd> {
  const request = requestOf(words);
  const controller = new AbortController();
  const progress: TrainProgress[] = [];
  const result = await trainRun(request, await setUpRun(request), {
    signal: controller.signal,
    progress: {
      update: (p) => {
        progress.push(p);
        if (p.step === words.stopAt) controller.abort();
      },
      note: () => undefined,
      stop: () => undefined,
    },
  });
  return { result, progress };
}

/** Names over few letters, each with a rule in it, so that a model has something to learn. */
export const someNames = ['anna', 'hannah', 'nan', 'hana', 'ana', 'nahan', 'naan', 'anah', 'han']
  .flatMap((name) => [name, `${name}a`, `${name}n`, `h${name}`])
  .join('\n');

export const nameSpec = `model letters(width = 8) {
  input text: characters(V)[T]
  output next = text<t-1> -> embed(4) -> lstm(width) -> softmax(V)
  loss crossEntropy(next, text)
  train adam(rate = 0.02), batch = 4, epochs = 3, clipNorm = 5
}
`;
