/** The text of a module, assembled by somebody else's assembler, is the module, byte for byte. */
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import loadWabt from 'wabt';
import { Module } from '../../compiler/6-emit/wasm/module.ts';
import { Code } from '../../compiler/6-emit/wasm/code.ts';
import { emitWasm, emitWat, type WasmOptions } from '../../compiler/6-emit/wasm/emit.ts';
import { targetOf } from '../../compiler/7-bundle/target.ts';
import { compileBundle } from '../../compiler/cli/bundle/compile.ts';
import { bundleFiles } from '../../compiler/cli/bundle/files.ts';
import { op } from '../../compiler/6-emit/wasm/opcodes.ts';
import { printModule } from '../../compiler/6-emit/wasm/text/print-module.ts';
import { kernelProgram, inferenceGraph, idRanges } from '../../compiler/pipeline.ts';
import { modelOf, writeFiles } from '../support/bundles.ts';
import { wasmModules } from './arbitraries/wasm-code.ts';

const wabt = await loadWabt();
const features = { simd: true, threads: true, relaxed_simd: true, bulk_memory: true } as const;

function assembled(text: string): Uint8Array {
  const module = wabt.parseWat('module.wat', text, { ...features, sat_float_to_int: true });
  try {
    return module.toBinary({}).buffer;
  } finally {
    module.destroy();
  }
}

/** Without the section of names. */
function unnamed(bytes: Uint8Array): Uint8Array {
  const kept = [...bytes.subarray(0, 8)];
  for (let at = 8; at < bytes.length;) {
    const start = at;
    let [size, shift, byte] = [0, 0, 0x80];
    for (at++; byte >= 0x80; shift += 7) {
      byte = bytes[at++] ?? 0;
      size |= (byte & 0x7f) << shift;
    }
    at += size;
    if (bytes[start] !== 0) kept.push(...bytes.subarray(start, at));
  }
  return Uint8Array.from(kept);
}

test('random functions, as they are and made small', () => {
  fc.assert(
    fc.property(wasmModules, fc.boolean(), (build, small) => {
      const text = printModule(build(small).content());
      expect(assembled(text)).toEqual(unnamed(build(small).finish()));
    }),
    { numRuns: 60, seed: 1 },
  );
});

test.each(['bidirectional(lstm(5)) -> softmax(3)', 'rnn(3) -> pool(max)'])(
  'the module of %s in every form',
  async (spec) => {
    const { model } = await modelOf(spec, { dims: { D: 6 } });
    const graph = inferenceGraph(model, 'kernels');
    const program = kernelProgram(graph, { ids: idRanges(model), device: 'simd', prepare: true });
    for (const form of ['relaxed', 'simd', 'scalar'] as const) {
      for (const [threads, small] of [
        [false, true],
        [true, false],
      ] as const) {
        const options: WasmOptions = { form, threads, small, profile: !small };
        const bytes = emitWasm(program, options);
        expect(assembled(emitWat(program, options)), form).toEqual(unnamed(bytes));
      }
    }
  },
);

const learning = `
model small(classes = 3) {
  input x: [T, 4]
  input label: class(classes)[T]
  output y = x -> lstm(5) -> softmax(classes)
  loss crossEntropy(y, label)
  train adam(rate = 0.01), batch = 2
}`;

test('the sources of a bundle have that of its modules', async () => {
  const { folder, remove } = writeFiles(new Map([['small.gate', learning]]));
  const model = await modelOf(join(folder, 'small.gate'), { train: true });
  remove();
  const bundle = compileBundle(model, targetOf('node'), 'f32');
  const files = await bundleFiles(model, bundle, { sources: true });
  for (const name of ['model', 'train']) {
    const text = files.get(`sources/${name}.wat`);
    expect(assembled(String(text)), name).toEqual(files.get(`${name}.wasm`));
  }
});

test('every kind of number', () => {
  const floats = [0, -0, 1.5, -1e-45, 3.4e38, 0.1, Infinity, -Infinity, NaN, 1 / 3];
  const [module, code] = [new Module('x', false), new Code(0)];
  const run = module.declare('run', { parameters: [] });
  for (const value of floats) {
    code.f32(value);
    code.op(op.drop);
  }
  for (const value of [0, -1, 2 ** 31 - 1, -(2 ** 31)]) {
    code.i32(value);
    code.op(op.drop);
    code.words(value, 1, 2, 3);
    code.op(op.globalSet, module.global(1));
  }
  module.define(run, code);
  module.export('run', run);
  expect(assembled(printModule(module.content()))).toEqual(unnamed(module.finish()));
});

test('names stay in their comments, whatever they are', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (name) => {
      const named = (module: Module): Module => {
        module.define(module.declare(name, { parameters: ['i32'] }), new Code(1));
        module.export('run', 0);
        return module;
      };
      const text = printModule(named(new Module(`${name}\n) ;;`, false)).content());
      expect(assembled(text)).toEqual(unnamed(named(new Module('', false)).finish()));
    }),
    { numRuns: 100, seed: 1 },
  );
});
