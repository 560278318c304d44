/**
 * Copies of what products multiply, laid out in the order in which a tile of a product reads them:
 * without them a tile would fetch a line of memory for every number that it uses. A copy is made by
 * a kernel of its own, before the first kernel or loop that reads it; of what does not change from
 * run to run, once.
 */
import { present } from '../base/bug.ts';
import type { Dim } from '../graph/dim.ts';
import { elementCount } from '../graph/polynomial.ts';
import * as k from '../kernel/build.ts';
import { Emitter } from './emitter.ts';
import { Evaluator } from './evaluate.ts';
import { group, KernelDraft } from './kernel-draft.ts';
import type { Node, Tensor } from './node.ts';
import { pick, placed, type Operand, type Pack } from './operand.ts';
import { Panel } from './panel.ts';
import { shapeSize, unflatten } from './sizes.ts';

export class Packs {
  private readonly scales: ReadonlyMap<Node, Node>;
  private readonly known = new Map<string, Pack>();
  /** By panel: the column where each of its segments begins. */
  private readonly segments = new Map<string, number[]>();
  private readonly owners = new Map<object, number>();
  private fresh: Pack[] = [];

  /** `scales`: of operands that may be copied as codes of 8 bits, a number for each column. */
  constructor(scales: ReadonlyMap<Node, Node> = new Map()) {
    this.scales = scales;
  }

  /** The position of the segment of that panel whose first column this is. */
  segment(owner: object, operand: Operand, offset: number): number {
    const segments = this.segmentsOf(panelKey(this.ownerId(owner), operand));
    const known = segments.indexOf(offset);
    return known < 0 ? segments.push(offset) - 1 : known;
  }

  /**
   * The operand for the tiles of one kernel, which is `owner`; its one free axis are columns. As
   * codes where it may be for tiles of `single` rows: where rows share what is loaded, arithmetic
   * takes the time, and codes take more of it.
   */
  panel(owner: object, operand: Operand, width: Dim, single: boolean): Panel {
    const key = panelKey(this.ownerId(owner), operand);
    const scales = single ? this.scales.get(operand.node) : undefined;
    const form = { width, extent: 'whole', segments: this.segmentsOf(key) } as const;
    if (scales === undefined) return this.find(key, () => new Panel(operand, form));
    return this.find(`codes ${key}`, () => new Panel(operand, form, scales));
  }

  /** The operand by fours of its one free axis, for whoever asks. */
  fours(operand: Operand): Panel {
    const axis = present(operand.free[0], 'a free axis');
    const width = present(operand.node.type.shape[axis], 'an axis');
    const form = { width, extent: 'all', segments: [0] } as const;
    return this.find(`fours ${keyOf(operand)}`, () => new Panel(operand, form));
  }

  /** The operand as a dense matrix, row by row. */
  rows(operand: Operand): Tensor {
    return this.find(`rows ${keyOf(operand)}`, () => new RowsPack(operand)).tensor;
  }

  /** Kernels that nobody has taken yet; they are written when all that is asked for is known. */
  takeNew(): readonly KernelDraft[] {
    const drafts = this.fresh.flatMap((pack) => pack.drafts);
    this.fresh = [];
    return drafts;
  }

  finish(): void {
    for (const pack of this.known.values()) pack.write();
  }

  private ownerId(owner: object): number {
    const id = this.owners.get(owner) ?? this.owners.size;
    this.owners.set(owner, id);
    return id;
  }

  private segmentsOf(key: string): number[] {
    const segments = this.segments.get(key) ?? [];
    this.segments.set(key, segments);
    return segments;
  }

  private find<P extends Pack>(key: string, make: () => P): P {
    const known = this.known.get(key);
    // The key begins with what it is.
    if (known !== undefined) return known as P;
    const pack = make();
    this.known.set(key, pack);
    this.fresh.push(pack);
    return pack;
  }
}

function panelKey(owner: number, operand: Operand): string {
  return `panel ${owner} ${keyOf(operand)}`;
}

function keyOf({ node, free, contracted }: Operand): string {
  return `${node.id} ${free.join(',')} ${contracted.join(',')}`;
}

class RowsPack implements Pack {
  readonly tensor: Tensor;
  private readonly draft: KernelDraft;
  private readonly operand: Operand;

  constructor(operand: Operand) {
    this.operand = operand;
    const { node } = operand;
    const length = elementCount(node.type.shape);
    this.tensor = { name: `${node.name}.rows`, element: 'f32', length, kept: false };
    this.draft = new KernelDraft('pack', 1, node.region.symbols);
  }

  get drafts(): readonly KernelDraft[] {
    return [this.draft];
  }

  write(): void {
    const { operand, tensor, draft } = this;
    const { node, free, contracted } = operand;
    const axes = [...free, ...contracted];
    const shape = pick(node, axes);
    const inner = shape.slice(-1);
    const outer = shape.slice(0, -1);
    draft.groups = shapeSize(outer);
    const emitter = new Emitter(draft.symbols);
    const evaluator = new Evaluator(emitter, draft, new Set());
    emitter.keepLoadsHere();
    const at = unflatten(group, outer).map((i) => emitter.named(i, 'at'));
    const memory = draft.writes(tensor);
    const width = emitter.named(shapeSize(inner), 'n');
    emitter.loop('k', width, (i) => {
      const value = evaluator.at(node, placed(axes, [...at, i]));
      const index = emitter.sum([k.mul(group, width), i], 'i');
      emitter.push({ kind: 'store', memory, index, value });
    });
    draft.statements.push(...emitter.statements);
  }
}
