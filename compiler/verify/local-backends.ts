/** Backends that any host has, in the thread that asks for them: they cannot be cut off. */
import { wasmFeatures, type WasmForm } from '../../runtime/wasm/features.ts';
import type { Backend } from './checks/check.ts';
import type { GraphRunner, Oracle } from './runner.ts';
import { interpreterRunner } from './runners/interpreter-runner.ts';
import { kernelRunner } from './runners/kernel-runner.ts';
import { wasmRunner } from './runners/wasm-runner.ts';

export function localOracle(): Oracle {
  return { f64: interpreterRunner('f64'), f32: interpreterRunner('f32') };
}

/** The interpreter, kernels as plain JS for every kind of device, and WebAssembly on one thread. */
export function localBackends(oracle: Oracle): readonly Backend[] {
  const { simd, relaxed } = wasmFeatures();
  const forms: readonly WasmForm[] = [
    ...(relaxed ? (['relaxed'] as const) : []),
    ...(simd ? (['simd'] as const) : []),
    'scalar',
  ];
  return [
    backendOf(oracle.f64, { isOracle: true }),
    backendOf(oracle.f32),
    ...(['simd', 'software', 'parallel'] as const).map((device) =>
      backendOf(kernelRunner({ device }), { kernels: { device } }),
    ),
    ...forms.map((form) => backendOf(wasmRunner({ form }), { kernels: { device: 'simd' } })),
  ];
}

/** A backend of f32 that keeps NaN, infinities and denormals, unless `about` says otherwise. */
export function backendOf(runner: GraphRunner, about: Partial<Backend> = {}): Backend {
  return { runner, isOracle: false, keepsNonFinite: true, keepsDenormals: true, ...about };
}
