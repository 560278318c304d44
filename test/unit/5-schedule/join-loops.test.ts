/** Loops over one range become one, and stay apart where one could see the other's work. */
import { expect, test } from 'vitest';
import { joinLoops } from '../../../compiler/5-schedule/join-loops.ts';
import { printStatements } from '../../../compiler/kernel/print.ts';
import { readKernel } from '../../../compiler/kernel/read.ts';

function joined(text: string): string[] {
  const { body } = readKernel(`kernel k workgroup(1, 1, 1) {
  buffer a: f32 read
  buffer b: f32 read
  buffer y: f32 readWrite
  size n
${text}
}`);
  return printStatements(joinLoops(body)).split('\n');
}

const same = (text: string): string[] => text.split('\n');

test('two sums over one range share the loop, and the loads in it', () => {
  const found = joined(`  var s: f32 = 0.0
  for i = 0 to n {
    let x: f32 = a[i]
    s = s + x
  }
  var t: f32 = 1.0
  for j = 0 to n {
    let z: f32 = a[j]
    t = t * z
  }
  y[0] = s + t`);
  expect(found).toEqual([
    'var s: f32 = 0.0',
    'var t: f32 = 1.0',
    'for i = 0 to n {',
    '  let x: f32 = a[i]',
    '  s = s + x',
    '  t = t * x',
    '}',
    'y[0] = s + t',
  ]);
});

test('what only comes after the second loop stays after both', () => {
  const found = joined(`  var s: f32 = 0.0
  for i = 0 to n {
    s = s + a[i]
  }
  let half: f32 = s * 0.5
  var t: f32 = 0.0
  for j = 0 to n {
    t = t + b[j]
  }
  y[0] = half + t`);
  expect(found).toEqual([
    'var s: f32 = 0.0',
    'var t: f32 = 0.0',
    'for i = 0 to n {',
    '  s = s + a[i]',
    '  t = t + b[i]',
    '}',
    'let half: f32 = s * 0.5',
    'y[0] = half + t',
  ]);
});

test('loops in blocks are joined there, and loops in loops', () => {
  const found = joined(`  if n < 5 {
    var s: f32 = 0.0
    for i = 0 to n {
      for k = 0 to 3 {
        s = s + a[k]
      }
    }
    var t: f32 = 0.0
    for j = 0 to n {
      for l = 0 to 3 {
        t = t + b[l]
      }
    }
    y[0] = s + t
  }`);
  expect(found).toEqual([
    'if n < 5 {',
    '  var s: f32 = 0.0',
    '  var t: f32 = 0.0',
    '  for i = 0 to n {',
    '    for k = 0 to 3 {',
    '      s = s + a[k]',
    '      t = t + b[k]',
    '    }',
    '  }',
    '  y[0] = s + t',
    '}',
  ]);
});

const apart: Record<string, string> = {
  'over other ranges': `var s: f32 = 0.0
for i = 0 to n {
  s = s + a[i]
}
var t: f32 = 0.0
for j = 0 to n step 2 {
  t = t + a[j]
}`,
  'where one ends later': `var s: f32 = 0.0
for i = 0 to n {
  s = s + a[i]
}
var t: f32 = 0.0
for j = 0 to n + 1 {
  t = t + a[j]
}`,
  'where one begins later': `var s: f32 = 0.0
for i = 0 to n {
  s = s + a[i]
}
var t: f32 = 0.0
for j = 1 to n {
  t = t + a[j]
}`,
  'where the second needs the sum of the first': `var s: f32 = 0.0
for i = 0 to n {
  s = s + a[i]
}
var t: f32 = 0.0
for j = 0 to n {
  t = t + a[j] * s
}`,
  'where the second needs it by way of another value': `var s: f32 = 0.0
for i = 0 to n {
  s = s + a[i]
}
let mean: f32 = s * 0.5
var t: f32 = 0.0
for j = 0 to n {
  t = t + a[j] * mean
}`,
  'where the first sees what the second changes': `var s: f32 = 0.0
var t: f32 = 0.0
for i = 0 to n {
  s = s + t
}
for j = 0 to n {
  t = t + a[j]
}`,
  'where a value in between sees what the second changes': `var s: f32 = 0.0
var t: f32 = 0.0
for i = 0 to n {
  s = s + a[i]
}
let before: f32 = t
for j = 0 to n {
  t = t + b[j]
}
y[0] = before`,
  'where one stores': `for i = 0 to n {
  y[i] = a[i]
}
var t: f32 = 0.0
for j = 0 to n {
  t = t + a[j]
}`,
  'where something is stored in between': `var s: f32 = 0.0
for i = 0 to n {
  s = s + a[i]
}
y[0] = s
var t: f32 = 0.0
for j = 0 to n {
  t = t + y[j]
}`,
};

test.each(Object.entries(apart))('loops stay apart %s', (_, text) => {
  expect(joined(text)).toEqual(same(text));
});

test('equal lets stay two where what they read changes in between', () => {
  const found = joined(`  var s: f32 = 0.0
  for i = 0 to n {
    s = s + a[i]
  }
  var t: f32 = 0.0
  for j = 0 to n {
    let old: f32 = t * 2.0
    t = t + old
    let new: f32 = t * 2.0
    t = t + new
  }`);
  expect(found).toEqual([
    'var s: f32 = 0.0',
    'var t: f32 = 0.0',
    'for i = 0 to n {',
    '  s = s + a[i]',
    '  let old: f32 = t * 2.0',
    '  t = t + old',
    '  let new: f32 = t * 2.0',
    '  t = t + new',
    '}',
  ]);
});
