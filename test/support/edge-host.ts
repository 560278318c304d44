/**
 * A process of its own that is like a place on the edge: a realm without files, in which the engine
 * makes no code of text or of bytes, and where WebAssembly is imported as compiled modules. It
 * loads the bundle of a folder there and prints what the bundle answers, as JSON, with the names of
 * all that it called although it is forbidden. Node wants `--experimental-vm-modules` for it.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContext, runInContext, SourceTextModule, SyntheticModule } from 'node:vm';
import type { Backend } from '../../runtime/artifact/bundle.ts';
import type { Example } from '../../runtime/bundle/examples.ts';
import type { Trainable } from '../../runtime/bundle/fit/trainable.ts';
import type { LoadOptions, OpenModel } from '../../runtime/bundle/load.ts';
import type { Output } from '../../runtime/bundle/results.ts';
import { wasmHost } from '../../runtime/wasm/webassembly.ts';
import { present } from '../../compiler/base/bug.ts';

export interface EdgeTask {
  readonly folder: string;
  readonly backend?: Backend;
  readonly examples: readonly (readonly number[])[];
  /** Whether the realm knows WebAssembly. */
  readonly wasm: boolean;
  /** Learns from this before it answers. */
  readonly learn?: { readonly examples: readonly Example[]; readonly steps: number };
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
  /** What `save` gives of a model that has learned. */
  readonly saved?: readonly number[];
}

const task = JSON.parse(process.argv[2] ?? '') as EdgeTask;
const tried: string[] = [];
const host = present(wasmHost(), 'WebAssembly');

// All of them are in every such place.
const globals: Record<string, unknown> = {
  atob,
  TextDecoder,
  TextEncoder,
  performance,
  setTimeout,
};
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
  if (!/^\.\/\w+\.wasm$/.test(name)) throw new Error(`${name} is not there`);
  const module = await host.compile(readFileSync(join(task.folder, name)));
  const made = new SyntheticModule(['default'], () => made.setExport('default', module), {
    context,
  });
  return made;
});
await entry.evaluate();
const { load } = entry.namespace as {
  readonly load: (options: LoadOptions) => Promise<OpenModel & Partial<Trainable>>;
};
const first = await load({ backend: task.backend });
const { examples = [], steps } = task.learn ?? {};
const fitted = steps === undefined ? undefined : await first.fit?.(examples, { steps });
const saved = await fitted?.model.save();
const model = fitted?.model ?? first;
const found = await model.run(task.examples.map((x) => ({ x: Float32Array.from(x) })));
const answer: EdgeAnswer = {
  backend: model.backend,
  ok: (await model.selfTest()).ok,
  bits: (found as readonly Record<string, Output>[]).map(({ y }) => {
    return [...new Uint32Array(Float32Array.from(y?.data ?? []).buffer)];
  }),
  tried,
  refusals,
  ...(saved === undefined ? {} : { saved: [...saved] }),
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
