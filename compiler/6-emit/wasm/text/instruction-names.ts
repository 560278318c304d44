/** Instructions as the text format has them (WebAssembly 2.0 §6.5): `i32LtS` is `i32.lt_s`. */
import { present } from '../../../base/bug.ts';
import { op } from '../opcodes.ts';

type Name = keyof typeof op;

/** Those that the rule below does not spell: `opcodes.ts` is shorter. */
const irregular: Partial<Record<Name, string>> = {
  f32ConvertI32: 'f32.convert_i32_s',
  i32TruncSatF32: 'i32.trunc_sat_f32_s',
  f32x4ConvertI32x4: 'f32x4.convert_i32x4_s',
  i32x4TruncSatF32x4: 'i32x4.trunc_sat_f32x4_s',
  atomicNotify: 'memory.atomic.notify',
  atomicWait32: 'memory.atomic.wait32',
  i32AtomicLoad: 'i32.atomic.load',
  i32AtomicAdd: 'i32.atomic.rmw.add',
  i32AtomicAnd: 'i32.atomic.rmw.and',
  i32AtomicOr: 'i32.atomic.rmw.or',
};

const prefixed = /^(i8x16|i32x4|f32x4|v128|i32|i64|f32|local|global|memory)(?=[A-Z])/;

const names: ReadonlyMap<number, string> = new Map(
  Object.entries(op).map(([name, code]) => {
    return [code, irregular[name as Name] ?? name.replace(prefixed, '$1.').replace(/[A-Z]/g, low)];
  }),
);

/** A capital begins a word, but for the first after a point. */
function low(capital: string, at: number, whole: string): string {
  return (whole.charAt(at - 1) === '.' ? '' : '_') + capital.toLowerCase();
}

export function nameOf(code: number): string {
  return present(names.get(code), `the name of instruction ${code}`);
}
