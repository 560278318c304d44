/** What a model does with time, as far as laws about it ask. */
import type { Model } from './model.ts';
import { isDim, type Graph, type Instruction, type Value } from './types.ts';

/** Whether no output hangs on a later time step: states then carry all there is to know. */
export function isCausal(model: Model, graph: Graph): boolean {
  return (
    model.states.length > 0 &&
    model.outputs.every(({ time }) => time !== undefined) &&
    new Set(model.inputs.flatMap(({ time }) => time ?? [])).size === 1 &&
    keepsTime(model, graph) &&
    graph.instructions.every((i) => i.op !== 'scan' || i.attributes['reverse'] === false)
  );
}

/** Whether each step of what is computed outside loops is of that step alone. */
export function keepsTime(model: Model, graph: Graph): boolean {
  const times = new Set(model.inputs.flatMap(({ time }) => time ?? []));
  const timed = (value: Value): string => (hasTime(value, times) ? 'timed' : '');
  return graph.instructions.every((instruction) => {
    const { op, operands, results, attributes } = instruction;
    if (op === 'scan') return true;
    if (op === 'reverse' || asksHowLong(instruction, times)) return false;
    if (op === 'iota' || isDim(attributes['dim'])) return true;
    const inputs = operands.map(timed).filter((text) => text !== '');
    return inputs.length === 0 || results.every((value) => timed(value) !== '');
  });
}

/** Exactly one axis, which is the second, of just the time symbol. */
function hasTime({ type }: Value, times: ReadonlySet<string>): boolean {
  const axes = type.shape.flatMap(({ constant, terms }, axis) =>
    terms.some((term) => times.has(term.symbol)) ? [{ axis, plain: constant === 0 }] : [],
  );
  // A mask is made of steps before it is broadcast to rows.
  return axes.length === 1 && axes.every(({ axis, plain }) => axis <= 1 && plain);
}

function asksHowLong({ op, attributes }: Instruction, times: ReadonlySet<string>): boolean {
  const { dim } = attributes;
  return op === 'size' && isDim(dim) && dim.terms.some((term) => times.has(term.symbol));
}
