/**
 * The weights of a model as PyTorch names and stacks them. Each cell says in its own
 * `layout pytorch(…)` which of its weights stand where; this file only knows the names
 * `weight_ih_l0`, `bias_hh_l1_reverse`, `weight`, `bias`, and that PyTorch keeps the input's and
 * the recurrent columns of a layer in two matrices, with one row block a gate.
 */
import type { Span } from '../base/source.ts';
import { add, concat, neg, slice } from '../graph/build.ts';
import { addDims, fixed, type Dim, type Shape } from '../graph/dim.ts';
import type { CellLayout, LayerInstance, LayoutTerm, Model, ModelWeight } from '../graph/model.ts';
import type { Builder, Value } from '../graph/types.ts';

export type StageKind = 'recurrent' | 'plain';

/** What shares one prefix in a state_dict: `rnn.weight_ih_l0`, … or `fc.weight`, `fc.bias`. */
export interface ForeignStage {
  readonly path: string;
  readonly kind: StageKind;
  readonly weights: readonly ForeignWeight[];
  /** Our weights that are computed from them. */
  readonly replaced: readonly string[];
  /** Emits our weights, by name, from the foreign ones. */
  assemble(b: Builder, foreign: (leaf: string) => Value): ReadonlyMap<string, Value>;
}

export interface ForeignWeight {
  /** The name without the prefix. */
  readonly leaf: string;
  readonly shape: Shape;
  readonly layer: string;
  readonly span: Span;
}

export interface ForeignName {
  /** With its dot: `rnn.`; may be empty. */
  readonly prefix: string;
  readonly leaf: string;
  readonly kind: StageKind;
}

const recurrentLeaf = /^(?:weight|bias)_(?:ih|hh)_l\d+(?:_reverse)?$/;
const plainLeaf = /^(?:weight|bias)$/;

/** Undefined for a name that PyTorch would not give to such a layer. */
export function parseForeignName(name: string): ForeignName | undefined {
  const dot = name.lastIndexOf('.') + 1;
  const prefix = name.slice(0, dot);
  const leaf = name.slice(dot);
  if (recurrentLeaf.test(leaf)) return { prefix, leaf, kind: 'recurrent' };
  return plainLeaf.test(leaf) ? { prefix, leaf, kind: 'plain' } : undefined;
}

/** In the model's order. Instances without a PyTorch layout have no foreign form: left out. */
export function foreignStages(model: Model): readonly ForeignStage[] {
  const weights = new Map(model.weights.map((w) => [w.name, w]));
  const byStage = new Map<string, LayerInstance[]>();
  for (const instance of model.instances) {
    if (instance.layout?.format !== 'pytorch') continue;
    const key = instance.recurrent ? instance.stage : instance.path;
    byStage.set(key, [...(byStage.get(key) ?? []), instance]);
  }
  return [...byStage].flatMap(([path, instances]) => {
    const parts = instances.map((i) =>
      i.recurrent ? recurrentPart(i, weights) : plainPart(i, weights),
    );
    const leaves = parts.flatMap((part) => part?.weights.map((w) => w.leaf) ?? []);
    const known = parts.filter((part) => part !== undefined);
    // Two layers under one foreign name have no foreign form.
    if (known.length !== parts.length || new Set(leaves).size !== leaves.length) return [];
    return [joinParts(path, instances[0]?.recurrent === true ? 'recurrent' : 'plain', known)];
  });
}

type Part = Pick<ForeignStage, 'weights' | 'replaced' | 'assemble'>;
type Weights = ReadonlyMap<string, ModelWeight>;

function joinParts(path: string, kind: StageKind, parts: readonly Part[]): ForeignStage {
  return {
    path,
    kind,
    weights: parts.flatMap((p) => p.weights),
    replaced: parts.flatMap((p) => p.replaced),
    assemble: (b, foreign) => new Map(parts.flatMap((p) => [...p.assemble(b, foreign)])),
  };
}

/** One gate: a row block of the foreign matrices. */
interface Gate {
  readonly term: LayoutTerm;
  readonly bias: LayoutTerm | undefined;
  readonly offset: Dim;
  readonly rows: Dim;
  readonly input: ModelWeight;
  readonly recurrent: ModelWeight;
}

function recurrentPart(instance: LayerInstance, weights: Weights): Part | undefined {
  const own = (name: string) => weights.get(`${instance.path}.${name}`);
  const gates = gatesOf(instance, own);
  const [first] = gates ?? [];
  if (gates === undefined || first === undefined) return undefined;
  const suffix = `_l${instance.layer}${instance.direction === 'reverse' ? '_reverse' : ''}`;
  const leaf = (what: string) => `${what}${suffix}`;
  const biased = gates.some((g) => biasWeights(g, own).length > 0);
  const rows = gates.reduce((sum, g) => addDims(sum, g.rows), fixed(0));
  const shaped = (what: string, shape: Shape): ForeignWeight => ({
    leaf: leaf(what),
    shape,
    layer: instance.path,
    span: first.input.span,
  });
  return {
    weights: [
      shaped('weight_ih', [rows, columnsOf(first, false)]),
      shaped('weight_hh', [rows, columnsOf(first, true)]),
      ...(biased ? [shaped('bias_ih', [rows]), shaped('bias_hh', [rows])] : []),
    ],
    replaced: gates.flatMap((g) =>
      [...new Set([g.input, g.recurrent]), ...biasWeights(g, own)].map((w) => w.name),
    ),
    assemble: (b, foreign) => {
      const side = (what: string) => foreign(leaf(what));
      const entries = gates.flatMap((g) => [
        ...gateMatrices(b, g, side('weight_ih'), side('weight_hh')),
        ...(biased ? gateBiases(b, g, own, side('bias_ih'), side('bias_hh')) : []),
      ]);
      return new Map(entries);
    },
  };
}

type Own = (name: string) => ModelWeight | undefined;

function gatesOf(instance: LayerInstance, own: Own): readonly Gate[] | undefined {
  const terms = setting(instance.layout, 'gates');
  const biases = setting(instance.layout, 'biases');
  const gates: Gate[] = [];
  let offset = fixed(0);
  for (const [i, term] of terms.entries()) {
    const input = own(term.input);
    const recurrent = own(term.recurrent);
    const rows = input?.shape[0];
    if (input === undefined || recurrent === undefined || rows === undefined) return undefined;
    if (input === recurrent && input.blocks === undefined) return undefined;
    gates.push({ term, bias: biases[i], offset, rows, input, recurrent });
    offset = addDims(offset, rows);
  }
  return gates;
}

function setting(layout: CellLayout | undefined, name: string): readonly LayoutTerm[] {
  return layout?.settings.get(name) ?? [];
}

function biasWeights(gate: Gate, own: Own): readonly ModelWeight[] {
  if (gate.bias === undefined) return [];
  const names = new Set([gate.bias.input, gate.bias.recurrent]);
  return [...names].map(own).filter((w) => w !== undefined);
}

/** How many columns of this gate the foreign matrix of one side holds. */
function columnsOf(gate: Gate, recurrent: boolean): Dim {
  const weight = recurrent ? gate.recurrent : gate.input;
  if (gate.input !== gate.recurrent) return weight.shape[1] ?? fixed(0);
  return (weight.blocks ?? [])
    .filter((block) => block.recurrent === recurrent)
    .reduce((sum, block) => addDims(sum, block.columns), fixed(0));
}

/** A stacked weight takes its column blocks, in our order, from the one matrix and the other. */
function gateMatrices(b: Builder, gate: Gate, ih: Value, hh: Value): [string, Value][] {
  const inputRows = slice(b, ih, 0, gate.offset, gate.rows);
  const recurrentRows = slice(b, hh, 0, gate.offset, gate.rows);
  const signed = (v: Value) => (gate.term.negated ? neg(b, v) : v);
  if (gate.input !== gate.recurrent) {
    return [
      [gate.input.name, signed(inputRows)],
      [gate.recurrent.name, signed(recurrentRows)],
    ];
  }
  const used = { input: fixed(0), recurrent: fixed(0) };
  const columns = (gate.input.blocks ?? []).map((block) => {
    const side = block.recurrent ? 'recurrent' : 'input';
    const from = block.recurrent ? recurrentRows : inputRows;
    const part = slice(b, from, 1, used[side], block.columns);
    used[side] = addDims(used[side], block.columns);
    return part;
  });
  return [[gate.input.name, signed(concat(b, columns, 1))]];
}

/** PyTorch always has two biases; where we have one, it is their sum. */
function gateBiases(b: Builder, gate: Gate, own: Own, ih: Value, hh: Value): [string, Value][] {
  const term = gate.bias;
  if (term === undefined) return [];
  const input = own(term.input);
  const recurrent = own(term.recurrent);
  const signed = (v: Value) => (term.negated ? neg(b, v) : v);
  const rows = (v: Value) => slice(b, v, 0, gate.offset, gate.rows);
  if (term.input === term.recurrent) {
    return input === undefined ? [] : [[input.name, signed(add(b, rows(ih), rows(hh)))]];
  }
  return [
    ...(input === undefined ? [] : [[input.name, signed(rows(ih))] satisfies [string, Value]]),
    ...(recurrent === undefined
      ? []
      : [[recurrent.name, signed(rows(hh))] satisfies [string, Value]]),
  ];
}

function plainPart(instance: LayerInstance, weights: Weights): Part | undefined {
  const entries = ['weight', 'bias'].flatMap((leaf) => {
    const [term] = setting(instance.layout, leaf);
    const own = term === undefined ? undefined : weights.get(`${instance.path}.${term.input}`);
    return term === undefined || own === undefined ? [] : [{ leaf, term, own }];
  });
  if (entries.length === 0) return undefined;
  return {
    weights: entries.map(({ leaf, own }) => ({
      leaf,
      shape: own.shape,
      layer: instance.path,
      span: own.span,
    })),
    replaced: entries.map(({ own }) => own.name),
    assemble: (b, foreign) =>
      new Map(
        entries.map(({ leaf, term, own }) => {
          const value = foreign(leaf);
          return [own.name, term.negated ? neg(b, value) : value];
        }),
      ),
  };
}
