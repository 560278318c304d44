/**
 * Statements as a text that is the same for statements that do the same in the same order, whatever
 * their names are and however their whole numbers are summed up.
 */
import type { Expression, Statement } from '../../../runtime/artifact/kernel.ts';
import { blocksOf, expressionsOf, partsOf } from '../../kernel/walk.ts';
import { linearForm, type WholeLets } from './linear-forms.ts';

/** `lets` are whole numbers that are written out; `named` says what else stands for which name. */
export function canonicalText(
  statements: readonly Statement[],
  lets: WholeLets,
  named: ReadonlyMap<string, Expression>,
): string {
  return new Canonical(new Map([...lets, ...named])).block(statements);
}

export function canonicalExpression(e: Expression, lets: WholeLets): string {
  return new Canonical(lets).text(e);
}

class Canonical {
  private readonly writtenOut: ReadonlyMap<string, Expression>;
  private readonly names = new Map<string, string>();

  constructor(writtenOut: ReadonlyMap<string, Expression>) {
    this.writtenOut = writtenOut;
  }

  block(statements: readonly Statement[]): string {
    return statements.map((s) => this.statement(s)).join('');
  }

  text(e: Expression): string {
    switch (e.kind) {
      case 'number':
        return e.type === 'i32'
          ? this.sum(e)
          : `${e.type} ${Object.is(e.value, -0) ? '-0' : e.value}`;
      case 'local': {
        const value = this.writtenOut.get(e.name);
        return value === undefined ? this.sum(e) : this.text(value);
      }
      case 'binary':
        return e.type === 'i32' && sums.has(e.op) ? this.sum(e) : this.apart(e);
      default:
        return this.apart(e);
    }
  }

  private statement(s: Statement): string {
    if (s.kind === 'comment') return '';
    if (s.kind === 'let' && this.writtenOut.has(s.name)) return '';
    const own = expressionsOf(s).map((e) => this.text(e));
    const memory = s.kind === 'store' ? `${s.memory} ${String(s.unaligned)}` : '';
    const name = 'name' in s ? s.name : s.kind === 'for' ? s.variable : '';
    if (s.kind !== 'assign' && name !== '') this.names.set(name, `#${this.names.size}`);
    const blocks = blocksOf(s).map((block) => `{${this.block(block)}}`);
    return `${s.kind} ${memory} ${this.names.get(name) ?? name}(${own.join()})${blocks.join('')};`;
  }

  /** All that it is made of. */
  private apart(e: Expression): string {
    const { kind, ...rest } = e;
    const own = Object.entries(rest).filter(([, value]) => typeof value !== 'object');
    return `${kind}<${own.join(';')}>(${partsOf(e)
      .map((part) => this.text(part))
      .join()})`;
  }

  private sum(e: Expression): string {
    const form = linearForm(e, this.writtenOut, (part) =>
      part.kind === 'local' ? this.nameOf(part.name) : this.apart(part),
    );
    const terms = [...form].filter(([, count]) => count !== 0);
    return `[${terms
      .map(([key, count]) => `${count} ${key}`)
      .sort()
      .join('+')}]`;
  }

  private nameOf(name: string): string {
    return this.names.get(name) ?? JSON.stringify(name);
  }
}

const sums: ReadonlySet<string> = new Set(['add', 'sub', 'mul']);
