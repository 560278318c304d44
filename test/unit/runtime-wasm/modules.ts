/**
 * WebAssembly modules written byte by byte, for what no emitter would write: modules that trap, or
 * lack something, or tell what they were called with.
 */

/** Codes of the instructions that the tests use, with their operands. */
export const op = {
  unreachable: [0x00],
  end: [0x0b],
  local: (index: number): number[] => [0x20, index],
  setLocal: (index: number): number[] => [0x21, index],
  int: (value: number): number[] => [0x41, ...signed(value)],
  float: (value: number): number[] => [0x43, ...new Uint8Array(Float32Array.of(value).buffer)],
  loadInt: [0x28, 2, 0],
  loadFloat: [0x2a, 2, 0],
  storeInt: [0x36, 2, 0],
  storeFloat: [0x38, 2, 0],
  addInt: [0x6a],
  mulInt: [0x6c],
  shiftLeft: [0x74],
  addFloat: [0x92],
  mulFloat: [0x94],
  lessInt: [0x48],
  equalInt: [0x46],
  atomicAdd: [0xfe, 0x1e, 2, 0],
  atomicLoad: [0xfe, 0x10, 2, 0],
  call: (index: number): number[] => [0x10, index],
  when: (...code: readonly number[]): number[] => [0x04, 0x40, ...code, 0x0b],
  whileTrue: (condition: readonly number[]): number[] => [
    ...[0x03, 0x40],
    ...condition,
    ...[0x0d, 0, 0x0b],
  ],
} as const;

/** Parameters of an export, by position; the values of the symbols come after them. */
export const given = {
  f32Base: 0,
  i32Base: 1,
  scratch: 2,
  thread: 3,
  threads: 4,
  sync: 5,
  mayWait: 6,
  symbols: 7,
} as const;

export interface ModuleParts {
  readonly symbols?: number;
  readonly prepare?: readonly number[];
  readonly run?: readonly number[];
  readonly shared?: boolean;
  /** Imports `env.mark` as function 0. */
  readonly marks?: boolean;
  /** What `run` is exported as. */
  readonly runName?: string;
}

/** A module that keeps to the contract but for what `parts` says. */
export function moduleBytes(parts: ModuleParts = {}): Uint8Array<ArrayBuffer> {
  const { symbols = 0, prepare = [], run = [], shared = false, marks = false } = parts;
  const count = given.symbols + symbols;
  const types = [
    [0x60, count, ...new Array<number>(count).fill(0x7f), 0],
    [0x60, 1, 0x7f, 0],
  ];
  const memory = [
    ...text('env'),
    ...text('memory'),
    2,
    ...(shared ? [3, 0, 0x80, 0x80, 4] : [0, 0]),
  ];
  const mark = [...text('env'), ...text('mark'), 0, 1];
  const first = marks ? 1 : 0;
  const bodies = [prepare, run].map((code) => {
    const body = [0, ...code, ...op.end];
    return [...unsigned(body.length), ...body];
  });
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, types),
    ...section(2, marks ? [memory, mark] : [memory]),
    ...section(3, [[0], [0]]),
    ...section(7, [
      [...text('prepare'), 0, first],
      [...text(parts.runName ?? 'run'), 0, first + 1],
    ]),
    ...section(10, bodies),
  ]);
}

function section(id: number, entries: readonly (readonly number[])[]): number[] {
  const content = [...unsigned(entries.length), ...entries.flat()];
  return [id, ...unsigned(content.length), ...content];
}

function text(value: string): number[] {
  return [value.length, ...new TextEncoder().encode(value)];
}

function unsigned(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) | 128, ...unsigned(Math.floor(value / 128))];
}

function signed(value: number): number[] {
  const isLast = value >= -64 && value < 64;
  return isLast ? [value & 127] : [(value & 127) | 128, ...signed(value >> 7)];
}
