/**
 * Within a cell or layer a name means one thing: its input, a parameter, a state, a weight, or what
 * an equation defines. N3006 where a second meaning is given, or a second value emitted. Statements
 * are those of the branches that were chosen.
 */
import type { CellDefinition, CellStatement } from '../ast/types.ts';
import type { Span } from '../base/source.ts';
import type { ElaborationContext } from './context.ts';

type Meaning = 'given' | 'parameter' | 'state' | 'weight' | 'equation' | 'emit';

interface Known {
  readonly meaning: Meaning;
  /** Absent for what a definition has without saying so. */
  readonly span?: Span;
  reported?: true;
}

/** What equations find in scope, by the flavour of their definition. */
const given: Readonly<Record<CellDefinition['flavour'], readonly string[]>> = {
  cell: ['x'],
  layer: ['x'],
  optimizer: ['w', 'g', 'k'],
  schedule: ['k'],
};

export function checkDuplicates(
  ctx: ElaborationContext,
  definition: CellDefinition,
  statements: readonly CellStatement[],
): boolean {
  const known = new Map<string, Known>();
  for (const name of given[definition.flavour]) known.set(name, { meaning: 'given' });
  let fine = true;
  const declare = (meaning: Meaning, text: string, span: Span): void => {
    const earlier = known.get(text);
    if (earlier === undefined) known.set(text, { meaning, span });
    // An equation gives a state its value; a second one for it is N3019.
    if (earlier === undefined || (earlier.meaning === 'state' && meaning === 'equation')) return;
    if (earlier.reported === undefined) report(ctx, definition, text, span, earlier);
    earlier.reported = true;
    fine = false;
  };
  for (const { name } of definition.parameters) declare('parameter', name.text, name.span);
  for (const s of statements) {
    if (s.kind === 'state' || s.kind === 'weight') declare(s.kind, s.name.text, s.span);
    else if (s.kind === 'equation') declare('equation', s.target.text, s.target.span);
    else if (s.kind === 'emit') declare('emit', 'emit …', s.span);
  }
  return fine;
}

function report(
  ctx: ElaborationContext,
  { flavour }: CellDefinition,
  name: string,
  span: Span,
  { meaning, span: first }: Known,
): void {
  const messages: Readonly<Record<Meaning, string>> = {
    given: `${name} is what the ${flavour} is given`,
    parameter: `${name} is a parameter already`,
    state: `${name} is a state already`,
    weight: `${name} is a weight already`,
    equation: `${name} has an equation already`,
    emit: `a ${flavour} emits one value`,
  };
  ctx.error('N3006', messages[meaning], span, {
    secondary: first === undefined ? [] : [{ span: first, text: 'first here' }],
    hint: meaning === 'emit' ? 'concat joins several values to one' : undefined,
  });
}
