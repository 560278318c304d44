/** What a denotation can stand for: a tensor, a width, a number. Reports when it can't. */
import type { Expression } from '../ast/types.ts';
import { fixed, type Dim } from '../graph/dim.ts';
import type { ElaborationContext } from './context.ts';
import type { Environment } from './environment.ts';
import { candidates, reportUnknown } from './names.ts';
import { scalar } from './operators.ts';
import type { Denotation, Tensor } from './values.ts';

/** Evaluates to a tensor; numbers become scalars, pending weights are settled as scalars. */
export function evaluateTensor(
  ctx: ElaborationContext,
  env: Environment,
  e: Expression,
): Tensor | undefined {
  return toTensor(ctx, env, ctx.evaluate(env, e));
}

export function toTensor(
  ctx: ElaborationContext,
  env: Environment,
  d: Denotation,
): Tensor | undefined {
  switch (d.kind) {
    case 'tensor':
      return { ...d, value: { id: d.value.id, type: ctx.resolveType(d.value.type) } };
    case 'number':
      return scalar(ctx, d.value, d.span);
    case 'dim':
      return {
        kind: 'tensor',
        value: ctx.builder.emit('size', [], { dim: d.dim }),
        batch: false,
        span: d.span,
      };
    case 'pending':
      if (env.frame === undefined) return undefined;
      return ctx.error(
        'S4005',
        `the shape of ${d.name} does not follow from where it stands`,
        d.span,
        {
          hint: `declare it: weight ${d.name}: [n]`,
        },
      );
    case 'nothing':
      return undefined;
    case 'word':
      reportUnknown(ctx, d.text, d.span, candidates(ctx, env));
      return undefined;
    default:
      return ctx.error('N3015', `this is ${describeKind(d)}, not a value`, d.span);
  }
}

export function describeKind(d: Denotation): string {
  switch (d.kind) {
    case 'tensor':
      return 'a value';
    case 'pending':
      return 'a weight';
    case 'layer':
      return `a layer`;
    case 'function':
      return `the function ${d.name}`;
    case 'number':
      return `the number ${d.value}`;
    case 'dim':
      return 'a width';
    case 'word':
      return `the word ${d.text}`;
    case 'text':
      return 'a text';
    case 'list':
      return 'a list';
    case 'initializer':
      return 'an initializer';
    case 'nothing':
      return 'nothing';
    default:
      return d satisfies never;
  }
}

/** A width, where a denotation can stand for one. */
export function asDim(d: Denotation): Dim | undefined {
  if (d.kind === 'dim') return d.dim;
  return d.kind === 'number' && Number.isInteger(d.value) ? fixed(d.value) : undefined;
}
