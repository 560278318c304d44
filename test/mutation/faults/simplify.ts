/** Faults in passes, each of which must keep the numbers. */
import type { Fault } from './fault.ts';

const passes = [
  'test/unit/4-simplify/rules.test.ts',
  'test/unit/4-simplify/passes.test.ts',
  'test/property/pass-keeps-numbers.test.ts',
];
const products = ['test/property/batch-products.test.ts', 'test/property/model-passes.test.ts'];
const of = (file: string): readonly string[] => [
  `test/unit/4-simplify/${file}.test.ts`,
  ...products,
];

export const simplifyFaults: readonly Fault[] = [
  {
    name: 'minus-a-negative-stays-minus',
    file: 'compiler/4-simplify/fold-constants.ts',
    find: 'return x && negated && add(editor, x, negated);',
    replace: 'return x && negated && sub(editor, x, negated);',
    tests: passes,
  },
  {
    name: 'and-with-true-is-true',
    file: 'compiler/4-simplify/fold-constants.ts',
    find: 'numbers[at] === neutral ? operands[1 - at] : operands[at]',
    replace: 'numbers[at] === neutral ? operands[at] : operands[1 - at]',
    tests: passes,
  },
  {
    name: 'choice-by-a-constant-the-wrong-way',
    file: 'compiler/4-simplify/fold-constants.ts',
    find: 'return numbers[0] === 0 ? no : yes;',
    replace: 'return numbers[0] === 0 ? yes : no;',
    tests: passes,
  },
  {
    name: 'minus-zero-is-shared-with-zero',
    file: 'compiler/4-simplify/share-common-subexpressions.ts',
    find: "return Object.is(value, -0) ? '-0' : String(value);",
    replace: 'return String(value);',
    tests: passes,
  },
  {
    name: 'slice-of-a-slice-forgets-the-first',
    file: 'compiler/4-simplify/compose-layouts.ts',
    find: 'addDims(inner, start)',
    replace: 'start',
    tests: passes,
  },
  {
    name: 'broadcast-of-a-broadcast-keeps-inner-axes',
    file: 'compiler/4-simplify/compose-layouts.ts',
    find: 'numbers(inner.attributes.axes).map((axis) => axes[axis] ?? axis)',
    replace: 'numbers(inner.attributes.axes).map((axis) => axis)',
    tests: passes,
  },
  {
    name: 'transposes-composed-the-other-way-round',
    file: 'compiler/4-simplify/compose-layouts.ts',
    find: 'const through = permutation.map((axis) => first[axis] ?? axis);',
    replace: 'const through = first.map((axis) => permutation[axis] ?? axis);',
    tests: passes,
  },
  {
    name: 'cut-that-only-begins-in-a-part',
    file: 'compiler/4-simplify/join-slices.ts',
    find: 'return isNatural(before) && isNatural(subtractDims(subtractDims(size, before), cut.length));',
    replace: 'return isNatural(before) && isNatural(subtractDims(size, before));',
    tests: of('join-slices'),
  },
  {
    name: 'neighbours-that-do-not-touch',
    file: 'compiler/4-simplify/join-slices.ts',
    find: 'sameDim(addDims(last.start, last.length), own.start)',
    replace: 'sameDim(last.start, own.start) === false',
    tests: of('join-slices'),
  },
  {
    name: 'merged-products-cut-from-the-last-length',
    file: 'compiler/4-simplify/merge-products.ts',
    find: 'at = addDims(at, length);',
    replace: 'at = length;',
    tests: of('merge-products'),
  },
  {
    name: 'split-products-cut-from-the-last-length',
    file: 'compiler/4-simplify/split-products.ts',
    find: 'at = addDims(at, length);',
    replace: 'at = length;',
    tests: of('split-products'),
  },
  {
    name: 'sunk-products-fill-the-padding',
    file: 'compiler/4-simplify/sink-products.ts',
    find: '? withinLengths(b, values.get(r.value), parts)',
    replace: '? values.get(r.value)',
    tests: of('sink-products'),
  },
  {
    name: 'missing-id-chooses-the-first-row',
    file: 'compiler/4-simplify/one-hot-products.ts',
    find: 'return masked(b, isRow, chosen);',
    replace: 'return masked(b, build.lessEqual(b, ids, ids), chosen);',
    tests: of('one-hot-products'),
  },
  {
    name: 'sum-of-pads-of-different-places',
    file: 'compiler/4-simplify/sum-of-pads.ts',
    find: 'sameDim(left.before, right.before) && sameShape(left.value.type.shape, right.value.type.shape)',
    replace: 'sameShape(left.value.type.shape, right.value.type.shape)',
    tests: of('sum-of-pads'),
  },
  {
    name: 'quotients-are-moved-out-of-padding',
    file: 'compiler/4-simplify/stackable.ts',
    find: 'return varies[1] !== true || (y !== undefined && isPositive(known, y));',
    replace: 'return varies[1] !== true || y !== undefined;',
    tests: ['test/unit/4-simplify', ...products],
  },
  {
    name: 'added-slices-need-not-follow',
    file: 'compiler/4-simplify/add-before-slicing.ts',
    find: 'const follows = sameDim(start, at);',
    replace: 'const follows = sameDim(start, start);',
    tests: of('add-before-slicing'),
  },
  {
    name: 'carries-that-change-are-constants',
    file: 'compiler/4-simplify/hoist-invariants.ts',
    find: 'parts.nexts[i]?.value.id === p.value.id && (i > 0',
    replace: 'parts.nexts[i]?.value.type.dtype === p.value.type.dtype && (i > 0',
    tests: passes,
  },
  {
    name: 'scan-loses-a-carry-that-feeds-another',
    file: 'compiler/4-simplify/remove-dead-code.ts',
    find: 'const grown = carries.map((kept, i) => kept || fed[i] === true);',
    replace: 'const grown = carries.map((kept) => kept);',
    tests: passes,
  },
];
