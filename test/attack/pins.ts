/**
 * Programs that once fell, each as small as it could be made, and what was wrong. They go through
 * every attack on every kind of kernels and form of WebAssembly.
 */
import type { CaseData } from '../../compiler/verify/verify-case.ts';

export interface Pin {
  readonly name: string;
  /** What was wrong: of the compiler, or of what judges it. */
  readonly was: string;
  readonly text: string;
  readonly data: Partial<CaseData>;
}

export const pins: readonly Pin[] = [
  {
    name: 'a stretch of weights that ends within a four',
    was: 'kernels for fours read up to three numbers past the end of the tensor',
    text: `cell own(n, m = 2) {
  state s0: [n]
  state s1: [m]
  weight k0: [m] = constant(0.3)
  weight k1: [n] = constant(0.3)
  v0 = sin(W0[s0<t-1>, x<t>] + k0)
  s0<t> = σ(W1[v0, x<t>] + k1)
  s1<t> = s1<t-1>
  emit s0<t>
}
model drawn(width = 4) {
  input x: float[T, width]
  output y = x -> own(12)
}
`,
    data: { seed: 11, time: 1, lengths: [1, 1], weightScale: 0.2 },
  },
  {
    name: 'layers that only go backward',
    was: 'the law of reversal took them for one direction of a bidirectional layer',
    text: 'rnn(2, reverse = true, depth = 2)',
    data: { seed: 2147483633, time: 3, lengths: [2, 2, 3], weightScale: 12 },
  },
  {
    name: 'a kink of the derivative, exactly there',
    was: 'central differences were trusted where they do not converge',
    text: 'residual(hardTanh) -> softsign',
    data: { seed: 2147483632, time: 2, lengths: [2, 2, 0, 3], numbers: 'zeros' },
  },
  {
    name: 'a kink hidden behind small weights',
    was: 'central differences of the larger step looked smooth',
    text: `layer mixed() { q = W[x] + b emit (q + x) * mean(q) / (1 + max(x, 0)) }
model drawn(width = 3) {
  input x: float[width]
  input target: class(2)
  output y = x -> mixed -> softmax(2)
  loss crossEntropy(y, target)
}
`,
    data: { seed: 1725392937, lengths: [3, 5], weightScale: 0.2, numbers: 'zeros' },
  },
  {
    name: 'a sigmoid below the normal numbers',
    was: 'its formula gives 0 there, which no room was made for',
    text: `model drawn(width = 4) {
  input ids: ids(4)[T]
  h = ids<t-1> -> oneHot -> concat(reverse -> dense(4, activation = relu))
  input target0: class(2)[T]
  output y0 = h -> sigmoid(1)
  loss binaryCrossEntropy(y0, target0)
}
`,
    data: { seed: 29, time: 2, lengths: [0, 2, 0], widths: [1, 1, 1], weightScale: 12 },
  },
  {
    name: 'a loss that is infinite, and gradients that are not numbers',
    was: 'a GPU that may assume finite numbers was asked for NaN',
    text: `model drawn(width = 1) {
  input x: float[T, width]
  h = x -> dense(1) -> last
  input target: class(3)
  output y = h -> concat(dense(3, activation = softplus)) -> softmax(3) -> identity
  loss crossEntropy(y, target)
}
`,
    data: { seed: 2147483641, time: 1, lengths: [1, 0], weightScale: 12 },
  },
  {
    name: 'NaN beside one-hot codes',
    was: 'a choice of rows multiplies no zero with NaN, and NaN was asked for',
    text: `model part(n = 2) { input v: float[T, D] output o = v -> gru(n) -> dense(n) }
model drawn(width = 2) {
  input ids: characters(4)[T]
  h = ids<t-1> -> oneHot -> part(2) -> bidirectional(slideLstm(1, forget = 0.5, bias = false)) -> bidirectional(rnn(2, activation = relu, init = he))
  input target0: class(3)[Ty]
  output y0 = h -> softmax(3) -> identity
  input target1: float[3]
  output y1 = h -> hardSigmoid -> pool(sum) -> sigmoid(3) -> identity
  loss ctc(y0, target0)
  loss binaryCrossEntropy(y1, target1)
}
`,
    data: { seed: 334847081, lengths: [4], weightScale: 12, numbers: 'tiny', states: false },
  },
  {
    name: 'sine of huge angles',
    was: 'its formula keeps no digits there, as its page says, and they were asked for',
    text: `model drawn(width = 2) {
  input x: float[T, width]
  input z: float[width]
  input target: float[2]
  output y = x * z + x -> pool(mean) -> sin -> relu
  loss mse(y, target)
}
`,
    data: { seed: 890864288, time: 3, lengths: [2], weightScale: 2, numbers: 'huge' },
  },
  {
    name: 'the norm of many equal squares',
    was: 'the f32 interpreter rounds a sum once, which made no room for one term after another',
    text: `cell own(n, m = 2) {
  state s0: [n]
  weight k0: [m] = constant(0.3)
  Γ0 = σ(W0[x<t>] + b0 + k0)
  weight p2: [n] = uniform(-1, 1)
  s0<t> = s0<t-1>
  emit 2 * (p2 * s0<t-1> + 6.5)
}
model drawn(width = 12) {
  input x: float[T, width]
  input target: class(12)[T]
  output y = x<t+1> -> bidirectional(own(8, dropout = 0.3)) -> softmax(12)
  loss crossEntropy(y, target, smoothing = 0.1)
}
`,
    data: {
      ...{ seed: 2147483621, time: 5, lengths: [5, 2, 5], widths: [3, 1, 1], weightScale: 12 },
      ...{ states: false },
    },
  },
  {
    name: 'one result of thousands whose rounding happened to cancel',
    was: 'five runs in f32 made too little room for it',
    text: 'sigmoid -> bidirectional(lstm(8, forget = 0.5, reverse = true, depth = 2) -> bidirectional(rnn(8, reverse = true, dropout = 0.3, init = he), depth = 2))',
    data: {
      ...{ seed: 13, time: 2, lengths: [2, 2, 5], widths: [3, 1, 1], weightScale: 12 },
      ...{ numbers: 'tiny', states: false },
    },
  },
];
