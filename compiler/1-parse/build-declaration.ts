/**
 * `input`, `state` and `weight`: from the concrete tree to one declaration per name. An input
 * needs a type and has no value; a state or weight has a shape, and only a weight an initializer.
 */
import type { CstNode } from 'chevrotain';
import type {
  Expression,
  InputDeclaration,
  InputType,
  Name,
  StateDeclaration,
  WeightDeclaration,
} from '../ast/types.ts';
import { joinSpans } from '../base/source.ts';
import type { Span } from '../base/source.ts';
import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import { buildExpression, buildItems, buildName, pointAfter } from './build-expression.ts';
import type { Cst } from './cst.ts';

export type Declaration = InputDeclaration | StateDeclaration | WeightDeclaration;

/** What was written for one name, from either surface. */
export interface Declared {
  readonly name: Name;
  readonly type?: WrittenType | undefined;
  readonly value?: Expression | undefined;
  readonly span: Span;
}

export interface WrittenType {
  /** Absent in `[T, D]`. */
  readonly element?: Name | undefined;
  readonly size?: Expression | undefined;
  /** Absent in `class(5)`. */
  readonly shape?: readonly Expression[] | undefined;
  readonly span: Span;
}

export function buildDeclaration(cst: Cst, node: CstNode, flavour: string): Declaration[] {
  const word = cst.token(node, 'Declare');
  if (word === undefined) return [];
  if (word.image === 'state' && flavour === 'model') {
    cst.diagnostics.error(
      'P2006',
      '`state` belongs in a cell or layer, not in a model',
      cst.tokenSpan(word),
      {
        hint: 'a model has input, weight, output, loss, train and `name = …`',
      },
    );
    return [];
  }
  return cst.nodes(node, 'declared').flatMap((declared, i) => {
    const name = cst.token(declared, 'Name');
    if (name === undefined) return [];
    // The first name takes the word before it into its span; the others stand alone.
    const own = cst.span(declared);
    const span = i === 0 ? joinSpans(cst.tokenSpan(word), own) : own;
    const typeNode = cst.node(declared, 'type');
    const valueNode = cst.node(declared, 'expression');
    const hasValue = valueNode !== undefined || cst.token(declared, 'Equals') !== undefined;
    return declare(cst.diagnostics, word.image, {
      name: buildName(cst, name),
      type: typeNode === undefined ? undefined : buildType(cst, typeNode, own),
      value: hasValue ? buildExpression(cst, valueNode, own) : undefined,
      span,
    });
  });
}

/** Checks that the parts suit the word (P2013) and leaves out those that don't. */
export function declare(diagnostics: Diagnostics, word: string, declared: Declared): Declaration[] {
  const { name, type, value, span } = declared;
  if (value !== undefined && word !== 'weight') {
    diagnostics.error('P2013', `${article(word)} has no initial value here`, value.span, {
      hint:
        word === 'state'
          ? 'states begin at zero, or at a value given to run'
          : 'inputs come with the data',
    });
  }
  if (word === 'input') {
    if (type === undefined) {
      diagnostics.error('P2013', `the input \`${name.text}\` has no type`, pointAfter(name.span), {
        hint: 'write for example `: words(10_000)[T]`, `: class(5)` or `: [T, 3]`',
      });
      return [];
    }
    return [{ kind: 'input', name, type: inputType(type), span }];
  }
  if (type !== undefined && (type.shape === undefined || type.element !== undefined)) {
    diagnostics.error('P2013', `the shape of a ${word} is written in brackets`, type.span, {
      hint: 'write for example `: [n]`; its numbers are always floats',
    });
  }
  const shape = type?.shape === undefined ? {} : { shape: type.shape };
  if (word === 'state') return [{ kind: 'state', name, ...shape, span }];
  const initializer = value === undefined ? {} : { initializer: value };
  return [{ kind: 'weight', name, ...shape, ...initializer, span }];
}

export function buildType(cst: Cst, node: CstNode, fallback: Span): WrittenType {
  const span = cst.spanOr(node, pointAfter(fallback));
  const element = cst.token(node, 'Name');
  const size = cst.node(node, 'expression');
  const list = cst.node(node, 'list');
  const broken = element === undefined && list === undefined;
  return {
    element: element === undefined ? undefined : buildName(cst, element),
    size: size === undefined ? undefined : buildExpression(cst, size, span),
    shape:
      list === undefined ? (broken ? [] : undefined) : buildItems(cst, cst.node(list, 'items')),
    span,
  };
}

/** `[T, D]` holds floats. */
function inputType(type: WrittenType): InputType {
  return {
    element: type.element ?? { text: 'float', span: type.span },
    ...(type.size === undefined ? {} : { size: type.size }),
    shape: type.shape ?? [],
    span: type.span,
  };
}

function article(word: string): string {
  return word === 'input' ? 'an input' : `a ${word}`;
}
