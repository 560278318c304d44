/** Verifies a spec that is given as text, on backends that any host has. */
import { renderDiagnostics } from '../diagnostics/render.ts';
import type { Bindings } from '../graph/dim.ts';
import type { Model } from '../graph/model.ts';
import { compile } from '../pipeline.ts';
import type { Arrays } from './arrays.ts';
import type { Backend } from './checks/check.ts';
import { localBackends, localOracle } from './local-backends.ts';
import type { VerifyOutcome } from './outcome.ts';
import type { Clock } from './patience.ts';
import { VerifySubject } from './subject.ts';
import { verify } from './verify.ts';

export interface VerifyTextOptions {
  /** Sizes of dimensions that the spec leaves open; others are drawn. */
  readonly dims?: Bindings;
  /** By the model's own names; drawn if left out. */
  readonly weights?: Arrays;
  /** Cases; 20 if not said. */
  readonly runs?: number;
  /** 1 if not said: the same cases each time. */
  readonly seed?: number;
  /** Beside or in place of those of `localBackends`, such as a GPU's. */
  readonly backends?: readonly Backend[];
}

/** Throws an Error with the diagnostics of a spec that does not compile. */
export async function verifyText(
  text: string,
  options: VerifyTextOptions = {},
): Promise<VerifyOutcome> {
  const { runs = 20, seed = 1 } = options;
  const oracle = localOracle();
  const backends = options.backends ?? localBackends(oracle);
  const subject = subjectOfText(text, options);
  const lanes = [backends];
  const endless = { clock: still, timeMs: Infinity, patienceMs: Infinity };
  return verify({ subject, lanes, oracle, runs, seed, ...endless });
}

/** Throws an Error with the diagnostics of a spec that does not compile. */
export function subjectOfText(
  text: string,
  { dims = new Map(), weights }: Pick<VerifyTextOptions, 'dims' | 'weights'> = {},
): VerifySubject {
  return new VerifySubject({
    text,
    model: compiled(text, dims, 'inference'),
    training: compiled(text, dims, 'training'),
    bindings: dims,
    ...(weights === undefined ? {} : { weights }),
  });
}

/** Runs alone say when it is over. */
const still: Clock = { now: () => 0, after: () => () => undefined };

function compiled(text: string, dims: Bindings, mode: 'inference' | 'training'): Model {
  const { model, diagnostics } = compile({ name: 'spec', text }, { dims, mode });
  if (model !== undefined) return model;
  throw new Error(renderDiagnostics(diagnostics, { colour: false }));
}
