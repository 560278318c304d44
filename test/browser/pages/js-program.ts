/** Runs in the browser: a small program as a JavaScript module, which the page serves. */
import { floats } from '../../../compiler/verify/arrays.ts';
import { JsExecutable } from '../../../runtime/js/js-executable.ts';
import type { JsModule } from '../../../runtime/js/js-instance.ts';
import { wasmHost } from '../../../runtime/wasm/webassembly.ts';
import { recurrence } from '../../unit/runtime-linear/programs.ts';

export interface JsTask {
  /** Where the module is. */
  readonly address: string;
}

export interface JsAnswer {
  /** What the page says to WebAssembly and to code made from text; '' if nothing. */
  readonly refusals: readonly string[];
  /** Of 200 runs of 3 steps. */
  readonly sum: number;
}

export async function main({ address }: JsTask): Promise<JsAnswer> {
  const module = (await import(address)) as JsModule;
  const executable = new JsExecutable({ program: recurrence, module });
  const kept = await executable.keep(new Map([['h', 'next']]));
  kept.write(new Map([['h', floats([2], [10, 20])]]));
  const inputs = new Map([
    ['w', floats([2], [0.5, 1])],
    ['x', floats([3, 2], [1, 0, 1, 0, 1, 0])],
  ]);
  let sum = NaN;
  for (let i = 0; i < 200; i++) {
    sum = (await kept.run(inputs, ['sum'])).get('sum')?.data[0] ?? NaN;
  }
  const smallest = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
  const text: string = 'data:text/javascript,export const x = 1';
  const tries = [
    async (): Promise<unknown> => wasmHost()?.compile(smallest),
    async (): Promise<unknown> => import(text),
  ];
  return { refusals: await Promise.all(tries.map(refusalOf)), sum };
}

async function refusalOf(attempt: () => Promise<unknown>): Promise<string> {
  try {
    await attempt();
    return '';
  } catch (error) {
    return String(error);
  }
}
