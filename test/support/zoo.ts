/** Models of all kinds, for what has to hold of every bundle: the zoo's, and a few pipelines. */
import { readFileSync } from 'node:fs';

export interface ZooModel {
  readonly name: string;
  /** Text of the spec. */
  readonly text: string;
  /** Dimensions that it leaves open. */
  readonly dims: Readonly<Record<string, number>>;
}

const pipelines: readonly (readonly [string, string, number])[] = [
  ['lstm', 'lstm(8) -> softmax(3)', 4],
  ['both-ways', 'bidirectional(gru(4), depth=2) -> softmax', 4],
  ['peephole', 'peephole(3, depth=2)', 2],
  ['residual', 'rnn(6, activation=relu) -> residual(dense(6)) -> last', 2],
];

const files: readonly (readonly [string, Readonly<Record<string, number>>])[] = [
  ['adding', { width: 5 }],
  ['copy', { width: 4 }],
  ['ner', { V: 20 }],
  ['names', { V: 20, width: 8 }],
  ['language', { V: 30, width: 8 }],
  ['sentiment', { V: 30 }],
  ['speeches', { V: 30, width: 8 }],
];

export const zoo: readonly ZooModel[] = [
  ...pipelines.map(([name, text, D]) => ({ name, text, dims: { D } })),
  ...files.map(([name, dims]) => ({ name, text: specOf(name), dims })),
];

function specOf(name: string): string {
  return readFileSync(new URL(`../../specs/zoo/${name}.gate`, import.meta.url), 'utf8');
}
