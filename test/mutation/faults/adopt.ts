/** Faults in the weights of PyTorch: order of gates, signs, biases, states. */
import type { Fault } from './fault.ts';

const file = 'compiler/adopt/foreign.ts';
const tests = [
  'test/unit/adopt/numbers.test.ts',
  'test/unit/adopt/states.test.ts',
  'test/unit/adopt',
];

export const adoptFaults: readonly Fault[] = [
  {
    name: 'foreign-bias-only-of-the-input',
    file,
    find: 'signed(add(b, rows(ih), rows(hh)))',
    replace: 'signed(add(b, rows(ih), rows(ih)))',
    tests,
  },
  {
    name: 'foreign-gates-from-the-last-height',
    file,
    find: 'offset = addDims(offset, rows);',
    replace: 'offset = rows;',
    tests,
  },
  {
    name: 'foreign-gate-without-its-sign',
    file,
    find: 'gate.term.negated ? neg(b, v) : v',
    replace: 'gate.term.negated ? v : v',
    tests,
  },
  {
    name: 'foreign-bias-without-its-sign',
    file,
    find: 'const signed = (v: Value) => (term.negated ? neg(b, v) : v);',
    replace: 'const signed = (v: Value) => (term.negated ? v : v);',
    tests,
  },
  {
    name: 'foreign-columns-of-the-other-matrix',
    file,
    find: 'const from = block.recurrent ? recurrentRows : inputRows;',
    replace: 'const from = block.recurrent ? inputRows : recurrentRows;',
    tests,
  },
  {
    name: 'foreign-states-by-direction-first',
    file: 'compiler/adopt/states.ts',
    find: "return instance.layer * 2 + (instance.direction === 'reverse' ? 1 : 0);",
    replace: "return instance.layer + (instance.direction === 'reverse' ? 1000 : 0);",
    tests,
  },
  {
    name: 'foreign-layers-in-the-order-of-text',
    file: 'compiler/adopt/match.ts',
    find: 'return number(left) - number(right) || (left.prefix < right.prefix ? -1 : 1);',
    replace: 'return left.prefix < right.prefix ? -1 : 1 + 0 * number(left);',
    tests,
  },
];
