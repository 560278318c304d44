/** Who takes part, in what, and what each needs to be installed. */
import { spawnSync } from 'node:child_process';
import type { Mode, Workload } from '../workloads/workloads.ts';
import { versionOf } from './packages.ts';
import type { PeerName } from './task-file.ts';

export interface Contestant {
  readonly name: PeerName;
  /** For tables and pictures. */
  readonly label: string;
  /** What the picture says of it. */
  readonly kind: 'ours' | 'native' | 'javascript';
  readonly modes: readonly Mode[];
  /** The most threads that it can use. */
  readonly threads: 1 | 2;
  /** npm packages of the bench. */
  readonly packages: readonly string[];
}

const all: readonly Mode[] = ['stream', 'run', 'train'];
const inference: readonly Mode[] = ['stream', 'run'];
const tensorFlow = ['@tensorflow/tfjs', '@tensorflow/tfjs-backend-wasm'];

export const contestants: readonly Contestant[] = [
  {
    name: 'gatework',
    label: 'Gatework',
    kind: 'ours',
    modes: all,
    threads: 2,
    packages: [],
  },
  {
    name: 'ort-node',
    label: 'ORT-node',
    kind: 'native',
    modes: inference,
    threads: 2,
    packages: ['onnxruntime-node'],
  },
  {
    name: 'pytorch',
    label: 'PyTorch',
    kind: 'native',
    modes: all,
    threads: 2,
    packages: [],
  },
  {
    name: 'ort-web',
    label: 'ORT-web',
    kind: 'javascript',
    modes: inference,
    threads: 2,
    packages: ['onnxruntime-web'],
  },
  {
    name: 'jax-js',
    label: 'jax-js',
    kind: 'javascript',
    modes: all,
    threads: 1,
    packages: ['@jax-js/jax'],
  },
  {
    name: 'tfjs',
    label: 'tfjs',
    kind: 'javascript',
    modes: all,
    threads: 1,
    packages: tensorFlow,
  },
  {
    name: 'tfjs-tuned',
    label: 'tfjs, tuned',
    kind: 'javascript',
    modes: ['train'],
    threads: 1,
    packages: tensorFlow,
  },
];

/** One bar: a contestant with so many threads. */
export interface Entrant {
  readonly contestant: Contestant;
  readonly threads: number;
}

export function entrantsOf(
  { mode }: Workload,
  able: readonly Contestant[],
  threads: (contestant: Contestant) => readonly number[],
): readonly Entrant[] {
  return able
    .filter(({ modes }) => modes.includes(mode))
    .flatMap((contestant) => {
      const possible = threads(contestant).filter((n) => n <= contestant.threads);
      return possible.map((n) => ({ contestant, threads: n }));
    });
}

/** Why a contestant cannot take part; undefined where it can. */
export function lackOf({ name, packages }: Contestant, python: string | undefined) {
  if (name === 'pytorch') {
    return python === undefined
      ? 'no python3 has torch (apt-get install python3-torch)'
      : undefined;
  }
  const missing = packages.filter((of) => versionOf(of) === undefined);
  if (missing.length === 0) return undefined;
  return `${missing.join(', ')} not installed (npm ci --prefix test/bench)`;
}

/** The first of these that can import torch. */
export function pythonWithTorch(given: string | undefined): string | undefined {
  const candidates = given === undefined ? ['python3', '/usr/bin/python3'] : [given];
  return candidates.find((python) => {
    const tried = spawnSync(python, ['-c', 'import torch, numpy'], { stdio: 'ignore' });
    return tried.status === 0;
  });
}
