/**
 * Bidirectional layers have no first direction: sequences turned round, the weights and states of
 * the two directions exchanged, give the same outputs turned round, their halves exchanged. Layers
 * above the first read both halves, so that the columns of their weights are exchanged as well.
 */
import type { NdArray } from '../../../runtime/artifact/nd-array.ts';
import { evaluateDim, type Bindings } from '../../graph/dim.ts';
import type { Model } from '../../graph/model.ts';
import { countOf, type Arrays } from '../arrays.ts';
import { lengthsOf, mapped, typesOf } from '../batches.ts';
import type { CasePoint } from '../case-point.ts';
import { keepsTime } from '../../graph/shape-of-time.ts';
import { bindingsOfCase } from '../verify-case.ts';
import { law } from './law.ts';

/** Their input is read by products alone, so that nothing else sees in which order it comes. */
const cells = ['rnn', 'simpleGru', 'gru', 'lstm', 'slideLstm', 'coupledLstm', 'peephole'];

export const reversal = law({
  name: 'reversal symmetry',
  graph: 'values',
  says: 'sequences turned round, directions exchanged, give the same turned round',
  suits: (subject) =>
    isBidirectional(subject.model) &&
    keepsTime(subject.model, subject.graph('values', 'interpreter').graph),
  async sides(point, { runner }) {
    const found = await point.run(runner, 'values', turnedInputs(point));
    const expected = await point.base(runner, 'values');
    return { found: turnedResults(point, found), expected };
  },
});

/** One stage of cells in both directions, and behind it nothing that tells features apart. */
function isBidirectional({ instances, weights, outputs, inputs }: Model): boolean {
  const recurrent = instances.filter((i) => i.recurrent);
  const [first] = recurrent;
  if (first === undefined || first.stage.includes('.')) return false;
  const own = new Set(recurrent.map((i) => i.path));
  const others = instances.filter((i) => !i.recurrent);
  return (
    recurrent.every((i) => i.stage === first.stage && cells.includes(i.definition)) &&
    recurrent.every((i) => otherWay(i.path) !== i.path && own.has(otherWay(i.path))) &&
    weights.every((w) => own.has(w.layer)) &&
    others.every((i) => ['softmax', 'logSoftmax'].includes(i.definition)) &&
    inputs.length === 1 &&
    outputs.length === 1 &&
    inputs[0]?.element === 'float'
  );
}

/** `lstm.l0.reverse.Wc` for `lstm.l0.forward.Wc`, and back. */
function otherWay(name: string): string {
  return name.replace(/\.(forward|reverse)(?=\.|$)/, (_, way: string) =>
    way === 'forward' ? '.reverse' : '.forward',
  );
}

function turnedInputs(point: CasePoint): Arrays {
  const { subject, data } = point;
  const { model, graph } = subject.graph('values', 'interpreter');
  const bindings = bindingsOfCase(model, data, subject.bindings);
  const inputs = point.inputs('values');
  const types = typesOf(graph);
  return mapped(inputs, (array, name) => {
    const lengths = inputs.get(lengthsOf(model, types.get(name)) ?? '');
    if (lengths !== undefined) return turned(array, lengths);
    const other = inputs.get(otherWay(name)) ?? array;
    const from = readsHalvesFrom(model, name, bindings);
    return from === undefined ? other : withHalvesExchanged(other, from);
  });
}

/** The column at which a weight begins to read the layer below, where that has two directions. */
function readsHalvesFrom(model: Model, name: string, bindings: Bindings): number | undefined {
  const weight = model.weights.find((w) => w.name === name);
  const layer = model.instances.find((i) => i.path === weight?.layer)?.layer;
  if (weight?.blocks === undefined || layer === 0) return undefined;
  let column = 0;
  for (const block of weight.blocks) {
    if (!block.recurrent && evaluateDim(block.columns, bindings) > 0) return column;
    column += evaluateDim(block.columns, bindings);
  }
  return undefined;
}

function turnedResults(point: CasePoint, found: Arrays): Arrays {
  const { model, graph } = point.subject.graph('values', 'interpreter');
  const inputs = point.inputs('values');
  const types = typesOf(graph);
  return mapped(found, (array, name) => {
    const lengths = inputs.get(lengthsOf(model, types.get(name)) ?? '');
    if (lengths === undefined) return found.get(otherWay(name)) ?? array;
    return withHalvesExchanged(turned(array, lengths), 0);
  });
}

/** Each sequence of [B, T, …] from its last step to its first; the padding stays. */
function turned(array: NdArray, lengths: NdArray): NdArray {
  const [, time = 1, ...rest] = array.shape;
  const size = countOf(rest);
  const data = array.data.slice();
  array.data.forEach((_, i) => {
    const row = Math.floor(i / (time * size));
    const step = Math.floor(i / size) % time;
    const length = lengths.data[row] ?? 0;
    if (step >= length) return;
    data[i] = array.data[(row * time + length - 1 - step) * size + (i % size)] ?? NaN;
  });
  return { ...array, data };
}

/** The columns from `from` on, along the last axis: the second half, then the first. */
function withHalvesExchanged(array: NdArray, from: number): NdArray {
  const width = array.shape.at(-1) ?? 1;
  const half = (width - from) / 2;
  const data = array.data.slice();
  array.data.forEach((_, i) => {
    const column = i % width;
    if (column < from) return;
    data[i] = array.data[i + (column - from < half ? half : -half)] ?? NaN;
  });
  return { ...array, data };
}
