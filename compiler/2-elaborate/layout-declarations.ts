/** `layout pytorch(gates = [Wi, -Wf, [Wc, Uc]], …)` as data. */
import type { Argument, Expression } from '../ast/types.ts';
import type { CellLayout, LayoutTerm } from '../graph/model.ts';
import type { ElaborationContext } from './context.ts';

export function layoutFrom(
  ctx: ElaborationContext,
  format: string,
  settings: readonly Argument[],
): CellLayout {
  const terms = new Map<string, LayoutTerm[]>();
  for (const s of settings) {
    const items = s.value.kind === 'list' ? s.value.items : [s.value];
    const found = items.map(layoutTerm);
    const known = found.filter((t) => t !== undefined);
    if (s.name === undefined || known.length < found.length) {
      ctx.error('N3005', 'a layout lists weights by name', s.span, {
        hint: 'layout pytorch(gates = [Wi, -Wf, [Wc, Uc]], states = [h, c])',
      });
    } else {
      terms.set(s.name.text, known);
    }
  }
  return { format, settings: terms };
}

function layoutTerm(e: Expression): LayoutTerm | undefined {
  if (e.kind === 'reference') return { negated: false, input: e.name, recurrent: e.name };
  if (e.kind === 'unary') {
    const inner = layoutTerm(e.operand);
    return inner && { ...inner, negated: !inner.negated };
  }
  if (e.kind !== 'list') return undefined;
  const [input, recurrent] = e.items;
  if (input?.kind !== 'reference' || recurrent?.kind !== 'reference') return undefined;
  return { negated: false, input: input.name, recurrent: recurrent.name };
}
