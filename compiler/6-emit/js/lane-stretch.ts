/**
 * What a stretch of statements does to memory and to names, as far as it must be known before its
 * fours are computed lane after lane rather than all at once.
 */
import type { Expression, Statement } from '../../../runtime/artifact/kernel.ts';
import { typeOf } from '../../kernel/build.ts';
import { blocksOf, expressionsOf, partsOf } from '../../kernel/walk.ts';

export type StoreStatement = Extract<Statement, { readonly kind: 'store' }>;

export interface Access {
  readonly memory: string;
  /** Four elements at a multiple of 4: of two such accesses only the same lanes can meet. */
  readonly isAligned: boolean;
  /** Of a store; it gives four elements their values. */
  readonly statement?: StoreStatement;
  /** Whether it stands in a block of the stretch. */
  readonly isNested: boolean;
}

export interface Stretch {
  /** In the order of the text. */
  readonly accesses: readonly Access[];
  /** Names that it defines. */
  readonly defined: ReadonlySet<string>;
}

/**
 * Undefined where lanes cannot be parted: four numbers are made of single ones, one is taken out of
 * four, or something happens that must not happen four times. `outside` are f32x4 from before the
 * stretch that can be had lane by lane too.
 */
export function stretchOf(
  statements: readonly Statement[],
  outside: ReadonlyMap<string, Expression>,
): Stretch | undefined {
  const found = new Finder(outside);
  return found.block(statements, false) ? found : undefined;
}

class Finder implements Stretch {
  readonly accesses: Access[] = [];
  readonly defined = new Set<string>();
  private readonly outside: ReadonlyMap<string, Expression>;

  constructor(outside: ReadonlyMap<string, Expression>) {
    this.outside = outside;
  }

  block(statements: readonly Statement[], isNested: boolean): boolean {
    return statements.every((s) => this.statement(s, isNested));
  }

  private statement(s: Statement, isNested: boolean): boolean {
    if (s.kind === 'assign' && !this.defined.has(s.name)) return false;
    if (!expressionsOf(s).every((e) => this.expression(e, isNested))) return false;
    if (s.kind === 'store') {
      if (typeOf(s.value) !== 'f32x4') return false;
      const isAligned = s.unaligned !== true;
      this.accesses.push({ memory: s.memory, isAligned, statement: s, isNested });
    }
    if (s.kind === 'let' || s.kind === 'var') this.defined.add(s.name);
    if (s.kind === 'for') this.defined.add(s.variable);
    return blocksOf(s).every((block) => this.block(block, true));
  }

  private expression(e: Expression, isNested: boolean): boolean {
    if (e.kind === 'pack' || e.kind === 'lane') return false;
    if (e.kind === 'local' && e.type === 'f32x4') {
      return this.defined.has(e.name) || this.outside.has(e.name);
    }
    if (!partsOf(e).every((part) => this.expression(part, isNested))) return false;
    if (e.kind === 'load') {
      const isAligned = e.type === 'f32x4' && e.unaligned !== true;
      this.accesses.push({ memory: e.memory, isAligned, isNested });
    }
    return true;
  }
}

/**
 * The stores that must wait until all lanes have loaded; undefined where that would not do, since
 * one lane might load what another has stored before.
 */
export function waitingStores({ accesses }: Stretch): readonly StoreStatement[] | undefined {
  const waiting: StoreStatement[] = [];
  for (const memory of new Set(accesses.map((access) => access.memory))) {
    const own = accesses.filter((access) => access.memory === memory);
    const stores = own.flatMap(({ statement }) => statement ?? []);
    if (stores.length === 0 || own.every(({ isAligned }) => isAligned)) continue;
    const first = own.findIndex(({ statement }) => statement !== undefined);
    const isLate = own.slice(first).every(({ statement }) => statement !== undefined);
    if (!isLate || own.slice(first).some(({ isNested }) => isNested)) return undefined;
    if (own.length > 1) waiting.push(...stores);
  }
  return waiting;
}
