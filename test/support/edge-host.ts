/**
 * A process of its own that is like a place on the edge: a realm without files, in which the engine
 * makes no code of text or of bytes, and where `model.wasm` is imported as a compiled module. It
 * loads the bundle of a folder there and prints what the bundle answers, as JSON, with the names of
 * all that it called although it is forbidden. Node wants `--experimental-vm-modules` for it.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContext, runInContext, SourceTextModule, SyntheticModule } from 'node:vm';
import type { Backend } from '../../runtime/artifact/bundle.ts';
import type { OpenModel } from '../../runtime/bundle/load.ts';
import type { Output } from '../../runtime/bundle/results.ts';
import { wasmHost } from '../../runtime/wasm/webassembly.ts';
import { present } from '../../compiler/base/bug.ts';

export interface EdgeTask {
  readonly folder: string;
  readonly backend?: Backend;
  readonly examples: readonly (readonly number[])[];
  /** Whether the realm knows WebAssembly. */
  readonly wasm: boolean;
}

export interface EdgeAnswer {
  readonly backend: Backend;
  readonly ok: boolean;
  /** Bits of `y` by example. */
  readonly bits: readonly (readonly number[])[];
  /** What was called although it is forbidden. */
  readonly tried: readonly string[];
  /** How the realm refuses code of text and of bytes. */
  readonly refusals: readonly string[];
}

const task = JSON.parse(process.argv[2] ?? '') as EdgeTask;
const tried: string[] = [];
const host = present(wasmHost(), 'WebAssembly');

// Both are in every such place.
const globals: Record<string, unknown> = { atob, TextDecoder };
const context = createContext(globals, { codeGeneration: { strings: false, wasm: false } });
const smallest = '0, 0x61, 0x73, 0x6d, 1, 0, 0, 0';
const refusals = [
  'Object.constructor("return 1")()',
  `new WebAssembly.Module(Uint8Array.of(${smallest}))`,
].map(refusal);

for (const name of ['fetch', 'eval', 'Function', 'XMLHttpRequest']) forbid(globals, name, name);
if (task.wasm) {
  const inside = runInContext('WebAssembly', context) as Record<string, unknown>;
  for (const name of ['compile', 'compileStreaming', 'instantiate', 'instantiateStreaming']) {
    forbid(inside, name, `WebAssembly.${name}`);
  }
} else {
  runInContext('delete globalThis.WebAssembly', context);
}

const entry = new SourceTextModule(readFileSync(join(task.folder, 'index.js'), 'utf8'), {
  context,
  identifier: 'index.js',
  importModuleDynamically: () => {
    throw new Error('nothing is imported later on');
  },
});
await entry.link(async (name) => {
  if (name !== './model.wasm') throw new Error(`${name} is not there`);
  const module = await host.compile(readFileSync(join(task.folder, 'model.wasm')));
  const made = new SyntheticModule(['default'], () => made.setExport('default', module), {
    context,
  });
  return made;
});
await entry.evaluate();
const { load } = entry.namespace as {
  readonly load: (options: { readonly backend?: Backend | undefined }) => Promise<OpenModel>;
};
const model = await load({ backend: task.backend });
const found = await model.run(task.examples.map((x) => ({ x: Float32Array.from(x) })));
const answer: EdgeAnswer = {
  backend: model.backend,
  ok: (await model.selfTest()).ok,
  bits: (found as readonly Record<string, Output>[]).map(({ y }) => {
    return [...new Uint32Array(Float32Array.from(y?.data ?? []).buffer)];
  }),
  tried,
  refusals,
};
process.stdout.write(JSON.stringify(answer));

function forbid(owner: Record<string, unknown>, name: string, told: string): void {
  owner[name] = () => {
    tried.push(told);
    throw new Error(`${told} is forbidden here`);
  };
}

function refusal(code: string): string {
  try {
    runInContext(code, context);
    return '';
  } catch (error) {
    return String(error);
  }
}
