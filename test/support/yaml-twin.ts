/**
 * The YAML form of a `.gate` text, in lists and maps wherever the YAML surface has them: what the
 * two must agree on. Expressions other than pipelines and calls stay pieces of the language.
 */
import { stringify } from 'yaml';
import type {
  Argument,
  CellStatement,
  Definition,
  Expression,
  ModelStatement,
  Parameter,
  SourceFile,
} from '../../compiler/ast/types.ts';
import type { Span } from '../../compiler/base/source.ts';

export function yamlTwin(file: SourceFile): string {
  const [only] = file.definitions;
  if (only?.kind === 'model' && only.bare) {
    const [statement] = only.statements;
    return stringify(statement?.kind === 'binding' ? valueOf(statement.value) : null, empty);
  }
  const imports = file.imports.map((i) => {
    const names = i.names?.map((n) => n.text);
    return names === undefined ? i.path.text : { from: i.path.text, names };
  });
  const definitions = file.definitions.map((d) => [headOf(d), bodyOf(d.statements)]);
  const all = Object.fromEntries(definitions) as Record<string, unknown>;
  return stringify(imports.length === 0 ? all : { import: imports, ...all }, empty);
}

/** What has no value is left empty, not called null. */
const empty = { nullStr: '' };

function headOf(d: Definition): string {
  const kind = d.kind === 'model' ? 'model' : d.flavour;
  const parameters = d.parameters.map(parameterText);
  return `${kind} ${d.name.text}${parameters.length === 0 ? '' : `(${parameters.join(', ')})`}`;
}

function parameterText({ name, value }: Parameter): string {
  return value === undefined ? name.text : `${name.text} = ${textOf(value.span)}`;
}

function bodyOf(statements: readonly (ModelStatement | CellStatement)[]): unknown[] {
  return statements.map(sectionOf);
}

function sectionOf(s: ModelStatement | CellStatement): unknown {
  switch (s.kind) {
    case 'input':
      return { input: { [s.name.text]: textOf(s.type.span) } };
    case 'state':
      return { state: { [s.name.text]: s.shape ? shapeOf(s.shape) : null } };
    case 'weight':
      return {
        weight: {
          [s.name.text]: {
            ...(s.shape === undefined ? {} : { shape: shapeOf(s.shape) }),
            ...(s.initializer === undefined ? {} : { initial: valueOf(s.initializer) }),
          },
        },
      };
    case 'binding':
      return { [s.output ? 'output' : 'values']: { [s.name.text]: valueOf(s.value) } };
    case 'loss':
      return { loss: valueOf(s.value) };
    case 'train':
      return {
        train: {
          ...(s.optimizer === undefined ? {} : { optimizer: valueOf(s.optimizer) }),
          ...Object.fromEntries(s.settings.map((a) => [a.name?.text ?? '', valueOf(a.value)])),
        },
      };
    case 'equation':
      return { equations: { [`${s.target.text}${s.timed ? '<t>' : ''}`]: valueOf(s.value) } };
    case 'emit':
      return { emit: valueOf(s.value) };
    case 'if':
      return {
        if: textOf(s.test.span),
        then: bodyOf(s.then),
        ...(s.otherwise.length === 0 ? {} : { else: bodyOf(s.otherwise) }),
      };
    case 'layout':
      return textOf(s.span);
    default:
      return s satisfies never;
  }
}

function shapeOf(shape: readonly Expression[]): string[] {
  return shape.map((e) => textOf(e.span));
}

/** A pipeline is a list, a call a map of one key; a number is one. */
function valueOf(e: Expression): unknown {
  if (e.kind === 'number') return e.value;
  if (e.kind === 'pipeline') return e.stages.map(valueOf);
  if (e.kind !== 'call') return textOf(e.span);
  const written = textOf(e.callee.span);
  return { [written]: argumentsOf(e.arguments) };
}

/** Named ones are a map; others a list, in which maps are named ones, so calls are texts there. */
function argumentsOf(given: readonly Argument[]): unknown {
  if (given.length === 0) return {};
  const named = given.every((a) => a.name !== undefined);
  if (named) return Object.fromEntries(given.map((a) => [a.name?.text ?? '', valueOf(a.value)]));
  return given.map(({ name, value }) => {
    if (name !== undefined) return { [name.text]: valueOf(value) };
    return value.kind === 'number' ? value.value : textOf(value.span);
  });
}

function textOf(span: Span): string {
  return span.source.text.slice(span.start, span.end);
}
