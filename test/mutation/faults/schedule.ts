/** Faults in the forms of kernels: bounds, tiles, barriers, packs. */
import type { Fault } from './fault.ts';

const agree = ['test/unit/5-schedule/kernel-forms.test.ts', 'test/property/kernels-agree.test.ts'];
const processor = agree;
const product = 'compiler/5-schedule/product-kernel.ts';
const tiles = 'compiler/5-schedule/tile-writer.ts';
const panel = 'compiler/5-schedule/panel.ts';

export const scheduleFaults: readonly Fault[] = [
  {
    name: 'reduction-leaves-out-the-last-lane',
    file: 'compiler/5-schedule/reduce-kernel.ts',
    find: 'to: k.int(lanes), step: k.int(1) }',
    replace: 'to: k.int(lanes - 1), step: k.int(1) }',
    tests: agree,
  },
  {
    name: 'reduction-one-element-short',
    file: 'compiler/5-schedule/reduce-kernel.ts',
    find: 'to: shapeSize(extents), step: k.int(lanes) }',
    replace: 'to: k.sub(shapeSize(extents), k.int(1)), step: k.int(lanes) }',
    tests: agree,
  },
  {
    name: 'reduction-drops-its-barrier',
    file: 'compiler/5-schedule/reduce-kernel.ts',
    find: ", value: running }, { kind: 'barrier' });",
    replace: ', value: running });',
    tests: agree,
  },
  {
    name: 'scan-kernel-drops-its-barrier',
    file: 'compiler/5-schedule/scan-kernel.ts',
    find: "      emitter.push({ kind: 'barrier' });\n",
    replace: '',
    tests: agree,
  },
  {
    name: 'tile-edge-one-row-too-far',
    file: product,
    find: 'k.min(flat, k.sub(total, k.int(1)))',
    replace: 'k.min(flat, total)',
    tests: agree,
  },
  {
    name: 'tile-edge-of-columns-unchecked',
    file: product,
    find: 'k.and(k.less(r, down.total), k.less(c, across.total))',
    replace: 'k.less(r, down.total)',
    tests: agree,
  },
  {
    name: 'contraction-skips-along-outer-axes',
    file: product,
    find: 'k.int(axis === contracted.length - 1 ? terms : 1)',
    replace: 'k.int(terms)',
    tests: agree,
  },
  {
    name: 'columns-of-a-tile-by-its-rows',
    file: product,
    find: 'k.mul(k.mod(k.invocation(0), k.int(tilesAcross)), k.int(across)),',
    replace: 'k.mul(k.mod(k.invocation(0), k.int(tilesAcross)), k.int(down)),',
    tests: agree,
  },
  {
    name: 'last-tile-of-rows-left-out',
    file: tiles,
    find: "emitter.named(k.sub(to, k.int(rows - 1)), 'end')",
    replace: "emitter.named(k.sub(to, k.int(rows)), 'end')",
    tests: processor,
  },
  {
    name: 'last-columns-written-by-fours',
    file: tiles,
    find: "emitter.named(k.sub(end, k.mod(end, k.int(four))), 'whole')",
    replace: "emitter.named(k.add(end, k.int(0)), 'whole')",
    tests: processor,
  },
  {
    name: 'last-tile-past-the-columns',
    file: tiles,
    find: 'const held = i === 0 || this.dividesInto(form.fours) ? at : k.min(at, last);',
    replace: 'const held = i === 0 || this.dividesInto(1) ? at : k.min(at, last);',
    tests: processor,
  },
  {
    name: 'rest-begins-one-column-late',
    file: tiles,
    find: 'this.rest(row, k.mul(quads, k.int(four)), width)',
    replace: 'this.rest(row, k.add(k.mul(quads, k.int(four)), k.int(1)), width)',
    tests: processor,
  },
  {
    name: 'pack-copies-past-the-last-term',
    file: panel,
    find: "emitter.named(k.min(k.add(from, k.int(block)), last), 'to')",
    replace: "emitter.named(k.add(from, k.int(block)), 'to')",
    tests: processor,
  },
  {
    name: 'packed-gates-all-from-the-first',
    file: panel,
    find: 'placed(axes, [k.add(column, k.int(offset)), ...at, term])',
    replace: 'placed(axes, [k.add(column, k.int(0 * offset)), ...at, term])',
    tests: processor,
  },
  {
    name: 'packed-gates-in-the-wrong-order',
    file: panel,
    find: 'k.int(unit * (segment * fours + i))',
    replace: 'k.int(unit * ((this.offsets.length - 1 - segment) * fours + i))',
    tests: processor,
  },
  {
    name: 'rows-by-ids-lose-the-first',
    file: 'compiler/5-schedule/scatter-kernel.ts',
    find: 'k.and(k.lessEqual(k.int(0), id), k.less(id, height))',
    replace: 'k.and(k.less(k.int(0), id), k.less(id, height))',
    tests: processor,
  },
  {
    name: 'rows-by-ids-are-not-cleared',
    file: 'compiler/5-schedule/scatter-kernel.ts',
    find: '  writer.clear(height, { from, to, rest });\n',
    replace: '',
    tests: processor,
  },
];
