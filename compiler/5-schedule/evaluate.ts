/**
 * One element of a node as an expression: a load where the node lies in memory, else what its op
 * makes of its operands, in the scopes of an emitter. An element that is asked for twice is
 * computed once.
 */
import type { Expression } from '../../runtime/artifact/kernel.ts';
import { CompilerBug, present } from '../base/bug.ts';
import * as k from '../kernel/build.ts';
import { mapExpression } from '../kernel/walk.ts';
import { opNamed } from '../ops/all.ts';
import type { LowerContext } from '../ops/op.ts';
import { dimAttribute, numberAttribute } from '../ops/operands.ts';
import type { Emitter } from './emitter.ts';
import { keyOf } from './emitter.ts';
import { memoryType, type Node, type Place, type Tensor } from './node.ts';
import { four, isMadeOfQuads, liesInQuads, quadOf, termIndices } from './quads.ts';
import { dimSize } from './sizes.ts';
import { shortName, type KernelDraft } from './kernel-draft.ts';

type Reduce = LowerContext['reduce'];

export interface Resolved {
  readonly place: Place;
  readonly index: readonly Expression[];
}

export class Evaluator {
  readonly emitter: Emitter;
  private readonly draft: KernelDraft;
  /** Nodes that this kernel computes, though they have a place. */
  private readonly own: ReadonlySet<Node>;
  private readonly given = new Map<string, Expression>();
  private readonly places = new Map<Node, Place>();
  private readonly steps: Expression | undefined;
  /** Has its own way with some reductions. */
  reducer: ((node: Node, index: readonly Expression[]) => Expression | undefined) | undefined;

  /** `at` is the time step where it is not that of the dispatch. */
  constructor(emitter: Emitter, draft: KernelDraft, own: ReadonlySet<Node>, at?: Expression) {
    this.emitter = emitter;
    this.draft = draft;
    this.own = own;
    this.steps = at;
  }

  /** The node lies there for this kernel, whatever is known of it elsewhere. */
  lies(node: Node, place: Place): void {
    this.places.set(node, place);
  }

  private placeOf(node: Node): Place | undefined {
    return this.places.get(node) ?? (this.own.has(node) ? undefined : node.place);
  }

  /** The element is known to be this expression, whatever its node says. */
  give(node: Node, index: readonly Expression[], value: Expression): void {
    this.given.set(keyAt(node, index), value);
  }

  /** A bool node gives a bool expression. */
  at(node: Node, index: readonly Expression[]): Expression {
    const key = keyAt(node, index);
    const given = this.given.get(key) ?? this.emitter.recall(key);
    if (given !== undefined) return given;
    const place = this.placeOf(node);
    const value = place === undefined ? this.compute(node, index) : this.load(node, place, index);
    this.emitter.remember(key, value);
    return value;
  }

  /** The place of an element, in elements from the start of its tensor. */
  addressOf(place: Place, index: readonly Expression[]): Expression {
    const terms = index.map((i, axis) => k.mul(i, this.here(place.strides[axis] ?? k.int(0))));
    return this.emitter.sum([this.here(place.base), ...terms], 'i');
  }

  private load(node: Node, place: Place, index: readonly Expression[]): Expression {
    const memory = this.draft.reads(place.tensor);
    const inQuads = liesInQuads(place) && isMadeOfQuads(place.tensor);
    const quad = inQuads ? quadOf(index.at(-1), this.emitter) : undefined;
    if (quad !== undefined) {
      const first = [...index.slice(0, -1), quad.first];
      const loaded = k.load(memory, this.addressOf(place, first), 'f32x4');
      return k.lane(this.emitter.named(loaded, hintOf(node)), quad.lane);
    }
    const type = memoryType(node.type.dtype);
    const loaded = k.load(memory, this.addressOf(place, index), type);
    const named = this.emitter.named(loaded, hintOf(node));
    return node.type.dtype === 'bool' ? k.notEqual(named, k.int(0)) : named;
  }

  /** The name of a tensor's memory in this kernel, which reads it. */
  reads(tensor: Tensor): string {
    return this.draft.reads(tensor);
  }

  /** Where the element lies, if it is in memory or a stretch or a time step of what is. */
  resolve(node: Node, index: readonly Expression[]): Resolved | undefined {
    const place = this.placeOf(node);
    if (place !== undefined) return { place, index };
    const { source } = node;
    if (source.kind === 'step') return this.resolve(source.of, this.stepIndex(source, index));
    if (source.kind !== 'op') return undefined;
    const [operand] = source.operands;
    const { op, attributes } = source.instruction;
    if (operand === undefined) return undefined;
    if (op === 'stopGradient') return this.resolve(operand, index);
    if (op !== 'slice') return undefined;
    const start = this.emitter.named(dimSize(dimAttribute(op, attributes, 'start')), 'n');
    const axis = numberAttribute(op, attributes, 'axis');
    return this.resolve(
      operand,
      index.map((i, at) => (at === axis ? k.add(i, start) : i)),
    );
  }

  /** The index into what a step is of. */
  stepIndex(
    { at }: Extract<Node['source'], { kind: 'step' }>,
    [row = k.int(0), ...rest]: readonly Expression[],
  ): readonly Expression[] {
    return [row, this.here(at), ...rest];
  }

  private compute(node: Node, index: readonly Expression[]): Expression {
    const { source } = node;
    switch (source.kind) {
      case 'memory':
        return this.load(node, present(node.place, `a place for ${node.name}`), index);
      case 'step':
        return this.at(source.of, this.stepIndex(source, index));
      case 'op': {
        const value =
          this.reducer?.(node, index) ?? this.lower(node, index, (of) => (i) => this.at(of, i));
        return isLarge(value) ? this.emitter.named(value, hintOf(node)) : value;
      }
    }
    source satisfies never;
  }

  /** What the node's op makes of its operands, however they are had. */
  lower(
    node: Node,
    index: readonly Expression[],
    elementOf: (operand: Node) => (index: readonly Expression[]) => Expression,
    reduce: Reduce = (...sum) => this.reduce(node, ...sum),
  ): Expression {
    const { source } = node;
    if (source.kind !== 'op') throw new CompilerBug('schedule', `${node.name} is no op`);
    const { instruction, operands } = source;
    const lower = present(opNamed(instruction.op).lower, `the kernel form of ${instruction.op}`);
    return lower({
      index,
      operands: operands.map(elementOf),
      types: operands.map((operand) => operand.type),
      attributes: instruction.attributes,
      size: (dim) => this.emitter.named(dimSize(dim), 'n'),
      reduce,
      named: (e) => this.emitter.named(e, hintOf(node)),
    });
  }

  private reduce(
    node: Node,
    extents: readonly Expression[],
    initial: Expression,
    next: (index: readonly Expression[], running: Expression) => Expression,
  ): Expression {
    const { emitter } = this;
    const running = emitter.variable(`${hintOf(node)}_sum`, initial);
    const terms = termsOf(node, extents);
    const nest = (axis: number, index: readonly Expression[]): void => {
      const extent = extents[axis];
      if (extent === undefined) {
        const sum = (value: Expression, at: readonly Expression[]): Expression => next(at, value);
        emitter.assign(running, termIndices(index, terms).reduce(sum, running));
        return;
      }
      const step = k.int(axis === extents.length - 1 ? terms : 1);
      const range = { from: k.int(0), to: extent, step };
      emitter.loopBy('k', range, (variable) => nest(axis + 1, [...index, variable]));
    };
    nest(0, []);
    return running;
  }

  /** An expression of a body, which speaks of the turn of its loop, as this kernel knows it. */
  here(e: Expression): Expression {
    const { steps } = this;
    if (steps === undefined) return e;
    return mapExpression(e, (part) => (part.kind === 'step' ? steps : part));
  }
}

/** Terms that one turn of a sum's loop takes: four where its last axis is made of quads. */
function termsOf({ source }: Node, extents: readonly Expression[]): number {
  const last = extents.at(-1);
  const isProduct = source.kind === 'op' && source.instruction.op === 'dot';
  return isProduct && last?.kind === 'number' && last.value > 0 && last.value % four === 0
    ? four
    : 1;
}

export function keyAt(node: Node, index: readonly Expression[]): string {
  return `${node.id}@${index.map(keyOf).join(';')}`;
}

/** Without the path, so that layers that compute alike read alike. */
export function hintOf(node: Node): string {
  return shortName(node.name);
}

/** Parts of an expression that are not a name. */
function isLarge(e: Expression): boolean {
  return e.kind !== 'local' && e.kind !== 'number' && e.kind !== 'size' && e.kind !== 'lane';
}
