/** The interpreters' part in judging training: the steps of a case, and what they make of them. */
import type { Model } from '../../graph/model.ts';
import type { Graph } from '../../graph/types.ts';
import type { Arrays } from '../arrays.ts';
import { drawInputs } from '../draw-inputs.ts';
import { roundedRuns } from '../rounded-runs.ts';
import type { GraphJob, Oracle } from '../runner.ts';
import type { VerifySubject } from '../subject.ts';
import type { CaseData } from '../verify-case.ts';
import type { StepOracle } from './references.ts';

export interface TrainedCase {
  readonly subject: VerifySubject;
  readonly data: CaseData;
  readonly oracle: Oracle;
  readonly thoroughly: boolean;
  /** All parameters of the first step. */
  readonly first: Arrays;
  job(model: Model, graph: Graph, inputs: Arrays): GraphJob;
}

export function stepOracle(about: TrainedCase): StepOracle {
  const { subject, data, oracle, thoroughly } = about;
  const { training: how } = data;
  const job = (use: 'interpreter' | 'kernels', inputs: Arrays): GraphJob => {
    const { model, graph } = subject.trained.step(how, use, true);
    return about.job(model, graph, inputs);
  };
  const update = subject.trained.update(how);
  const known = new Set(update.graph.parameters.map((p) => p.name));
  return {
    inputs: (k) => stepInputs(about, k),
    feeds: subject.graph('training', 'interpreter', how).feeds ?? new Map(),
    exact: (inputs) => oracle.f64.run(job('interpreter', inputs)),
    rounded: (inputs) =>
      roundedRuns({
        f32: oracle.f32,
        plain: job('interpreter', inputs),
        kernels: job('kernels', inputs),
        variants: (graph) => subject.variants(graph),
        exact: ['step'],
        seed: data.seed,
        thoroughly,
      }),
    update: (inputs) => {
      const needed = new Map([...inputs].filter(([name]) => known.has(name)));
      return oracle.f64.run(about.job(update.model, update.graph, needed));
    },
  };
}

/** Each step has a batch of its own; of the second and later ones without what they are fed. */
export function stepInputs(
  { subject, data, first }: Pick<TrainedCase, 'subject' | 'data' | 'first'>,
  k: number,
): Arrays {
  if (k === 1) return first;
  const { graph, feeds } = subject.graph('training', 'interpreter', data.training);
  const parameters = graph.parameters.filter((p) => feeds?.has(p.name) !== true);
  const batch = { ...data, seed: data.seed + 7919 * (k - 1) };
  return drawInputs(subject, { ...graph, parameters }, batch, k);
}
