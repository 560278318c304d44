/** Which form a program gets, and what becomes of it where there is no WebAssembly. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { emitWasm } from '../../../compiler/6-emit/wasm/emit.ts';
import { openWasm, type OpenWasmOptions } from '../../../runtime/devices/open-wasm.ts';
import { KernelInterpreter } from '../../../runtime/interpreter/kernel-interpreter.ts';
import { formOf, wasmFeatures, type WasmForm } from '../../../runtime/wasm/features.ts';
import { WasmExecutable } from '../../../runtime/wasm/wasm-executable.ts';
import { wasmHost } from '../../../runtime/wasm/webassembly.ts';
import { floats } from '../../../compiler/verify/arrays.ts';
import { faultOfAsync } from '../../support/fault.ts';
import { moduleBytes } from './modules.ts';
import { exchange } from '../runtime-linear/programs.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

/** What a policy without 'wasm-unsafe-eval' does to a page. */
function forbid(): void {
  const host = wasmHost();
  const refused = new Error('Wasm code generation disallowed by embedder');
  vi.stubGlobal('WebAssembly', {
    validate: (bytes: Uint8Array) => host?.validate(bytes),
    compile: () => Promise.reject(refused),
  });
}

function openExchange(options: Partial<OpenWasmOptions> = {}) {
  const module = (form: WasmForm, threads: boolean) =>
    emitWasm(exchange, { form, threads, profile: false });
  return openWasm({ program: exchange, module, ...options });
}

const pair = new Map([
  ['a', floats([1], [1])],
  ['b', floats([1], [1])],
]);

describe('the form of a program', () => {
  test('is the best that there is', () => {
    const form = (simd: boolean, relaxed: boolean): WasmForm =>
      formOf({ simd, relaxed, threads: false });
    expect([form(true, true), form(true, false), form(false, false)]).toEqual([
      ...['relaxed', 'simd', 'scalar'],
    ]);
    // Every engine that these tests run in has them.
    expect(wasmFeatures()).toMatchObject({ simd: true, threads: true });
  });

  test('is asked for by name, and may be said', async () => {
    const asked: unknown[] = [];
    const module = (form: WasmForm, threads: boolean) => {
      asked.push([form, threads]);
      return Promise.resolve(emitWasm(exchange, { form, threads, profile: false }));
    };
    await openExchange({ module });
    const executable = await openExchange({ module, form: 'scalar' });
    expect(asked).toEqual([
      [formOf(wasmFeatures()), false],
      ['scalar', false],
    ]);
    expect(executable).toBeInstanceOf(WasmExecutable);
    expect((await executable.run(pair)).get('b next')?.data).toEqual(Float32Array.of(3));
  });

  test('is none in an engine without WebAssembly', () => {
    vi.stubGlobal('WebAssembly', undefined);
    expect(wasmFeatures()).toEqual({ simd: false, relaxed: false, threads: false });
  });

  test('does not have threads in a page that shares no memory', () => {
    vi.stubGlobal('crossOriginIsolated', false);
    expect(wasmFeatures().threads).toBe(false);
  });
});

describe('where WebAssembly is forbidden', () => {
  test('kernels are interpreted, and it is said once', async () => {
    forbid();
    const notes: string[] = [];
    const note = (message: string): void => void notes.push(message);
    for (let i = 0; i < 2; i++) {
      const executable = await openExchange({ note });
      expect(executable).toBeInstanceOf(KernelInterpreter);
      expect((await executable.run(pair)).get('b next')?.data).toEqual(Float32Array.of(3));
    }
    expect(notes).toEqual([
      'there is no WebAssembly here: Wasm code generation disallowed by embedder; ' +
        'kernels are interpreted, which is slow',
    ]);
  });

  test('a program of WebAssembly alone is a fault', async () => {
    forbid();
    const create = () => WasmExecutable.create({ program: exchange, module: moduleBytes() });
    const fault = await faultOfAsync(create);
    expect(fault.code).toBe('T6407');
    expect(fault.hint).toContain('wasm-unsafe-eval');
    vi.stubGlobal('WebAssembly', undefined);
    expect((await faultOfAsync(create)).message).toMatch(/the engine has none$/);
  });
});

test('a damaged module is no reason to interpret kernels', async () => {
  const module = () => moduleBytes().slice(0, 20);
  expect((await faultOfAsync(() => openExchange({ module }))).code).toBe('T6408');
});
