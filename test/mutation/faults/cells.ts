/** Faults in the equations of specs/std: cells, as in the papers they are from. */
import type { Fault } from './fault.ts';

const file = 'specs/std/lstm.gate';
const values = [
  'test/unit/2-elaborate/standard-cells.test.ts',
  'test/unit/2-elaborate/arguments.test.ts',
];
const layouts = ['test/unit/adopt/numbers.test.ts', 'test/unit/2-elaborate/models.test.ts'];

export const cellFaults: readonly Fault[] = [
  {
    name: 'lstm-swaps-update-and-forget',
    file,
    find: '  c<t> = Γu * c̃ + Γf * c<t-1>\n  a<t> = Γo * tanh(c<t>)\n  emit a<t>\n}\n\n# The LSTM as',
    replace:
      '  c<t> = Γf * c̃ + Γu * c<t-1>\n  a<t> = Γo * tanh(c<t>)\n  emit a<t>\n}\n\n# The LSTM as',
    tests: values,
  },
  {
    name: 'lstm-layout-in-the-order-of-keras',
    file,
    find: 'gates = [Wu, Wf, Wc, Wo], biases = [bu, bf, bc, bo]',
    replace: 'gates = [Wu, Wf, Wo, Wc], biases = [bu, bf, bo, bc]',
    tests: layouts,
  },
  {
    name: 'lstm-layout-states-swapped',
    file,
    find: 'states = [a, c])',
    replace: 'states = [c, a])',
    tests: layouts,
  },
  {
    name: 'lstm-forget-gate-starts-closed',
    file,
    find: 'states = [a, c])\n  state a: [n], c: [n]\n  weight bf = constant(forget)',
    replace: 'states = [a, c])\n  state a: [n], c: [n]\n  weight bf = constant(-forget)',
    tests: values,
  },
  {
    name: 'coupled-lstm-drops-a-bias',
    file,
    find: '  Γo = σ(Wo[a<t-1>, x<t>] + bo)\n  c<t> = (1 - Γf)',
    replace: '  Γo = σ(Wo[a<t-1>, x<t>])\n  c<t> = (1 - Γf)',
    tests: values,
  },
  {
    name: 'coupled-lstm-couples-the-wrong-way',
    file,
    find: '(1 - Γf) * c̃ + Γf * c<t-1>',
    replace: 'Γf * c̃ + (1 - Γf) * c<t-1>',
    tests: values,
  },
  {
    name: 'slide-lstm-with-a-tanh',
    file,
    find: 'a<t> = Γo * c<t>\n',
    replace: 'a<t> = Γo * tanh(c<t>)\n',
    tests: values,
  },
  {
    name: 'peephole-output-gate-sees-the-old-state',
    file,
    find: 'po * c<t> + bo',
    replace: 'po * c<t-1> + bo',
    tests: values,
  },
  {
    name: 'gru-reset-before-acts-on-the-product',
    file: 'specs/std/gru.gate',
    find: 'c̃ = tanh(Wc[Γr * c<t-1>, x<t>] + bc)',
    replace: 'c̃ = tanh(Γr * Wc[c<t-1>, x<t>] + bc)',
    tests: values,
  },
  {
    name: 'gru-reset-after-leaves-its-bias-outside',
    file: 'specs/std/gru.gate',
    find: 'Γr * (Uc[c<t-1>] + bh)',
    replace: 'Γr * Uc[c<t-1>] + bh',
    tests: values,
  },
  {
    name: 'gru-updates-the-way-of-pytorch',
    file: 'specs/std/gru.gate',
    find: '  }\n  c<t> = Γu * c̃ + (1 - Γu) * c<t-1>',
    replace: '  }\n  c<t> = (1 - Γu) * c̃ + Γu * c<t-1>',
    tests: values,
  },
  {
    name: 'gru-layout-without-the-sign',
    file: 'specs/std/gru.gate',
    find: 'gates = [Wr, -Wu, [Wc, Uc]]',
    replace: 'gates = [Wr, Wu, [Wc, Uc]]',
    tests: layouts,
  },
  {
    name: 'simple-gru-starts-open',
    file: 'specs/std/gru.gate',
    find: 'weight bu = constant(-keep)\n  c̃ = tanh(Wc[c<t-1>, x<t>] + bc)',
    replace: 'weight bu = constant(keep)\n  c̃ = tanh(Wc[c<t-1>, x<t>] + bc)',
    tests: values,
  },
  {
    name: 'rnn-drops-its-bias',
    file: 'specs/std/rnn.gate',
    find: 'a<t> = activation(Wa[a<t-1>, x<t>] + ba)\n',
    replace: 'a<t> = activation(Wa[a<t-1>, x<t>])\n',
    tests: values,
  },
];
