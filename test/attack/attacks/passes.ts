/**
 * Every pass may be left out: what remains keeps the oracle's numbers, and the kernels that come of
 * it are as right as those of all passes.
 */
import { gradientGraph } from '../../../compiler/3-differentiate/gradient-graph.ts';
import { gradientPasses, productPasses } from '../../../compiler/4-simplify/batch-products.ts';
import { removeDeadCode } from '../../../compiler/4-simplify/remove-dead-code.ts';
import { passes } from '../../../compiler/4-simplify/simplify.ts';
import type { Pass } from '../../../compiler/4-simplify/run-pass.ts';
import type { Graph } from '../../../compiler/graph/types.ts';
import { interpret } from '../../../compiler/interpret/interpret.ts';
import { verify } from '../../../compiler/ops/verify.ts';
import { idRanges, kernelProgram } from '../../../compiler/pipeline.ts';
import { judged, roomsOf } from '../../../compiler/verify/accuracy.ts';
import type { Arrays } from '../../../compiler/verify/arrays.ts';
import { multipleOf } from '../../../compiler/verify/accuracy.ts';
import { isOrdinary } from '../../../compiler/verify/checks/check.ts';
import { KernelInterpreter } from '../../../runtime/interpreter/kernel-interpreter.ts';
import type { Attempt, Target } from '../types.ts';

const all = [...passes, ...productPasses, ...gradientPasses];

export async function* passAttacks(target: Target): AsyncGenerator<Attempt> {
  const { program, subject, point } = target;
  // Sums in another order: of numbers that are out of all proportion they may be anything.
  if (!isOrdinary(program.data)) return;
  const { f64, f32 } = await point.references('gradients');
  const graph = reshaped(target);
  const names = new Set(graph.results.map((r) => r.name));
  const wanted = new Map([...f64].filter(([name]) => names.has(name)));
  const inputs = point.inputs('gradients');
  const bindings = point.bindings(graph, inputs);
  const exact = interpret(graph, inputs, { precision: 'f64', bindings });
  yield { name: 'passes left out: oracle', wrong: apart(exact, wanted) };
  const { device, schedule } = program.how;
  const options = { device, schedule, ids: idRanges(subject.training) };
  const kernels = new KernelInterpreter(kernelProgram(graph, options), bindings, { poison: true });
  const rounded = interpret(graph, inputs, { precision: 'f32', bindings });
  const judgements = judged(await kernels.run(inputs), roomsOf([...f32, rounded], wanted));
  yield {
    name: `passes left out: kernels ${device}`,
    worst: Math.max(0, ...judgements.map(multipleOf)),
    wrong: judgements.flatMap(({ wrong }) => wrong ?? []),
  };
}

/** The gradient graph as some passes alone leave it. */
function reshaped({ program, subject }: Target): Graph {
  const kept = all.filter((_, i) => (program.how.without & (1 << (i % 14))) === 0);
  const wanted = subject.graph('gradients', 'interpreter').graph.results.map((r) => r.name);
  const { training } = subject;
  const forward = through(
    kept.filter((pass) => !gradientPasses.includes(pass)),
    training.graph,
  );
  const gradient = gradientGraph({ ...training, graph: forward });
  const results = gradient.results.filter((r) => wanted.includes(r.name));
  const finished = through(
    kept.filter((pass) => !productPasses.includes(pass)),
    { ...gradient, results },
  );
  return verify(removeDeadCode(finished), 'removeDeadCode');
}

/** Twice, since some passes make work for others. */
function through(list: readonly Pass[], graph: Graph): Graph {
  let current = graph;
  for (const pass of [...list, ...list]) current = verify(pass.run(current), pass.name);
  return current;
}

/** To the rounding of f64, by the size of each result. */
function apart(found: Arrays, wanted: Arrays): readonly string[] {
  return [...wanted].flatMap(([name, { data }]) => {
    const other = found.get(name)?.data ?? [];
    const scale = Math.max(1, ...Array.from(data, Math.abs).filter(Number.isFinite));
    const at = data.findIndex((x, i) => {
      const y = other[i] ?? NaN;
      return !Object.is(x, y) && x !== y && !(Math.abs(x - y) <= 1e-9 * scale);
    });
    return at === -1 ? [] : [`${name}[${at}] is ${other[at] ?? NaN}, not ${data[at] ?? NaN}`];
  });
}
