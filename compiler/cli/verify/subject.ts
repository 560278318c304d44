/** The spec of the command line as a subject, and smaller specs that come of it. */
import type { Bindings } from '../../graph/dim.ts';
import type { Model } from '../../graph/model.ts';
import { compile } from '../../pipeline.ts';
import { roundedToF32 } from '../../verify/arrays.ts';
import { VerifySubject } from '../../verify/subject.ts';
import { timesOf } from '../../verify/verify-case.ts';
import { InputRejected } from '../failure.ts';
import { note } from '../output.ts';
import { compileOpened, type OpenedSpec } from '../spec.ts';
import type { Tensors } from '../tensors.ts';
import { loadWeights } from '../weights.ts';

export interface SubjectSettings {
  readonly dims: Bindings;
  /** Under our names or PyTorch's; drawn if left out. */
  readonly weights?: Tensors;
}

/**
 * The dimensions that are bound for good: batch and time are drawn, whatever was said of them,
 * since laws are about other rows and other steps.
 */
export async function boundDims(opened: OpenedSpec, given: Bindings): Promise<Bindings> {
  if (given.size === 0) return given;
  const model = await compileOpened(opened, { mode: 'inference', quiet: true });
  const drawn = ['B', ...timesOf(model)].filter((name) => given.has(name));
  if (drawn.length > 0) note(`${drawn.join(', ')}: drawn anew for each case, not bound by --dim`);
  return new Map([...given].filter(([name]) => !drawn.includes(name)));
}

/** Compiled twice, since dropout is at work in training alone. */
export async function openSubject(
  opened: OpenedSpec,
  { dims, weights: tensors }: SubjectSettings,
): Promise<VerifySubject> {
  const model = await compileOpened(opened, { dims, mode: 'inference' });
  const training = await compileOpened(opened, { dims, mode: 'training', quiet: true });
  const { text } = opened.source;
  if (tensors === undefined) return new VerifySubject({ text, model, training });
  const adopt = (given: Model) => loadWeights(given, { weights: tensors }, new Map());
  const [own, trained] = [await adopt(model), await adopt(training)];
  // As every backend holds them; else the rounding of the file's F64 would count as an error.
  const weights = roundedToF32(own.weights);
  const { bindings } = own;
  return new VerifySubject({ text, model: own.model, training: trained.model, weights, bindings });
}

export interface SmallerText {
  readonly text: string;
  readonly load: OpenedSpec['load'];
}

/** Undefined for a text that is no spec. */
export async function compileText(
  smaller: SmallerText,
  given: Bindings,
): Promise<VerifySubject | undefined> {
  const { text, load } = smaller;
  const opened = { source: { name: smallerName, text }, load };
  const dims = dimsOf(smaller, given);
  try {
    const model = await compileOpened(opened, { dims, mode: 'inference', quiet: true });
    const training = await compileOpened(opened, { dims, mode: 'training', quiet: true });
    return new VerifySubject({ text, model, training });
  } catch (error) {
    if (error instanceof InputRejected) return undefined;
    throw error;
  }
}

const smallerName = 'smaller.gate';

/** Those of the dimensions that a text has: a smaller spec may have lost some. */
export function dimsOf({ text, load }: SmallerText, given: Bindings): Bindings {
  return new Map(
    [...given].filter((one) => {
      const { diagnostics } = compile(
        { name: smallerName, text },
        {
          ...{ dims: new Map([one]), load, mode: 'inference' },
        },
      );
      return !diagnostics.some((d) => d.code === unknownDim);
    }),
  );
}

const unknownDim = 'N3103';
