/**
 * The canonical `.gate` form of a spec, from whichever surface it was read. Names are in their
 * Greek form, each statement stands on one line (long pipelines on several), comments stay where
 * they were. Printing what a print parses to gives the same text again; what it parses to is the
 * same tree (`sameTree`).
 */
import type { Span } from '../base/source.ts';
import { Page } from './page.ts';
import {
  printArgument,
  printArguments,
  printExpression,
  printItems,
  printStage,
  printString,
} from './print-expression.ts';
import type { Style } from './print-expression.ts';
import type {
  CellStatement,
  Condition,
  Definition,
  Expression,
  Import,
  InputType,
  ModelStatement,
  Parameter,
  SourceFile,
  WeightDeclaration,
} from './types.ts';

const MAX_WIDTH = 100;

export function printFile(file: SourceFile): string {
  const page = new Page(file.span.source.text, file.comments);
  for (const entry of file.imports) {
    const { start, end } = entry.span;
    page.line({ text: printImport(entry), indent: 0, start, end });
  }
  for (const definition of file.definitions) {
    page.separate();
    printDefinition(page, definition);
  }
  return page.finish();
}

type Statement = ModelStatement | CellStatement;

function printImport({ path, names }: Import): string {
  const from = printString(path.text);
  if (names === undefined) return `import ${from}`;
  return `import { ${names.map((name) => name.text).join(', ')} } from ${from}`;
}

function printDefinition(page: Page, definition: Definition): void {
  const [only] = definition.statements;
  if (definition.kind === 'model' && definition.bare && only?.kind === 'binding') {
    printValue(page, { before: '', value: only.value, indent: 0, style: 'plain', span: only.span });
    return;
  }
  const { name, parameters, statements, span } = definition;
  const word = definition.kind === 'model' ? 'model' : definition.flavour;
  const style: Style = definition.kind === 'model' ? 'plain' : 'slide';
  const list = parameters.map((parameter) => printParameter(parameter, style));
  const head = `${word} ${name.text}${list.length === 0 ? '' : `(${list.join(', ')})`}`;
  const end = endOfBlock(span.source.text, span.end);
  if (statements.length === 0 && !page.hasCommentBefore(end)) {
    page.line({ text: `${head} { }`, indent: 0, start: span.start, end });
    return;
  }
  page.line({ text: `${head} {`, indent: 0, start: span.start });
  for (const statement of statements) printStatement(page, statement, 1, style);
  page.close('}', 0, end);
}

function printParameter({ name, value }: Parameter, style: Style): string {
  return value === undefined ? name.text : `${name.text} = ${printExpression(value, style)}`;
}

/** In YAML a block has no `}`: a comment on its last line still belongs into it. */
function endOfBlock(source: string, end: number): number {
  if (source[end - 1] === '}') return end;
  const lineEnd = source.indexOf('\n', end);
  return lineEnd === -1 ? source.length : lineEnd;
}

function printStatement(page: Page, statement: Statement, indent: number, style: Style): void {
  const { span } = statement;
  const plain = (text: string): void => {
    page.line({ text, indent, start: span.start, end: span.end });
  };
  const valued = (before: string, value: Expression): void => {
    printValue(page, { before, value, indent, style, span });
  };
  switch (statement.kind) {
    case 'input':
      plain(`input ${statement.name.text}: ${printType(statement.type, style)}`);
      return;
    case 'state':
      plain(`state ${statement.name.text}${printShape(statement.shape, style)}`);
      return;
    case 'weight':
      plain(printWeight(statement, style));
      return;
    case 'binding':
      valued(`${statement.output ? 'output ' : ''}${statement.name.text} = `, statement.value);
      return;
    case 'equation':
      valued(`${statement.target.text}${statement.timed ? '<t>' : ''} = `, statement.value);
      return;
    case 'loss':
    case 'emit':
      valued(`${statement.kind} `, statement.value);
      return;
    case 'train':
      printTrain(page, statement, indent, style);
      return;
    case 'layout':
      plain(`layout ${statement.format.text}(${printArguments(statement.settings, style)})`);
      return;
    case 'if':
      printCondition(page, statement, indent, style);
      return;
    default:
      statement satisfies never;
  }
}

interface Value {
  readonly before: string;
  readonly value: Expression;
  readonly indent: number;
  readonly style: Style;
  readonly span: Span;
}

/** A pipeline that is too long, or has comments between its stages, gets a line for each stage. */
function printValue(page: Page, { before, value, indent, style, span }: Value): void {
  const text = `${before}${printExpression(value, style)}`;
  const fits = indent * 2 + text.length <= MAX_WIDTH;
  const whole = fits && !commentsBetween(page, value.kind === 'pipeline' ? value.stages : []);
  if (value.kind !== 'pipeline' || whole) {
    page.line({ text, indent, start: span.start, end: span.end });
    return;
  }
  value.stages.forEach((stage, i) => {
    const printed = printStage(stage, style);
    const { start, end } = stage.span;
    if (i === 0) page.line({ text: `${before}${printed}`, indent, start: span.start, end });
    else page.line({ text: `-> ${printed}`, indent: indent + 1, start, end, continues: true });
  });
}

function printTrain(
  page: Page,
  statement: Extract<Statement, { kind: 'train' }>,
  indent: number,
  style: Style,
): void {
  const { optimizer, settings, span } = statement;
  const first = optimizer === undefined ? [] : [{ value: optimizer, span: optimizer.span }];
  const list = [...first, ...settings];
  const text = `train ${printArguments(list, style)}`;
  const fits = indent * 2 + text.length <= MAX_WIDTH;
  if (list.length < 2 || (fits && !commentsBetween(page, list))) {
    page.line({ text, indent, start: span.start, end: span.end });
    return;
  }
  list.forEach((argument, i) => {
    const printed = `${printArgument(argument, style)}${i < list.length - 1 ? ',' : ''}`;
    const { start, end } = argument.span;
    if (i === 0) page.line({ text: `train ${printed}`, indent, start: span.start, end });
    else page.line({ text: printed, indent: indent + 1, start, end, continues: true });
  });
}

/** A comment inside the last part ends up behind it, on whatever line that is. */
function commentsBetween(page: Page, parts: readonly { span: Span }[]): boolean {
  const start = parts[0]?.span.start ?? 0;
  const end = parts[parts.length - 1]?.span.start ?? 0;
  return page.hasCommentWithin(start, end);
}

function printCondition(page: Page, condition: Condition, indent: number, style: Style): void {
  const { test, span } = condition;
  page.line({ text: `if ${printExpression(test, style)} {`, indent, start: span.start });
  printBranches(page, condition, indent, style);
  page.close('}', indent, endOfBlock(span.source.text, span.end));
}

/** All but the closing `}`. */
function printBranches(page: Page, condition: Condition, indent: number, style: Style): void {
  const { test, then, otherwise } = condition;
  for (const statement of then) printStatement(page, statement, indent + 1, style);
  const [inner] = otherwise;
  if (inner === undefined) return;
  const last = then[then.length - 1] ?? test;
  page.commentsBefore(elseAfter(condition.span.source.text, last.span.end), indent + 1);
  if (inner.kind === 'if' && otherwise.length === 1) {
    const start = inner.test.span.start;
    page.commentsBefore(start, indent + 1);
    page.line({
      text: `} else if ${printExpression(inner.test, style)} {`,
      indent,
      start,
      continues: true,
    });
    printBranches(page, inner, indent, style);
    return;
  }
  page.line({ text: '} else {', indent, start: 0, continues: true });
  for (const statement of otherwise) printStatement(page, statement, indent + 1, style);
}

/** Where the next `else` stands, comments skipped; the tree does not keep it. */
function elseAfter(source: string, offset: number): number {
  const word = /#[^\n]*|\belse\b/g;
  word.lastIndex = offset;
  for (let found = word.exec(source); found !== null; found = word.exec(source)) {
    if (found[0] === 'else') return found.index;
  }
  return offset;
}

function printType({ element, size, shape }: InputType, style: Style): string {
  const argument = size === undefined ? '' : `(${printExpression(size, style)})`;
  const dims = shape.length === 0 ? '' : `[${printItems(shape, style)}]`;
  return `${element.text}${argument}${dims}`;
}

function printShape(shape: readonly Expression[] | undefined, style: Style): string {
  return shape === undefined ? '' : `: [${printItems(shape, style)}]`;
}

function printWeight({ name, shape, initializer }: WeightDeclaration, style: Style): string {
  const value = initializer === undefined ? '' : ` = ${printExpression(initializer, style)}`;
  return `weight ${name.text}${printShape(shape, style)}${value}`;
}
