/**
 * Recurrent cells for random specs: a call of any cell of the standard library, and cells whose
 * equations are random. A drawn cell is data; `cellText` writes its definition. All equations are
 * well typed by construction: values are `n` or `m` wide, and only equal widths meet.
 */
import fc from 'fast-check';

/** `gru(2, reset = after)` without its width. */
export interface CellCall {
  /** A name of specs/std, or the number of a cell that the spec defines. */
  readonly cell: string | number;
  readonly options: readonly string[];
}

const activations = ['tanh', 'relu', 'sigmoid', 'softsign', 'gelu', 'elu', 'hardTanh', 'identity'];

const open = fc.constantFrom<string[]>([], ['forget = 0.5']);

const calls: fc.Arbitrary<CellCall>[] = [
  fc.record({ cell: fc.constant('rnn'), options: fc.constant([]) }),
  fc.record({
    cell: fc.constant('rnn'),
    options: fc.constantFrom(...activations).map((a) => [`activation = ${a}`]),
  }),
  fc.record({ cell: fc.constant('simpleGru'), options: fc.constant([]) }),
  fc.record({
    cell: fc.constant('gru'),
    options: fc.constantFrom([], ['reset = before'], ['reset = after']),
  }),
  ...['lstm', 'slideLstm', 'coupledLstm'].map((cell) =>
    fc.record({ cell: fc.constant(cell), options: open }),
  ),
  fc.record({
    cell: fc.constant('peephole'),
    options: fc.constantFrom([], ['connections = full'], ['connections = diagonal']),
  }),
];

export const cellCall: fc.Arbitrary<CellCall> = fc.oneof({ withCrossShrink: true }, ...calls, {
  weight: 4,
  arbitrary: fc.record({ cell: fc.nat(2), options: fc.constant([]) }),
});

type Wide = 'n' | 'm';

interface Equation {
  readonly form: 'gate' | 'candidate' | 'scaled' | 'sum' | 'product' | 'blend' | 'difference';
  readonly wide: Wide;
  readonly activation: string;
  readonly picks: readonly number[];
}

export interface UserCell {
  readonly states: readonly Wide[];
  readonly equations: readonly Equation[];
  readonly nexts: readonly { readonly form: 'plain' | 'tanh' | 'blend'; readonly pick: number }[];
  readonly emit: number;
  /** Whether the last equation stands in both branches of a condition. */
  readonly branches: boolean;
}

const wide = fc.constantFrom<Wide[]>('n', 'm');

export const userCell: fc.Arbitrary<UserCell> = fc.record({
  states: fc.array(wide, { maxLength: 2 }).map((more): Wide[] => ['n', ...more]),
  equations: fc.array(
    fc.record({
      form: fc.constantFrom<Equation['form'][]>(
        'gate',
        'candidate',
        'scaled',
        'sum',
        'product',
        'blend',
        'difference',
      ),
      wide,
      activation: fc.constantFrom('tanh', 'sigmoid', 'sin', 'softsign', 'gelu', 'relu'),
      picks: fc.array(fc.nat(20), { minLength: 3, maxLength: 3 }),
    }),
    { maxLength: 4 },
  ),
  nexts: fc.array(
    fc.record({
      form: fc.constantFrom<UserCell['nexts'][0]['form'][]>('tanh', 'blend', 'plain'),
      pick: fc.nat(20),
    }),
    { minLength: 3, maxLength: 3 },
  ),
  emit: fc.nat(20),
  branches: fc.boolean(),
});

interface Known {
  readonly text: string;
  readonly wide: Wide;
}

/** The definition `cell NAME(n, m = 2, form = one) { … }`. */
export function cellText(name: string, cell: UserCell): string {
  const known: Known[] = cell.states.map((w, i) => ({ text: `s${i}<t-1>`, wide: w }));
  const lines = cell.states.map((w, i) => `state s${i}: [${w}]`);
  cell.equations.forEach((equation, i) => {
    const target = equation.form === 'gate' ? `Γ${i}` : `v${i}`;
    const value = equationText(equation, i, known, lines);
    if (cell.branches && i === cell.equations.length - 1) {
      lines.push(
        'if form == one {',
        `  ${target} = ${value}`,
        '} else {',
        `  ${target} = 2 * (${value})`,
        '}',
      );
    } else {
      lines.push(`${target} = ${value}`);
    }
    known.push({ text: target, wide: equation.wide });
  });
  cell.states.forEach((w, i) => {
    const { form, pick } = cell.nexts[i] ?? { form: 'tanh', pick: i };
    const value = picked(known, w, pick) ?? `s${i}<t-1>`;
    lines.push(`s${i}<t> = ${nextText(form, value, i)}`);
    known.push({ text: `s${i}<t>`, wide: w });
  });
  lines.push(`emit ${picked(known, 'n', cell.emit) ?? 's0<t>'}`);
  const body = lines.map((line) => `  ${line}`).join('\n');
  const form = cell.branches && cell.emit % 2 === 1 ? 'two' : 'one';
  return `cell ${name}(n, m = 2, form = ${form}) {\n${body}\n}\n`;
}

function picked(known: readonly Known[], w: Wide, index: number): string | undefined {
  const fitting = known.filter((k) => k.wide === w);
  return fitting[index % Math.max(1, fitting.length)]?.text;
}

/** The right-hand side; weights that it needs are declared in `lines`. */
function equationText(e: Equation, i: number, known: readonly Known[], lines: string[]): string {
  const [p = 0, q = 0, r = 0] = e.picks;
  const [x, y, z] = [p, q, r].map((index) => picked(known, e.wide, index));
  if (x !== undefined && y !== undefined && z !== undefined) {
    if (e.form === 'sum') return `${x} + ${y}`;
    if (e.form === 'difference') return `-${x} - ${y} / 2 + 0.25`;
    if (e.form === 'product') return `${x} * ${y}`;
    if (e.form === 'blend') return `σ(${x}) * ${y} + (1 - σ(${x})) * ${z}`;
    if (e.form === 'scaled') {
      lines.push(`weight p${i}: [${e.wide}] = uniform(-1, 1)`);
      return `p${i} * ${x} + ${0.5 * q}`;
    }
  }
  return `${e.form === 'gate' ? 'σ' : e.activation}(${productText(e, i, known, lines)})`;
}

/**
 * `W[…] + b`. The rows of W are declared, or follow from a vector that is; its columns always
 * follow.
 */
function productText(e: Equation, i: number, known: readonly Known[], lines: string[]): string {
  const [p = 0, q = 0, r = 0] = e.picks;
  const other = known[p % known.length] ?? { text: 's0<t-1>', wide: 'n' };
  const bias = r % 3 === 0 ? '' : ` + b${i}`;
  if (q % 3 === 0) {
    lines.push(`weight W${i}: [${e.wide}, ${other.wide} + width(x)]`);
    return `W${i}[${other.text}, x<t>]${bias}`;
  }
  lines.push(`weight k${i}: [${e.wide}] = constant(0.3)`);
  return `W${i}[${q % 3 === 1 ? 'x<t>' : `${other.text}, x<t>`}]${bias} + k${i}`;
}

function nextText(form: UserCell['nexts'][0]['form'], value: string, i: number): string {
  if (form === 'plain') return value;
  return form === 'tanh' ? `tanh(${value})` : `0.5 * ${value} + 0.5 * s${i}<t-1>`;
}
