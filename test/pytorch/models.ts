/** A spec compiled for a comparison, and the engine that it runs on. */
import type { EngineOptions } from '../../compiler/cli/options.ts';
import type { Model } from '../../compiler/graph/model.ts';
import { compile } from '../../compiler/pipeline.ts';

export const oracle: EngineOptions = { backend: 'interpreter', dtype: 'f64' };

export function modelOf(text: string): Model {
  const { model, diagnostics } = compile({ name: '<pipeline>', text }, { mode: 'inference' });
  if (model === undefined) throw new Error(diagnostics.map((d) => d.message).join('; '));
  return model;
}
