/** Node 20 has relaxed multiply-adds behind a flag, which counts for what is compiled after it. */
import { setFlagsFromString } from 'node:v8';
import { wasmFeatures } from '../../../runtime/wasm/features.ts';

export function allowRelaxedSimd(): void {
  const isNode20 = process.versions.node.startsWith('20.');
  if (isNode20 && !wasmFeatures().relaxed) setFlagsFromString('--experimental-wasm-relaxed-simd');
}
