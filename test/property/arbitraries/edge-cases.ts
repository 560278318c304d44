/**
 * Models at the edges of what kernels are cut into: rows, steps and widths around tiles, around
 * fours, and of none; sequences that are empty; and every kind of layer.
 */
import type { ScheduleMode } from '../../../compiler/5-schedule/forms.ts';
import type { InputKind, Spec } from '../../../compiler/verify/arbitraries/models.ts';

export interface EdgeCase {
  readonly name: string;
  readonly text: string;
  readonly kinds?: Readonly<Record<string, InputKind>>;
  readonly time: number;
  readonly lengths: readonly number[];
  readonly schedules?: readonly ScheduleMode[];
}

const own = `cell leaky(n, keep = 0.9) {
  state h: [n], seen: [n]
  weight p: [n]
  v = softsign(W[x<t>] + p * h<t-1> + bv)
  seen<t> = max(keep * seen<t-1>, v)
  g = σ(U[seen<t-1>, x<t>] + bg)
  h<t> = g * v + (1 - g) * h<t-1>
  emit h<t> - seen<t>
}
`;

export const edgeCases: readonly EdgeCase[] = [
  {
    name: 'an rnn of one row',
    text: 'model m { input x: float[T, 3]\n output y = x -> rnn(33) -> dense(1) }',
    time: 17,
    lengths: [17],
  },
  {
    name: 'an lstm',
    text: 'model m { input x: float[T, 7]\n output y = x -> lstm(17) }',
    time: 3,
    lengths: [3, 0, 1, 2, 3, 3, 3, 2, 1, 0, 3, 3, 2, 3, 1, 3, 3],
    schedules: ['steps', 'persistent'],
  },
  {
    name: 'grus of both kinds',
    text: `model m { input x: float[T, 1]
      output y = x -> gru(7) -> gru(33, reset = after) }`,
    time: 7,
    lengths: [7, 0, 3],
    schedules: ['steps', 'persistent'],
  },
  {
    name: 'peepholes of both kinds',
    text: `model m { input x: float[T, 17]
      output y = x -> peephole(7) -> peephole(3, connections = diagonal) }`,
    time: 3,
    lengths: [1, 3, 0, 2, 3, 3, 1],
  },
  {
    name: 'bidirectional lstms, two deep',
    text: `model m { input x: float[T, 3]
      input label: class(3)[T]
      output y = x -> bidirectional(lstm(7), depth = 2) -> softmax(3)
      loss crossEntropy(y, label) }`,
    kinds: { label: 'class' },
    time: 7,
    lengths: [7, 1, 0],
  },
  {
    name: 'embed, dropout, layerNorm and pool',
    text: `model m { input text: words(17)[T]
      input label: class(3)
      output y = text -> embed(7) -> dropout(0.3) -> layerNorm -> rnn(3) -> pool(mean) -> softmax(3)
      loss crossEntropy(y, label) }`,
    kinds: { text: 'ids', label: 'class' },
    time: 3,
    lengths: [3, 0, 2, 3, 1, 3, 3],
  },
  {
    name: 'the largest over time, of fours and of odd widths',
    text: `model m { input x: float[T, 5]
      output y = x -> rnn(8) -> pool(max)
      output z = x -> pool(max) }`,
    time: 5,
    lengths: [5, 1, 3],
  },
  {
    name: 'ctc',
    text: `model m { input x: float[T, 3]
      input target: class(7)[Ty]
      output y = x -> softmax(7)
      loss ctc(y, target) }`,
    kinds: { target: 'labels' },
    time: 7,
    lengths: [7, 3, 0],
  },
  {
    name: "a cell of one's own",
    text: `${own}model m { input x: float[T, 8]\n output y = x -> leaky(32) }`,
    schedules: ['steps', 'auto'],
    time: 7,
    lengths: [7, 0, 3],
  },
];

export function specOf({ text, kinds = {} }: Pick<EdgeCase, 'text' | 'kinds'>): Spec {
  return { text, inputs: new Map(Object.entries(kinds)), hasLoss: false };
}
