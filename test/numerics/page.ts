/** specs/numerics.md, written from the record and from nothing else. */
import { readRecord, readSums, type SubjectRecord } from './record.ts';
import { binarySubjects, unarySubjects, type Subject } from './subjects.ts';
import { sumSizes, type SumsRecord } from './sums.ts';
import type { Finding, Tally, Worst } from './tally.ts';
import { wgslBounds, wgslSection } from './wgsl-bounds.ts';

/** Ops that move, choose or count and so round nothing; what proves it beside them. */
export const exactOps: Readonly<Record<string, string>> = {
  constant: 'the nearest f32 of the number in the spec',
  size: 'exact below 2^24',
  iota: 'whole numbers',
  random: 'the same bits on every backend (Threefry)',
  ...Object.fromEntries(['not', 'and', 'or'].map((op) => [op, 'bools'])),
  ...Object.fromEntries(
    [
      ...['select', 'stopGradient', 'broadcast', 'reshape', 'transpose', 'concat', 'slice', 'pad'],
      ...['reverse', 'gather'],
    ].map((op) => [op, 'moves numbers']),
  ),
  reduceMax: 'chooses a number',
  argMax: 'chooses a place',
  scan: 'runs the other ops',
};

export function pageOf(): string {
  return [
    head,
    section('Ops of one number', ofOneNumber, subjectTable(unarySubjects)),
    section('Ops of two numbers', ofTwoNumbers, subjectTable(binarySubjects)),
    section('On GPUs', onGpus, gpuTable()),
    section('Below the normal numbers', belowNormal, subnormalTable()),
    section('Sums', ofSums, sumsTable(readSums())),
    section('Ops that round nothing', roundsNothing, exactTable()),
    differences(),
  ].join('\n');
}

const head = `# How exact the numbers are

Written by \`npx tsx test/numerics/measure.ts\` from what it measured; do not edit. The full
figures, with the argument at which each was found, are in \`test/numerics/measured/\`.

An error is |found - exact| in ulp, the distance of neighbouring f32 around the exact value (2^-149
below the normal numbers). Exact values are those of the interpreter in f64; its own error is below
2^-24 ulp of an f32. "Rounded" means that every result was the exact value rounded to nearest, which
is at most 0.5 ulp off, "exact" that there was nothing to round; "or flushed" sends to the table of
what is below the normal numbers.

- **Wasm simd**: WebAssembly with vectors and without fused multiply-adds. The scalar form and the
  interpreter of kernels give the same bits (\`test/numerics/backends-agree.test.ts\`).
- **Wasm relaxed**: multiply-adds are fused where the machine does so, as it did here; where it does
  not, the bits are those of simd.
- **WebGPU**: on a driver in software, SwiftShader. Others round otherwise, within the bounds of WGSL:
  see the section on GPUs.
- **Interpreter f32**: the f64 value of each op, rounded once
  (\`test/numerics/backends-agree.test.ts\`).
- **WGSL's bound**: what WebGPU promises of its own operation: [${wgslSection.title}](${wgslSection.url}).
  Functions such as exp are not WebGPU's but formulas of ours, made of its sums, products and
  quotients; the bound of its own stands there for comparison. It may also take any result that is
  no normal number for 0, and assume that there are no infinities and no NaN.
`;

const ofOneNumber = `On Wasm all 2^32 numbers there are, on WebGPU every 257th. sin and cos are meant for |x| up to 12867;
beyond that their results were only seen to stay within [-1, 1]. decay is e^-x for x from 0 on, of
which sigmoid, tanh and softplus are made.`;

const ofTwoNumbers = `Pairs drawn by a seed, 67 million on Wasm and 4 million on WebGPU: any bits at all, numbers close to
each other, numbers of ordinary size, products and quotients about the ends of the range, powers that
neither overflow nor vanish; and all pairs of some special numbers.`;

const onGpus = `The same numbers as for WebGPU above. Sums and products may be fused there, so that formulas round
otherwise. Of a quotient WGSL says nothing where the divisor is above 2^126 or below 2^-126.`;

const belowNormal = `Numbers below 2^-126 that are not 0. "Flushed": how many results were 0 instead, or those of operands
that had been taken for 0, as WGSL allows throughout; and the largest error of the other results
there, in units of 2^-149. Ops that are not listed gave the rounded value. The formulas of decay,
sigmoid and softplus give 0 there by design. "Small" is the largest error in ulp for operands below
2^-120 on WebGPU, where a step on the way to a normal number may be lost; it is left out above.`;

const ofSums = `Sums of n numbers, and products of matrices over n terms. The error is given in multiples of u Σ|terms|,
u = 2^-24; an order of summation that is no good could reach n. "either" are numbers of either sign,
drawn from [-1, 1), "positive" from [0, 1). What is long is summed in parts.`;

const roundsNothing = 'Their results are the same on all backends.';

function section(title: string, text: string, table: readonly string[]): string {
  return [`## ${title}`, '', text, '', ...table, ''].join('\n');
}

type Row = readonly string[];

function subjectTable(subjects: readonly Subject[]): readonly string[] {
  const header = ['op', 'Wasm simd', 'at', 'Wasm relaxed', 'WebGPU', 'interpreter f32'];
  const rows = subjects.map((subject): Row => {
    const record = readRecord(subject);
    const bound = wgslBounds[subject.name] ?? '';
    if (record === undefined) return [`\`${subject.name}\``, 'not measured', '', '', '', '', bound];
    const { simd, relaxed } = record.wasm;
    const cell = (tally: Tally): string => errorCell(record, tally);
    const place = simd.worst === undefined ? '' : simd.worst.operands.join(', ');
    const [first] = record.webgpu ?? [];
    const webgpu = first === undefined ? 'not measured' : cell(first.tally);
    // The interpreter runs ops, and decay is none.
    const f32 = subject.name === 'decay' ? '' : record.exact ? 'exact' : 'rounded';
    return [`\`${subject.name}\``, cell(simd), place, cell(relaxed), webgpu, f32, bound];
  });
  return table([...header, "WGSL's bound"], rows);
}

/** Of adapters after the first, which is in software; what they all round is left out. */
function gpuTable(): readonly string[] {
  const rows = [...unarySubjects, ...binarySubjects].flatMap((subject) => {
    const record = readRecord(subject);
    if (record === undefined) return [];
    const [, ...gpus] = record.webgpu ?? [];
    return gpus.flatMap(({ adapter, tally }): Row[] => {
      const { worst } = tally;
      if (worst === undefined) return [];
      return [
        [`\`${subject.name}\``, adapter, errorCell(record, tally), worst.operands.join(', ')],
      ];
    });
  });
  return rows.length === 0 ? ['Not measured yet.'] : table(['op', 'adapter', 'error', 'at'], rows);
}

function errorCell({ exact }: SubjectRecord, { worst, misrounded }: Tally): string {
  if (worst !== undefined) return ulps(worst.error);
  const all = exact ? 'exact' : 'rounded';
  return misrounded > 0 ? `${all} or flushed` : all;
}

/** Upwards, so that it is a bound. */
function ulps(error: number): string {
  return (Math.ceil(error * 1000) / 1000).toFixed(3);
}

function subnormalTable(): readonly string[] {
  const rows = measuredTallies().flatMap(({ name, backend, tally }): Row[] => {
    const { flushed, worstSubnormal, worstOfSmall } = tally;
    if (flushed === 0 && worstSubnormal === undefined && worstOfSmall === undefined) return [];
    const error = (worst: Worst | undefined): string =>
      worst === undefined ? '' : ulps(worst.error);
    const zeros = flushed === 0 ? '' : count(flushed);
    return [[`\`${name}\``, backend, zeros, error(worstSubnormal), error(worstOfSmall)]];
  });
  return table(['op', 'backend', 'flushed', 'error of others', 'small'], rows);
}

function sumsTable(record: SumsRecord | undefined): readonly string[] {
  const backends = ['wasm simd', 'wasm relaxed', 'webgpu', 'interpreter f32'];
  const rows = (record?.rows ?? []).map(({ op, signs, shape, n, errors }): Row => {
    const cells = backends.map((name) => errors[name]?.toFixed(2) ?? 'not measured');
    return [`\`${op}\``, signs, shape, String(n), ...cells];
  });
  const titles = ['Wasm simd', 'Wasm relaxed', 'WebGPU', 'interpreter f32'];
  return rows.length === 0
    ? [`Not measured yet (n = ${sumSizes.join(', ')}).`]
    : table(['op', 'signs', 'operands', 'n', ...titles], rows);
}

function exactTable(): readonly string[] {
  const rows = Object.entries(exactOps).map(([op, why]): Row => [`\`${op}\``, why]);
  return table(['op', 'why'], rows);
}

/** NaN and infinity where the exact result is none, and signs of zeros. */
function differences(): string {
  const lines = measuredTallies().flatMap(({ name, backend, tally }) => {
    const { disagreements, listed, zeroSigns } = tally;
    const examples = listed.map((finding) => `  - ${sentence(name, finding)}`);
    return [
      ...(zeroSigns === 0
        ? []
        : [`- \`${name}\`, ${backend}: a zero of the other sign, ${count(zeroSigns)} times.`]),
      ...(disagreements === 0
        ? []
        : [`- \`${name}\`, ${backend}: ${count(disagreements)} results, such as`, ...examples]),
    ];
  });
  const text = `Results that are NaN or infinite where the exact one is not, or the other way round, results of
sin and cos outside of [-1, 1], and zeros of the wrong sign.`;
  const found = lines.length === 0 ? ['There were none.'] : lines;
  return ['## Infinities, NaN and zeros', '', text, '', ...found, ''].join('\n');
}

function sentence(name: string, { operands, found, exact }: Finding): string {
  return `${name}(${operands.join(', ')}) = ${found}, exactly ${exact}`;
}

interface Measured {
  readonly name: string;
  readonly backend: string;
  readonly tally: Tally;
}

function measuredTallies(): readonly Measured[] {
  return [...unarySubjects, ...binarySubjects].flatMap((subject): Measured[] => {
    const record = readRecord(subject);
    if (record === undefined) return [];
    const { name } = subject;
    const { wasm, webgpu = [] } = record;
    return [
      { name, backend: 'Wasm simd', tally: wasm.simd },
      { name, backend: 'Wasm relaxed', tally: wasm.relaxed },
      ...webgpu.map(({ adapter, tally }, i) => ({
        name,
        backend: i === 0 ? 'WebGPU' : adapter,
        tally,
      })),
    ];
  });
}

function count(n: number): string {
  return n.toLocaleString('en-US');
}

function table(header: Row, rows: readonly Row[]): readonly string[] {
  const widths = header.map((_, i) =>
    Math.max(...[header, ...rows].map((row) => (row[i] ?? '').length)),
  );
  const line = (row: Row): string =>
    `| ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`;
  return [line(header), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)];
}
