/**
 * Laws of what is written once in JavaScript rather than again and again: stores that copy numbers
 * at even distances, and rows that are done several at a time and then one by one. Near misses of
 * both, too, leave in memory what they left before.
 */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { rerolled } from '../../compiler/6-emit/js/rerolled.ts';
import { rowsOneByOne } from '../../compiler/6-emit/js/rows-one-by-one.ts';
import { freshNames, namesIn } from '../../compiler/kernel/fresh-names.ts';
import { printKernel, printStatements } from '../../compiler/kernel/print.ts';
import { readKernel } from '../../compiler/kernel/read.ts';
import { verifyKernel } from '../../compiler/kernel/verify.ts';
import { drawer } from '../../compiler/verify/arrays.ts';
import type { Kernel } from '../../runtime/artifact/kernel.ts';
import { compileFunctions } from '../../runtime/interpreter/compile-functions.ts';
import { compileKernel } from '../../runtime/interpreter/compile-kernel.ts';

const length = 512;
const head = `kernel repeats workgroup(1, 1, 1) {
  buffer x: f32 read
  buffer y: f32 readWrite
  size n
  size m
`;

function left(kernel: Kernel, sizes: readonly number[]): readonly Float32Array[] {
  const draw = drawer(5);
  const tensors = kernel.buffers.map(() => Float32Array.from({ length }, draw));
  const dispatch = { kernel: 0, tensors: [], sizes, step: 0, groups: [1, 1, 1] } as const;
  compileKernel(kernel, compileFunctions([]), {})(dispatch, tensors);
  return tensors;
}

/** Mostly what it should be. */
function nearly<T>(usual: T, ...others: readonly T[]): fc.Arbitrary<T> {
  return fc.oneof(
    { arbitrary: fc.constant(usual), weight: 30 },
    { arbitrary: fc.constantFrom(usual, ...others), weight: 1 },
  );
}

const sizes = fc.tuple(fc.nat({ max: 13 }), fc.nat({ max: 3 }));
const numRuns = Number(process.env['RUNS'] ?? 400);

const copies = fc
  .record({
    count: fc.integer({ min: 2, max: 8 }),
    from: fc.constantFrom('x', 'y'),
    loadStep: fc.nat({ max: 7 }),
    storeStep: fc.nat({ max: 3 }),
  })
  .chain(({ count, from, loadStep, storeStep }) =>
    fc.tuple(
      ...Array.from({ length: count }, (_, i) =>
        fc
          .record({
            load: nearly(i * loadStep, 1),
            store: nearly(i * storeStep, 2),
            memory: nearly(from, 'x', 'y'),
            isApart: fc.boolean(),
          })
          .map(({ load, store, memory, isApart }) => {
            const index = isApart ? `(n + ${load}) * 4 - n * 3 - ${3 * load}` : `n + ${load}`;
            return `let a${i}: i32 = ${index}\n  y[n + ${store}] = ${memory}[a${i} + m]`;
          }),
      ),
    ),
  )
  .map((lines) => readKernel(`${head}${lines.join('\n')}\n}`));

test('copies at even distances', () => {
  let rolled = 0;
  const law = fc.property(copies, sizes, (kernel, values) => {
    verifyKernel(kernel, []);
    const body = rerolled(kernel.body, freshNames(namesIn(kernel.body)));
    const changed = { ...kernel, body };
    expect(left(changed, values), printKernel(changed)).toEqual(left(kernel, values));
    if (printStatements(body).includes('for')) rolled++;
  });
  fc.assert(law, { seed: 46, numRuns });
  expect(rolled).toBeGreaterThan(numRuns / 4);
});

interface Row {
  readonly offset: number;
  readonly factor: string;
  readonly start: string;
  readonly turns: number;
  readonly at: number;
  readonly memory: string;
}

function row(tag: string, j: string, { offset, factor, start, turns, at, memory }: Row): string {
  return `
    var sum${tag}: f32 = ${start}
    let i${tag}: i32 = (${j} + ${offset}) * 8
    for k${tag} = 0 to ${turns} {
      let v${tag}: f32 = ${memory}[i${tag} + k${tag}]
      sum${tag} = sum${tag} * ${factor} + v${tag}
    }
    let r${tag}: f32 = sum${tag} * 2.0
    let s${tag}: i32 = ${j} + ${at}`;
}

const rowOf = (position: number): fc.Arbitrary<Row> =>
  fc.record({
    offset: nearly(position, position + 1),
    factor: nearly('0.5', '0.25', '-0.5'),
    start: nearly('0.0', '-0.0', '1.0'),
    turns: nearly(3, 2),
    at: nearly(position, 0),
    memory: nearly('x', 'y'),
  });

const rows = fc
  .record({ rows: fc.constantFrom(2, 4, 8, 3), early: fc.boolean(), from: nearly(0, 4, 8, 1, 2) })
  .chain(({ rows, early, from }) =>
    fc
      .record({
        whole: nearly(`n - n % ${rows}`, 'n', `n / ${rows} * ${rows}`, `n - n % ${2 * rows}`),
        all: fc.tuple(...Array.from({ length: rows }, (_, i) => rowOf(i))),
        rest: rowOf(0),
        then: nearly('whole', 'whole + 1', 'm'),
      })
      .map(({ whole, all, rest, then }) => {
        const stores = all.map((_, i) => `y[s_${i}] = r_${i}`);
        const parts = all.map(
          (one, i) => row(`_${i}`, 'j', one) + (early ? `\n${stores[i] ?? ''}` : ''),
        );
        return readKernel(`${head}
  let whole: i32 = ${whole}
  for j = ${from} to whole step ${rows} {${parts.join('')}
    ${early ? '' : stores.join('\n')}
  }
  for l = ${then} to n {${row('', 'l', rest)}
    y[s] = r
  }
}`);
      }),
  );

test('rows several at a time', () => {
  let joined = 0;
  const law = fc.property(rows, sizes, (kernel, values) => {
    verifyKernel(kernel, []);
    const body = rowsOneByOne(kernel.body);
    const changed = { ...kernel, body };
    expect(left(changed, values), printKernel(changed)).toEqual(left(kernel, values));
    if (body.length < kernel.body.length) joined++;
  });
  fc.assert(law, { seed: 47, numRuns });
  expect(joined).toBeGreaterThan(numRuns / 10);
});
