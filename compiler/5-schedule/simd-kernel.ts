/**
 * Kernels for processors: a workgroup is one invocation, which goes through a stretch of the domain
 * in loops, four neighbouring elements at a time, or one after another where there are no fours.
 */
import { present } from '../base/bug.ts';
import { fixedValue } from '../graph/dim.ts';
import * as k from '../kernel/build.ts';
import { isReduction } from './decide.ts';
import { isTransposed, sidesOf } from './four-products.ts';
import type { KernelItem } from './fuse.ts';
import { joinLoops } from './join-loops.ts';
import { group, KernelDraft } from './kernel-draft.ts';
import type { Packs } from './packs.ts';
import { rootStores } from './point-kernel.ts';
import { four } from './quads.ts';
import { scatterKernel, scatterOf } from './scatter-kernel.ts';
import { shapeSize, unflatten } from './sizes.ts';
import { accumulators, evaluatorsOf, TileWriter, type TileForm } from './tile-writer.ts';

/** Single elements of a workgroup. */
const singles = 8;

export function simdKernel(item: KernelItem, name: string, packs: Packs): KernelDraft {
  const scatter = scatterOf(item);
  if (scatter !== undefined) return scatterKernel(item, scatter, name);
  const columns = item.domain.at(-1);
  const width = columns === undefined ? undefined : fixedValue(columns);
  const narrow = columns === undefined || (width !== undefined && width < four);
  if (narrow || !item.roots.some(({ node }) => node.type.dtype === 'float')) {
    return singleKernel(item, name);
  }
  return tileKernel(item, name, packs);
}

/** A tile's form follows from how many sums an element of the domain takes. */
function tileKernel(item: KernelItem, name: string, packs: Packs): KernelDraft {
  const writer = (form: TileForm): TileWriter => new TileWriter(item, name, packs, form);
  const single = { sums: 1, rows: 1, fours: 1 };
  // Where something is summed, it is written once to see how many sums an element takes.
  const sums = [...item.members].some(isReduction) ? writer(single).sums() : 0;
  return sums === 0 ? writer(single).stretches() : writer(formFor(item, sums)).tiles();
}

function formFor({ members, region, domain }: KernelItem, sums: number): TileForm {
  const lefts = [...members].flatMap((node) => sidesOf(node)?.left ?? []);
  const inFours = lefts.some(isTransposed) || (region.kind === 'top' && sums <= 2);
  // Sums over rows have no rows of their own to share anything.
  const rows = lefts.length === 0 ? 1 : inFours ? four : 2;
  const most = Math.max(1, Math.floor(accumulators / rows / sums));
  const width = fixedValue(present(domain.at(-1), 'columns'));
  if (width === undefined) return { sums, rows, fours: most };
  return { sums, rows, fours: leastWaste(Math.floor(width / four), Math.min(most, four)) };
}

/** How many of `most` fours to take at a time, so that few are computed twice at the edge. */
function leastWaste(count: number, most: number): number {
  let best = 1;
  let least = Infinity;
  for (let size = 1; size <= most; size++) {
    // Each tile also loads what its rows share.
    const cost = Math.ceil(count / size) * (size + 1);
    if (cost <= least) [best, least] = [size, cost];
  }
  return best;
}

/** One element after another. */
function singleKernel(item: KernelItem, name: string): KernelDraft {
  const draft = new KernelDraft(name, 1, item.region.symbols);
  const total = shapeSize(item.domain);
  draft.groups = k.ceilDiv(total, k.int(singles));
  const { emitter, evaluator } = evaluatorsOf(item, draft);
  const from = emitter.named(k.mul(group, k.int(singles)), 'from');
  const to = emitter.named(k.min(k.add(from, k.int(singles)), total), 'to');
  emitter.loop(
    'element',
    to,
    (flat) => {
      emitter.keepLoadsHere();
      const index = unflatten(flat, item.domain).map((i) => emitter.named(i, 'at'));
      emitter.push(...rootStores(evaluator, draft, item.roots, index));
    },
    from,
  );
  draft.statements.push(...joinLoops(emitter.statements));
  return draft;
}
