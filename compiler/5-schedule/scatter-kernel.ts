/**
 * Sums of rows that ids choose, for processors: a workgroup has a stretch of columns, sets them to
 * 0, then goes through the ids once, in order, and adds each row where its id says. The time does
 * not depend on how many rows there are to choose from, and the order of the sums never changes.
 * What hangs on the sums is computed in a second turn over the same columns.
 */
import type { Expression } from '../../runtime/artifact/kernel.ts';
import { present } from '../base/bug.ts';
import { fixedValue } from '../graph/dim.ts';
import { elementCount } from '../graph/polynomial.ts';
import * as k from '../kernel/build.ts';
import { Emitter } from './emitter.ts';
import { FourEvaluator } from './evaluate-fours.ts';
import type { Index } from './fours.ts';
import { Evaluator } from './evaluate.ts';
import type { KernelItem } from './fuse.ts';
import { group, KernelDraft } from './kernel-draft.ts';
import type { Node, Place, Tensor } from './node.ts';
import { densePlace } from './nodes-of.ts';
import { rootStores } from './point-kernel.ts';
import { four } from './quads.ts';
import { dimSize, shapeSize, unflatten } from './sizes.ts';

/** Columns of a workgroup. */
const stretch = 64;

/** The reduction of a kernel if it is such a sum, of floats and of no axis but the ids'. */
export function scatterOf({ reduction, domain }: KernelItem): Node | undefined {
  if (reduction?.source.kind !== 'op' || reduction.type.dtype !== 'float') return undefined;
  const { op, attributes } = reduction.source.instruction;
  const flat = op === 'scatterAdd' && attributes['batch'] === 0 && domain.length > 1;
  return flat && reduction.type.shape === domain ? reduction : undefined;
}

export function scatterKernel(item: KernelItem, node: Node, name: string): KernelDraft {
  const draft = new KernelDraft(name, 1, item.region.symbols);
  const [rows, ...rest] = item.domain;
  const columns = shapeSize(rest);
  draft.groups = k.ceilDiv(columns, k.int(stretch));
  const emitter = new Emitter(draft.symbols);
  const evaluator = new Evaluator(emitter, draft, item.members);
  const own = item.roots.find((root) => root.node === node && root.mask === undefined);
  const place = own?.place ?? temporary(node);
  const writer = new ScatterWriter(emitter, evaluator, draft, place);
  const from = emitter.named(k.mul(group, k.int(stretch)), 'from');
  const to = emitter.named(k.min(k.add(from, k.int(stretch)), columns), 'to');
  const height = dimSize(present(rows, 'rows'));
  writer.clear(height, { from, to, rest });
  writer.add(node, height, { from, to, rest });
  evaluator.lies(node, place);
  const others = item.roots.filter((root) => root !== own);
  if (others.length > 0) {
    emitter.loop('row', height, (row) => {
      emitter.loop(
        'column',
        to,
        (column) => {
          emitter.keepLoadsHere();
          const index = [row, ...unflatten(column, rest).map((i) => emitter.named(i, 'at'))];
          emitter.push(...rootStores(evaluator, draft, others, index));
        },
        from,
      );
    });
  }
  draft.statements.push(...emitter.statements);
  return draft;
}

function temporary(node: Node): Place {
  const length = elementCount(node.type.shape);
  const tensor: Tensor = { name: `${node.name}.sums`, element: 'f32', length, kept: false };
  return densePlace(tensor, node.type);
}

interface Columns {
  readonly from: Expression;
  readonly to: Expression;
  readonly rest: KernelItem['domain'];
}

class ScatterWriter {
  private readonly emitter: Emitter;
  private readonly evaluator: Evaluator;
  private readonly draft: KernelDraft;
  private readonly place: Place;
  private readonly memory: string;

  constructor(emitter: Emitter, evaluator: Evaluator, draft: KernelDraft, place: Place) {
    this.emitter = emitter;
    this.evaluator = evaluator;
    this.draft = draft;
    this.place = place;
    this.memory = draft.writes(place.tensor);
  }

  clear(height: Expression, { from, to, rest }: Columns): void {
    const { emitter, memory } = this;
    emitter.loop('row', height, (row) => {
      emitter.loop(
        'column',
        to,
        (column) => {
          const index = this.addressOf([row, ...unflatten(column, rest)]);
          emitter.push({ kind: 'store', memory, index, value: k.float(0) });
        },
        from,
      );
    });
  }

  /** Ids that choose no row are left out, as are their rows. */
  add({ source }: Node, height: Expression, { from, to, rest }: Columns): void {
    if (source.kind !== 'op') return;
    const { emitter, evaluator } = this;
    const [ids, updates] = source.operands;
    const of = present(ids, 'ids');
    const row = (at: Index): void => {
      emitter.keepLoadsHere();
      const id = emitter.named(evaluator.at(of, at), 'id');
      const valid = k.and(k.lessEqual(k.int(0), id), k.less(id, height));
      emitter.when(valid, () => {
        this.addRow(present(updates, 'updates'), at, id, { from, to, rest });
      });
    };
    const nest = (axis: number, at: Index): void => {
      const dim = of.type.shape[axis];
      if (dim === undefined) row(at);
      else emitter.loop('n', dimSize(dim), (i) => nest(axis + 1, [...at, i]));
    };
    nest(0, []);
  }

  private addRow(updates: Node, at: Index, id: Expression, { from, to, rest }: Columns): void {
    const { emitter, evaluator, memory } = this;
    const flat = rest.length === 1;
    const fours = new FourEvaluator(evaluator);
    const whole = flat
      ? emitter.named(k.sub(to, k.mod(k.sub(to, from), k.int(four))), 'whole')
      : from;
    if (flat) {
      const isWhole = (fixedValue(present(rest[0], 'columns')) ?? 1) % four === 0;
      emitter.loopBy('first', { from, to: whole, step: k.int(four) }, (first) => {
        emitter.keepLoadsHere();
        const index = this.addressOf([id, first]);
        const before = isWhole
          ? k.load(this.reads(), index, 'f32x4')
          : k.loadAnywhere(this.reads(), index);
        const value = k.add(before, fours.at(updates, [...at, first]));
        const store = { kind: 'store', memory, index, value } as const;
        emitter.push(isWhole ? store : { ...store, unaligned: true });
      });
    }
    emitter.loop(
      'column',
      to,
      (column) => {
        emitter.keepLoadsHere();
        const inner = unflatten(column, rest).map((i) => emitter.named(i, 'at'));
        const index = this.addressOf([id, ...inner]);
        const before = k.load(this.reads(), index, 'f32');
        const value = k.add(before, evaluator.at(updates, [...at, ...inner]));
        emitter.push({ kind: 'store', memory, index, value });
      },
      whole,
    );
  }

  private reads(): string {
    return this.draft.reads(this.place.tensor);
  }

  private addressOf(index: Index): Expression {
    return this.evaluator.addressOf(this.place, index);
  }
}
