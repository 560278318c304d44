/** Loss and metrics on data, with weights as they were given and as the bundle holds them. */
import type { NdArray } from '../../../runtime/artifact/nd-array.ts';
import type { Quality, QualityMeasure } from '../../7-bundle/quality.ts';
import { digestOf, type DataFile } from '../training/data-file.ts';
import { evaluateOn, type DataScores } from '../training/evaluation.ts';
import type { BundleModel } from './open-model.ts';

/** Examples at a time, as `gatework eval` has them. */
const batch = 32;

/** Faults: R7603 for a model without a loss, those of `gatework eval` for data that do not fit. */
export async function measureQuality(
  { model, weights, bindings, codec, record }: BundleModel,
  held: ReadonlyMap<string, NdArray>,
  data: DataFile,
): Promise<Quality> {
  const trained = {
    ...{ model, bindings },
    ...(codec === undefined ? {} : { codec }),
    ...(record === undefined ? {} : { record }),
  };
  const engine = { backend: 'wasm', dtype: 'f32' } as const;
  const f32 = await evaluateOn({ ...trained, weights }, engine, data, batch);
  const stored = await evaluateOn({ ...trained, weights: held }, engine, data, batch);
  return { data: digestOf(data.bytes), tokens: f32.tokens, measures: measuresOf(f32, stored) };
}

function measuresOf(f32: DataScores, stored: DataScores): readonly QualityMeasure[] {
  const after = new Map(numbersOf(stored));
  return numbersOf(f32).map(([name, value]) => {
    return { name, f32: value, stored: after.get(name) ?? NaN };
  });
}

function numbersOf({ loss, metrics, tags }: DataScores): readonly (readonly [string, number])[] {
  const ofTags = tags === undefined ? [] : ([['F1', tags.f1]] as const);
  return [['loss', loss], ...Object.entries(metrics), ...ofTags];
}
