/**
 * A spec without what nothing in it uses any more: definitions, inputs, intermediate values,
 * weights, parameters of the model, comments. Its target, the model that is run, comes last.
 */
import { childrenOf } from '../../ast/walk.ts';
import type { Definition, Expression, SourceFile } from '../../ast/types.ts';
import { allExpressions, withStatements, type Statement } from './tree.ts';

/** The model that is run: the one of that name, or the last. */
export function targetOf(file: SourceFile, name?: string): Definition | undefined {
  const models = file.definitions.filter((d) => d.kind === 'model');
  return models.find((m) => m.name.text === name) ?? models.at(-1);
}

export function tidied(file: SourceFile): SourceFile {
  const target = targetOf(file);
  if (target === undefined) return file;
  const kept = new Map<string, Definition>();
  const keep = (definition: Definition): void => {
    const tidy = tidyDefinition(definition);
    kept.set(definition.name.text, tidy);
    for (const name of namesIn(tidy)) {
      const used = file.definitions.find((d) => d.name.text === name);
      if (used !== undefined && !kept.has(name)) keep(used);
    }
  };
  keep(target);
  const definitions = file.definitions.flatMap((d) => kept.get(d.name.text) ?? []);
  return { ...file, definitions, comments: [] };
}

/** Names that a definition reads, whatever they stand for. */
export function namesIn(definition: Definition): ReadonlySet<string> {
  const defaults = definition.parameters.flatMap((p) => (p.value === undefined ? [] : [p.value]));
  return namesOf([...allExpressions(definition.statements), ...defaults]);
}

export function namesOf(expressions: readonly Expression[]): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (e: Expression): void => {
    if (e.kind === 'reference') names.add(e.name);
    if (e.kind === 'timed') names.add(e.name.text);
    if (e.kind === 'call') names.add(e.callee.text);
    if (e.kind === 'product') names.add(e.weight.text);
    for (const child of childrenOf(e)) visit(child);
  };
  for (const e of expressions) visit(e);
  return names;
}

function tidyDefinition(definition: Definition): Definition {
  const used = namesIn(definition);
  const statements = definition.statements.filter((s) => isUsed(s, used, definition));
  if (statements.length < definition.statements.length) {
    return tidyDefinition(withStatements(definition, statements));
  }
  // Whoever calls a cell may give it an argument for each of its parameters, by position.
  if (definition.kind === 'cell') return definition;
  return { ...definition, parameters: definition.parameters.filter((p) => used.has(p.name.text)) };
}

function isUsed(s: Statement, used: ReadonlySet<string>, { kind }: Definition): boolean {
  switch (s.kind) {
    case 'input':
      // In a cell it says what `x` is.
      return kind === 'cell' || used.has(s.name.text);
    case 'weight':
      return used.has(s.name.text);
    case 'binding':
      return s.output || used.has(s.name.text);
    case 'equation':
      return s.timed || used.has(s.target.text);
    case 'state':
    case 'loss':
    case 'train':
    case 'emit':
    case 'if':
    case 'layout':
      return true;
    default:
      return s satisfies never;
  }
}
