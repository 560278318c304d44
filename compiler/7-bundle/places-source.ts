/** Where a program keeps its parameters and results, as the source of what a bundle reads. */
import type { Expression } from '../../runtime/artifact/kernel.ts';
import type { Program, ProgramTensor } from '../../runtime/artifact/program.ts';
import { present } from '../base/bug.ts';
import { sizeCode } from './size-code.ts';

/** What the open sizes are called in functions of them, which have these parameters. */
export interface SizeNames {
  readonly names: ReadonlyMap<string, string>;
  readonly parameters: string;
}

export function sizeNames(symbols: readonly string[]): SizeNames {
  const names = new Map(symbols.map((symbol, i) => [symbol, `s${i}`]));
  return { names, parameters: [...names.values()].map((name) => `${name}: number`).join(', ') };
}

/** The members of `Places` (runtime/bundle/linear-engine.ts). `most` is what it counts to. */
export function placesSource(program: Program, most: string): string {
  const { parameters, results, memory } = program;
  const { names, parameters: sizes } = sizeNames(program.symbols);
  const code = (e: Expression): string => sizeCode(e, names);
  const all = [...parameters, ...results].map(({ name, tensor }) => {
    return { ...tensorAt(program, tensor), name };
  });
  const floats = all.filter(({ element }) => element === 'f32');
  const ints = all.filter(({ element }) => element === 'i32');
  const at = [
    ...[code(memory.f32), code(memory.i32), most],
    ...[...floats, ...ints].map(({ offset }) => code(offset)),
    ...results.map(({ tensor }) => code(tensorAt(program, tensor).length)),
  ];
  const list = (of: readonly { readonly name: string }[]): string =>
    JSON.stringify(of.map(({ name }) => name));
  return `floats: ${list(floats)},
  ints: ${list(ints)},
  results: ${list(results)},
  at: (${sizes}) => [${at.join(', ')}],`;
}

export function tensorAt({ tensors }: Program, position: number): ProgramTensor {
  return present(tensors[position], `tensor ${position}`);
}
