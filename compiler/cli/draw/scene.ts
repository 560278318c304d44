/**
 * A graph as boxes and arrows: layers are boxes around their instructions, a scan is a box around
 * its step, and a carry's arrow runs back to where the next step reads it. Instructions that only
 * change a form (broadcast, reshape, cast) are not drawn: arrows pass through them.
 */
import { printDim } from '../../graph/dim.ts';
import type { Model } from '../../graph/model.ts';
import { scanParts } from '../../graph/scan.ts';
import type { Attributes, Graph, Instruction, Value } from '../../graph/types.ts';
import { namedShape } from '../summary.ts';

export type BoxKind = 'group' | 'scan' | 'op' | 'product' | 'input' | 'state' | 'output' | 'carry';

export interface Box {
  readonly id: string;
  readonly kind: BoxKind;
  readonly label: string;
  /** A second, smaller line. */
  readonly detail?: string;
  readonly children: Box[];
}

export interface Arrow {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  /** From the end of one time step to the beginning of the next. */
  readonly back: boolean;
}

export interface Scene {
  readonly title: string;
  readonly boxes: readonly Box[];
  readonly arrows: readonly Arrow[];
}

export function sceneOf(model: Model, graph: Graph, times: ReadonlySet<string>): Scene {
  return new SceneBuilder(model, times).build(graph);
}

const symbols: Readonly<Record<string, string>> = {
  add: '+',
  sub: '−',
  mul: '×',
  div: '÷',
  neg: '−',
  sigmoid: 'σ',
  dot: 'product',
  less: '<',
  lessEqual: '≤',
  equal: '=',
  reduceSum: 'sum',
  reduceMax: 'max',
  select: 'where',
  gather: 'look up',
};

/** Drawn as an arrow that passes through. */
const transparent = new Set(['broadcast', 'reshape', 'cast', 'stopGradient', 'transpose']);

/** Where a value comes from: a box, or a number or weight that is written at its use. */
type Source =
  | { readonly kind: 'box'; readonly id: string }
  | { readonly kind: 'text'; readonly text: string; readonly shape?: string };

type Scope = Map<number, Source>;

class SceneBuilder {
  private readonly model: Model;
  private readonly times: ReadonlySet<string>;
  private readonly roots: Box[] = [];
  private readonly groups = new Map<string, Box>();
  private readonly arrows: Arrow[] = [];
  private boxes = 0;

  constructor(model: Model, times: ReadonlySet<string>) {
    this.model = model;
    this.times = times;
  }

  build(graph: Graph): Scene {
    const scope: Scope = new Map();
    const layerOf = new Map([
      ...this.model.weights.map((w): [string, string] => [w.name, w.layer]),
      ...this.model.states.map((s): [string, string] => [s.initial, s.layer]),
    ]);
    for (const p of graph.parameters) {
      if (p.role === 'control') continue;
      const layer = layerOf.get(p.name);
      const shape = namedShape(p.value.type.shape, this.times);
      const name = ownName(p.name, layer);
      if (p.role === 'weight') {
        scope.set(p.value.id, { kind: 'text', text: name, shape });
      } else {
        const box = this.box(
          this.group(layer),
          p.role === 'state' ? 'state' : 'input',
          name,
          shape,
        );
        scope.set(p.value.id, { kind: 'box', id: box.id });
      }
    }
    this.instructions(graph, scope, (i) => this.group(i.origin?.layer));
    for (const { name, value } of graph.results) {
      if (this.model.states.some((s) => s.final === name)) continue;
      const box = this.box(this.roots, 'output', name, namedShape(value.type.shape, this.times));
      this.connect(scope.get(value.id), box);
    }
    return { title: this.model.name, boxes: this.roots, arrows: this.arrows };
  }

  private instructions(
    graph: Graph,
    scope: Scope,
    place: (instruction: Instruction) => Box[],
  ): void {
    for (const instruction of graph.instructions) {
      const [result] = instruction.results;
      const [operand] = instruction.operands;
      if (instruction.op === 'scan') {
        this.scan(instruction, scope, place(instruction));
      } else if (result !== undefined && operand !== undefined && transparent.has(instruction.op)) {
        const source = scope.get(operand.id);
        if (source !== undefined) scope.set(result.id, source);
      } else {
        this.instruction(instruction, scope, place(instruction));
      }
    }
  }

  private instruction(instruction: Instruction, scope: Scope, home: Box[]): void {
    const { op, operands, attributes, results } = instruction;
    const [result] = results;
    if (result === undefined) return;
    const sources = operands.map((v) => scope.get(v.id));
    const passed = op === 'select' ? unmasked(sources) : undefined;
    const literal = literalOf(op, attributes);
    if (literal !== undefined) {
      scope.set(result.id, { kind: 'text', text: literal });
    } else if (passed !== undefined) {
      scope.set(result.id, passed);
    } else if (sources.some((s) => s !== undefined)) {
      // What depends on lengths alone (the masks of padding) says nothing about the model.
      const { label, detail } = describe(op, sources);
      const box = this.box(home, op === 'dot' ? 'product' : 'op', label, detail);
      for (const source of sources) this.connect(source, box);
      scope.set(result.id, { kind: 'box', id: box.id });
    }
  }

  private scan(instruction: Instruction, scope: Scope, home: Box[]): void {
    const parts = scanParts(instruction);
    const label = parts.reverse ? 'each time step, last to first' : 'each time step';
    const frame = this.box(home, 'scan', label);
    const inner: Scope = new Map();
    const carry = (outer: readonly Value[], params: ScanPartsParameters): void => {
      params.forEach((p, i) => {
        const source = scope.get(outer[i]?.id ?? -1);
        if (source !== undefined) inner.set(p.value.id, source);
      });
    };
    carry(parts.constants, parts.bodyConstants);
    parts.bodyXs.forEach((p, i) => {
      const box = this.box(frame.children, 'carry', `${p.name}⟨t⟩`);
      this.connect(scope.get(parts.xs[i]?.id ?? -1), box);
      inner.set(p.value.id, { kind: 'box', id: box.id });
    });
    const carries = parts.bodyCarries.map((p, i) => {
      const box = this.box(frame.children, 'carry', `${p.name}⟨t${parts.reverse ? '+' : '-'}1⟩`);
      this.connect(scope.get(parts.carries[i]?.id ?? -1), box);
      inner.set(p.value.id, { kind: 'box', id: box.id });
      return box;
    });
    this.instructions(parts.body, inner, () => frame.children);
    parts.nexts.forEach((next, i) => {
      const box = carries[i];
      const source = inner.get(next.value.id);
      if (box !== undefined) this.connect(source, box, true);
      const final = parts.finals[i];
      if (final !== undefined && source !== undefined) scope.set(final.id, source);
    });
    parts.yields.forEach((y, i) => {
      const source = inner.get(y.value.id);
      const outer = parts.ys[i];
      if (outer !== undefined && source !== undefined) scope.set(outer.id, source);
    });
  }

  private group(layer: string | undefined): Box[] {
    if (layer === undefined || layer === '') return this.roots;
    const known = this.groups.get(layer);
    if (known !== undefined) return known.children;
    const label = this.model.layers.find((l) => l.path === layer)?.label;
    const group = this.box(this.roots, 'group', layer, label === layer ? undefined : label);
    this.groups.set(layer, group);
    return group.children;
  }

  private box(home: Box[], kind: BoxKind, label: string, detail?: string): Box {
    const box: Box = {
      id: `b${this.boxes++}`,
      kind,
      label,
      ...(detail === undefined ? {} : { detail }),
      children: [],
    };
    home.push(box);
    return box;
  }

  private connect(source: Source | undefined, to: Box, back = false): void {
    if (source?.kind !== 'box') return;
    this.arrows.push({ id: `a${this.arrows.length}`, from: source.id, to: to.id, back });
  }
}

type ScanPartsParameters = ReturnType<typeof scanParts>['bodyConstants'];

function literalOf(op: string, { value, dim }: Attributes): string | undefined {
  const size = typeof dim === 'object' && 'terms' in dim ? printDim(dim) : '';
  if (op === 'constant') return typeof value === 'object' ? undefined : String(value);
  if (op === 'size') return size;
  return undefined;
}

/** What a mask of padding lets through: `where(mask, x, 0)`. */
function unmasked([mask, x, zero]: readonly (Source | undefined)[]): Source | undefined {
  return mask === undefined && zero?.kind === 'text' && zero.text === '0' ? x : undefined;
}

/** `Wu` with its shape for a product, `+ bu`, `1 −`: what is no box is written where it stands. */
function describe(
  op: string,
  sources: readonly (Source | undefined)[],
): { label: string; detail?: string } {
  const symbol = symbols[op] ?? op;
  const [first] = sources;
  const texts = sources.filter((s) => s?.kind === 'text');
  const [text] = texts;
  if (text === undefined || sources.length > 2) return { label: symbol };
  if (op === 'dot' && text.shape !== undefined) return { label: text.text, detail: text.shape };
  const written = texts.map((t) => t.text).join(', ');
  if (op === 'gather') return { label: `${symbol} in ${written}` };
  return { label: first?.kind === 'text' ? `${written} ${symbol}` : `${symbol} ${written}` };
}

/** A weight's name without its layer's path, which stands on the box around it. */
function ownName(name: string, layer: string | undefined): string {
  return layer !== undefined && name.startsWith(`${layer}.`) ? name.slice(layer.length + 1) : name;
}
