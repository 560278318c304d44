/** What an attack is, and what it tells. */
import type { CasePoint } from '../../compiler/verify/case-point.ts';
import type { Backend } from '../../compiler/verify/checks/check.ts';
import type { VerifySubject } from '../../compiler/verify/subject.ts';
import type { RandomProgram } from './program.ts';

/** A statement that was tried on a program. */
export interface Attempt {
  /** `wasm simd: gradients`, `graph reads back`. */
  readonly name: string;
  /** The error as a multiple of what is allowed, where there is such. */
  readonly worst?: number;
  /** What is wrong; empty where it holds. */
  readonly wrong: readonly string[];
}

export type OpenBackends = () => readonly Backend[];

export interface Target {
  readonly program: RandomProgram;
  readonly subject: VerifySubject;
  readonly point: CasePoint;
  /** Opens backends beside those that every machine has; they are closed behind the program. */
  readonly further: OpenBackends;
}

export type Attack = (target: Target) => AsyncGenerator<Attempt>;
