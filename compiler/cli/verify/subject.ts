/** The spec of the command line as a subject, and smaller specs that come of it. */
import type { Bindings } from '../../graph/dim.ts';
import type { Model } from '../../graph/model.ts';
import { VerifySubject } from '../../verify/subject.ts';
import { InputRejected } from '../failure.ts';
import { compileOpened, openSpec, type OpenedSpec } from '../spec.ts';
import { readTensors } from '../tensors.ts';
import { loadWeights } from '../weights.ts';

export interface SubjectSettings {
  readonly dims: Bindings;
  /** A file. */
  readonly weights?: string;
}

/** Compiled twice, since dropout is at work in training alone. */
export async function openSubject(
  spec: string,
  { dims, weights: file }: SubjectSettings,
): Promise<VerifySubject> {
  const opened = openSpec(spec);
  const model = await compileOpened(opened, { dims, mode: 'inference' });
  const training = await compileOpened(opened, { dims, mode: 'training', quiet: true });
  const { text } = opened.source;
  if (file === undefined) return new VerifySubject({ text, model, training });
  const tensors = readTensors(file);
  const adopt = (given: Model) => loadWeights(given, { weights: tensors }, new Map());
  const [own, trained] = [await adopt(model), await adopt(training)];
  const { weights, bindings } = own;
  return new VerifySubject({ text, model: own.model, training: trained.model, weights, bindings });
}

/** Undefined for a text that is no spec. */
export async function compileText(
  { text, load }: { readonly text: string; readonly load: OpenedSpec['load'] },
  dims: Bindings,
): Promise<VerifySubject | undefined> {
  const opened = { source: { name: 'smaller.gate', text }, load };
  try {
    const model = await compileOpened(opened, { dims, mode: 'inference', quiet: true });
    const training = await compileOpened(opened, { dims, mode: 'training', quiet: true });
    return new VerifySubject({ text, model, training });
  } catch (error) {
    if (error instanceof InputRejected) return undefined;
    throw error;
  }
}
