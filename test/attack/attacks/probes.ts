/**
 * Nothing fused: every intermediate value is a result as well, so that each lies in memory of its
 * own. The kernels are others then, and so is the memory plan; the results must be as right.
 */
import { idRanges, kernelProgram } from '../../../compiler/pipeline.ts';
import { judged, multipleOf } from '../../../compiler/verify/accuracy.ts';
import { isOrdinary } from '../../../compiler/verify/checks/check.ts';
import { probesOf, withProbes } from '../../../compiler/verify/culprit/probes.ts';
import { KernelInterpreter } from '../../../runtime/interpreter/kernel-interpreter.ts';
import type { Attempt, Target } from '../types.ts';

export async function* probeAttacks({ program, subject, point }: Target): AsyncGenerator<Attempt> {
  if (!isOrdinary(program.data)) return;
  const { device, schedule } = program.how;
  const { model, graph } = subject.graph('gradients', 'kernels');
  const probed = withProbes(graph, probesOf(graph));
  const inputs = point.inputs('gradients');
  const options = { device, schedule, ids: idRanges(model) };
  const bindings = point.bindings(graph, inputs);
  const kernels = new KernelInterpreter(kernelProgram(probed, options), bindings, { poison: true });
  const { rooms } = await point.references('gradients');
  const judgements = judged(await kernels.run(inputs), rooms);
  yield {
    name: `nothing fused: kernels ${device}`,
    worst: Math.max(0, ...judgements.map(multipleOf)),
    wrong: judgements.flatMap(({ wrong }) => wrong ?? []),
  };
}
