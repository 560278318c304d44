/**
 * A counterexample that is read back: its case, the check that fell and on which backend, and its
 * arrays, which must fit the spec that it is replayed on.
 */
import { bindInputs } from '../../../runtime/artifact/bind.ts';
import { RuntimeFault } from '../../../runtime/artifact/executable.ts';
import { toNdArrays } from '../../../runtime/tensors/convert.ts';
import { readSafetensors } from '../../../runtime/tensors/safetensors.ts';
import type { Bindings } from '../../graph/dim.ts';
import type { GivenArrays } from '../../verify/case-point.ts';
import { allChecks } from '../../verify/checks/all.ts';
import type { Check } from '../../verify/checks/check.ts';
import { VerifySubject } from '../../verify/subject.ts';
import { isCaseData, timesOf, type CaseData } from '../../verify/verify-case.ts';
import { readBytes } from '../files.ts';
import type { Tensors } from '../tensors.ts';
import { caseKey, weightsKey } from './counterexample-files.ts';

export interface Replay {
  readonly file: string;
  readonly backend: string;
  readonly check: Check;
  readonly data: CaseData;
  readonly given: GivenArrays;
  /** Weights that had been given, under the names that they had. */
  readonly weights?: Tensors;
}

/** R7401 for a file that holds no counterexample; faults of `readSafetensors`. */
export function readReplay(file: string): Replay {
  const { tensors, metadata } = readSafetensors(readBytes(file), file);
  const { backend, check: name, ...data } = storedCase(metadata.get(caseKey), file);
  const check = allChecks.find((c) => c.name === name);
  if (check === undefined) throw unusable(file, `there is no check '${name}'`);
  if (!check.takes(data)) throw unusable(file, `its case says nothing about '${name}'`);
  const names = storedNames(metadata.get(weightsKey), file);
  const weights = new Map([...tensors].filter(([tensor]) => names.includes(tensor)));
  return {
    ...{ file, backend, check, data },
    given: { kind: check.graph, arrays: toNdArrays(tensors) },
    ...(weights.size === 0 ? {} : { weights }),
  };
}

/**
 * The spec with the sizes that the arrays tell. R7001 to R7006 where they are not for this spec,
 * R7401 where they are of other rows or steps than the case.
 */
export function subjectFor({ file, data, given }: Replay, subject: VerifySubject): VerifySubject {
  const { text, model, training, weights } = subject;
  const bindings = sizesOf(file, data, given, subject);
  if (bindings.get('B') !== data.lengths.length) {
    throw unusable(file, `its case is of ${data.lengths.length} rows, its arrays are not`);
  }
  const [time = 'T'] = timesOf(model);
  if ((bindings.get(time) ?? data.time) !== data.time) {
    throw unusable(file, `its case is of ${data.time} steps, its arrays are not`);
  }
  const sizes = [...bindings].filter(([name]) => name !== 'B' && !timesOf(model).includes(name));
  return new VerifySubject({ text, model, training, weights, bindings: new Map(sizes) });
}

function sizesOf(
  file: string,
  { training }: CaseData,
  { kind, arrays }: GivenArrays,
  subject: VerifySubject,
): Bindings {
  const { parameters } = subject.graph(kind, 'interpreter', training).graph;
  const forms = parameters.map(({ name, value }) => ({ name, ...value.type }));
  try {
    return bindInputs(forms, arrays, new Map());
  } catch (error) {
    if (!(error instanceof RuntimeFault)) throw error;
    const { code, message } = error;
    throw new RuntimeFault(code, `${file} is not of this spec: ${message}`, beside);
  }
}

const beside = 'a counterexample is replayed on the spec that was written beside it';

function storedCase(
  text: string | undefined,
  file: string,
): CaseData & { readonly backend: string; readonly check: string } {
  if (text === undefined) throw unusable(file, 'it holds no case');
  const stored = parsed(text);
  if (!isStored(stored)) throw unusable(file, 'its case is damaged');
  return stored;
}

function storedNames(text: string | undefined, file: string): readonly string[] {
  const names = parsed(text ?? '[]');
  const isText = (name: unknown): name is string => typeof name === 'string';
  if (Array.isArray(names) && names.every(isText)) return names;
  throw unusable(file, 'its case is damaged');
}

/** Undefined for what is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isStored(
  value: unknown,
): value is CaseData & { readonly backend: string; readonly check: string } {
  if (typeof value !== 'object' || value === null) return false;
  const isNamed = 'backend' in value && 'check' in value;
  if (!isNamed || typeof value.backend !== 'string' || typeof value.check !== 'string')
    return false;
  return isCaseData(value);
}

function unusable(file: string, why: string): RuntimeFault {
  return new RuntimeFault('R7401', `${file} is no counterexample of gatework verify: ${why}`);
}
