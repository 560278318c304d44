/** Merged kernels apart again, and what is constant in a kernel gone. */
import { describe, expect, test } from 'vitest';
import { tidied } from '../../../compiler/6-emit/js/tidied.ts';
import { unmerged } from '../../../compiler/6-emit/js/unmerged.ts';
import { printExpression } from '../../../compiler/kernel/print-expression.ts';
import { printStatements } from '../../../compiler/kernel/print.ts';
import { readProgram } from '../../../compiler/kernel/read-program.ts';
import { readKernel } from '../../../compiler/kernel/read.ts';
import { verifyProgram } from '../../../compiler/kernel/verify-program.ts';
import type { Program } from '../../../runtime/artifact/program.ts';
import { runJs } from '../../support/js-runs.ts';

const merged = `program merged {
  symbols B
  memory f32[16 + 16 * B] i32[4]

  tensor x: f32[8] at 0
  tensor y: f32[16 * B] at 16

  parameter x: float[8] input in x

  result y: float[16*B] in y

  kernel both workgroup(1, 1, 1) {
    buffer x: f32 read
    buffer y: f32 write
    size B
    let group: i32 = workgroup.x
    if group < 3 {
      let part: i32 = group
      y[part] = x[part]
    } else if group < 3 + B {
      let part: i32 = group - 3
      y[part + 8] = x[1]
    } else {
      let part: i32 = group - (3 + B)
      y[part + 3] = x[part]
    }
  }

  repeat turn to 1 {
    dispatch both(x: x, y: y) sizes(B: B) groups(3 + B + 5, 1, 1)
  }
}
`;

const read = (text: string): Program => verifyProgram(readProgram(text));

function groups({ steps }: Program): string[] {
  const all = steps.flatMap((step) => (step.kind === 'dispatch' ? [step] : step.body));
  return all.map((step) => `${step.kernel}: ${printExpression(step.groups[0])}`);
}

describe('merged kernels', () => {
  test('are apart, and do what they did', async () => {
    const program = read(merged);
    const apart = verifyProgram(unmerged(program));
    expect(groups(apart)).toEqual(['0: 3', '1: B', '2: 5']);
    expect(apart.kernels.map(({ body }) => printStatements(body))).toEqual([
      'let part: i32 = workgroup.x\ny[part] = x[part]',
      'let part: i32 = workgroup.x\ny[part + 8] = x[1]',
      'let part: i32 = workgroup.x\ny[part + 3] = x[part]',
    ]);
    const tensors = [Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8), new Float32Array(16)];
    const [, y] = await runJs({ program, bindings: new Map([['B', 1]]), tensors });
    expect(y).toEqual(Float32Array.of(1, 2, 3, 1, 2, 3, 4, 5, 2, 0, 0, 0, 0, 0, 0, 0));
  });

  test.each([
    ['of a part that asks for the whole count', ['y[part] = x[part]', 'y[part] = x[group % 2]']],
    ['of a part that asks for its place', ['y[part] = x[part]', 'y[part] = x[workgroup.x % 2]']],
    ['of a part that counts from elsewhere', ['group - 3\n', 'group - 2\n']],
    ['of an unknown count', ['groups(3 + B + 5', 'groups(8 + B']],
    ['of less than a size that may become smaller', ['group < 3 + B', 'group < 3 - B']],
    ['along another axis', ['+ 5, 1, 1)', '+ 5, 2, 1)']],
    ['with something after them', ['x[part]\n    }\n  }', 'x[part]\n    }\n    y[0] = 1.0\n  }']],
  ])('%s are not', (_, [from = '', to = '']) => {
    expect(merged).toContain(from);
    const program = readProgram(merged.replace(from, to));
    expect(unmerged(program).kernels).toHaveLength(1);
  });
});

test.each([
  ['y[workgroup.x * 8 + workgroup.y] = x[0]', [0], 'y[workgroup.x * 8] = x[0]'],
  ['let a: i32 = 2\nlet b: i32 = a * 3 + n\ny[b] = x[a]', [], 'let b: i32 = 6 + n\ny[b] = x[2]'],
  ['y[3 - 2147483647 * 2147483647] = x[0]', [], 'y[3 - 2147483647 * 2147483647] = x[0]'],
  ['for k = 4 to 4 {\n y[k] = 1.0\n}', [], ''],
  ['for k = 3 to 5 step 2 {\n y[k + n] = 1.0\n}', [], 'y[3 + n] = 1.0'],
  ['for k = 3 to 6 step 2 {\n y[k] = 1.0\n}', [], 'for k = 3 to 6 step 2 {\n  y[k] = 1.0\n}'],
  [
    'var a: f32 = 0.0\nvar b: f32 = 0.0\nb = a\ny[0] = b',
    [],
    'let a: f32 = 0.0\nvar b: f32 = 0.0\nb = a\ny[0] = b',
  ],
])('what is constant in %j', (body, axes, expected) => {
  const head = 'kernel k workgroup(1, 1, 1) {\nbuffer x: f32 read\nbuffer y: f32 write\nsize n\n';
  expect(printStatements(tidied(readKernel(`${head}${body}\n}`).body, axes)).trim()).toBe(expected);
});
