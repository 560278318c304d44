/** Each construct of the language, in each surface, to its tree. */
import { describe, expect, it } from 'vitest';
import { parseSpec, surfaceOf } from '../../../compiler/1-parse/parse-spec.ts';
import { sameTree } from '../../../compiler/ast/equal.ts';
import type { Expression } from '../../../compiler/ast/types.ts';
import { tree } from '../../support/specs.ts';

/** An expression without spans, as nested arrays: easier to read than the tree. */
function shape(e: Expression): unknown {
  switch (e.kind) {
    case 'number':
    case 'string':
      return e.value;
    case 'reference':
      return e.name;
    case 'timed':
      return `${e.name.text}@${String(e.offset)}`;
    case 'unary':
      return ['neg', shape(e.operand)];
    case 'binary':
      return [e.operator, shape(e.left), shape(e.right)];
    case 'call':
      return [
        `${e.callee.text}()`,
        ...e.arguments.map((a) => (a.name ? [`${a.name.text}=`, shape(a.value)] : shape(a.value))),
      ];
    case 'product':
      return [`${e.weight.text}[]`, ...e.operands.map(shape)];
    case 'list':
      return ['list', ...e.items.map(shape)];
    case 'pipeline':
      return ['->', ...e.stages.map(shape)];
    case 'broken':
      return '?';
    default:
      return e satisfies never;
  }
}

function expression(text: string): unknown {
  const [cell] = tree(`cell c { emit ${text}\n}`).definitions;
  const [emit] = cell?.statements ?? [];
  return emit?.kind === 'emit' ? shape(emit.value) : undefined;
}

describe('expressions', () => {
  it.each<[string, unknown]>([
    ['a -> b -> c', ['->', 'a', 'b', 'c']],
    ['a -> (b -> c)', ['->', 'a', ['->', 'b', 'c']]],
    ['a + b * c - d', ['-', ['+', 'a', ['*', 'b', 'c']], 'd']],
    ['a - b - c', ['-', ['-', 'a', 'b'], 'c']],
    ['a ^ b ^ c', ['^', 'a', ['^', 'b', 'c']]],
    ['-a ^ 2', ['neg', ['^', 'a', 2]]],
    ['(-a) ^ 2', ['^', ['neg', 'a'], 2]],
    ['2 ^ -a ^ 2', ['^', 2, ['neg', ['^', 'a', 2]]]],
    ['-a * b', ['*', ['neg', 'a'], 'b']],
    ['- -a', ['neg', ['neg', 'a']]],
    ['a + 1 == b', ['==', ['+', 'a', 1], 'b']],
    ['c<t-1> * x<t>', ['*', 'c@-1', 'x@0']],
    ['c< t - 12 > + x<t+1>', ['+', 'c@-12', 'x@1']],
    ['c < t', ['<', 'c', 't']],
    ['c<t', ['<', 'c', 't']],
    ['c <t> 3', ['>', ['<', 'c', 't'], 3]],
    ['Wu[c<t-1>, x<t>] + bu', ['+', ['Wu[]', 'c@-1', 'x@0'], 'bu']],
    ['f([a, b], k = [c])', ['f()', ['list', 'a', 'b'], ['k=', ['list', 'c']]]],
    ['f(a == b, k = c,)', ['f()', ['==', 'a', 'b'], ['k=', 'c']]],
    ['f()', ['f()']],
    ['"a\\"b\\u{41}\\n"', 'a"bA\n'],
    ['1e-5 + .5 + 10_000', ['+', ['+', 1e-5, 0.5], 10_000]],
    ['1e12 * 1e999', ['*', 1e12, Infinity]],
    ['a → b − 1', ['->', 'a', ['-', 'b', 1]]],
    ['state + input2 + emit', ['+', ['+', 'state', 'input2'], 'emit']],
    ['f(layer = loss, train)', ['f()', ['layer=', 'loss'], 'train']],
  ])('%s', (text, expected) => {
    expect(expression(text)).toEqual(expected);
  });
});

describe('statements', () => {
  it('need no separators, and go on after a line break', () => {
    const spread = tree('cell c(n)\n{ state c: [n]\na = b\n + 1 c<t>\n=\na emit\nc<t> }');
    const plain = tree('cell c(n) { state c: [n] a = b + 1 c<t> = a emit c<t> }');
    expect(sameTree(spread, plain)).toBe(true);
  });

  it('tell a product from a list on the next line', () => {
    const [cell] = tree('cell c { emit Wu\n layout l(a = [b]) }').definitions;
    expect(cell?.statements.map((s) => s.kind)).toEqual(['emit', 'layout']);
  });

  it('give one declaration for each name', () => {
    const several = tree('cell c { state a: [n], b weight p = zeros, q: [2] }');
    const single = tree('cell c { state a: [n] state b weight p = zeros weight q: [2] }');
    expect(sameTree(several, single)).toBe(true);
  });

  it('take words of the language as names where they are none', () => {
    const file = tree(`model layer(state, weight = 2) {
  input input: [T]
  input state1: [T]
  state = input
  weight = state
  output output = weight -> layer(emit)
  layer = output
  output loss2 = layer -> cell
}`);
    const [model] = file.definitions;
    expect(model?.kind === 'model' && model.statements.map((s) => s.kind)).toEqual([
      'input',
      'input',
      ...['binding', 'binding', 'binding', 'binding', 'binding'],
    ]);
  });

  it('know `[T, D]` as floats, and `else if` as an if in the else', () => {
    expect(
      sameTree(tree('layer l { input x: [T, D] }'), tree('layer l { input x: float[T, D] }')),
    ).toBe(true);
    expect(
      sameTree(
        tree('cell c { if a { } else if b { emit x } else { emit y } }'),
        tree('cell c { if a { } else { if b { emit x } else { emit y } } }'),
      ),
    ).toBe(true);
  });

  it('hold optimizer and settings of train', () => {
    const [model] = tree('model m { train batch = 3 train adam(), epochs = 2 }').definitions;
    const [first, second] = model?.statements ?? [];
    if (first?.kind !== 'train' || second?.kind !== 'train') throw new Error('no train');
    expect(first.optimizer).toBeUndefined();
    expect(second.optimizer?.kind).toBe('call');
    expect(second.settings.map((s) => s.name?.text)).toEqual(['epochs']);
  });
});

describe('files', () => {
  it('hold imports and definitions', () => {
    const file = tree('import "a.gate" import { Gu, b } from "b.gate"\nmodel m { } cell c { }');
    expect(file.imports.map((i) => [i.path.text, i.names?.map((n) => n.text)])).toEqual([
      ['a.gate', undefined],
      ['b.gate', ['Γu', 'b']],
    ]);
    expect(file.definitions.map((d) => d.name.text)).toEqual(['m', 'c']);
  });

  it('may be a bare pipeline, which is the model main with the output y', () => {
    const [model] = tree('# a comment\nlstm(8)\n  -> softmax').definitions;
    if (model?.kind !== 'model') throw new Error('no model');
    expect([model.name.text, model.bare, model.statements.length]).toEqual(['main', true, 1]);
    const [output] = model.statements;
    if (output?.kind !== 'binding') throw new Error('no output');
    expect([output.name.text, output.output]).toEqual(['y', true]);
    expect(shape(output.value)).toEqual(['->', ['lstm()', 8], 'softmax']);
  });

  it.each([
    ['lstm(8) -> relu', 'pipeline'],
    ['# model m { }\nlstm', 'pipeline'],
    ['cell(8) -> relu', 'pipeline'],
    ['x == y', 'pipeline'],
    ['model m { }', 'gate'],
    ['import "x"', 'gate'],
    ['modle m {', 'gate'],
    ['a = b', 'gate'],
    ['c<t> = b', 'gate'],
    ['', 'gate'],
  ])('%s is a %s', (text, surface) => {
    expect(surfaceOf({ name: 'spec', text })).toBe(surface);
    expect(surfaceOf({ name: 'spec.yml', text })).toBe('yaml');
  });

  it('can be told their surface', () => {
    const text = '- lstm(8)';
    expect(parseSpec({ name: 'x', text }, { surface: 'yaml' }).diagnostics).toEqual([]);
    const negated = parseSpec({ name: 'x', text }).file?.definitions[0]?.statements[0];
    expect(negated?.kind === 'binding' && shape(negated.value)).toEqual(['neg', ['lstm()', 8]]);
  });

  it('keep their comments, and what stands before them', () => {
    const { comments } = tree('# one\nmodel m { #two\n  output y = x #  three \n}\n#');
    expect(comments.map((c) => [c.text, c.trailing])).toEqual([
      ['one', false],
      ['two', true],
      ['three', true],
      ['', false],
    ]);
  });

  it('point back into the text', () => {
    const text = 'model m { output y = (x -> lstm(8)) * 2 }';
    const [model] = tree(text).definitions;
    const [output] = model?.statements ?? [];
    if (output?.kind !== 'binding' || output.value.kind !== 'binary') throw new Error('no product');
    const cut = ({ start, end }: { start: number; end: number }): string => text.slice(start, end);
    expect(cut(output.span)).toBe('output y = (x -> lstm(8)) * 2');
    expect(cut(output.value.span)).toBe('(x -> lstm(8)) * 2');
    expect(cut(output.value.left.span)).toBe('(x -> lstm(8))');
  });
});
