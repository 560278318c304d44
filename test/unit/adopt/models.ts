/** Specs compiled for the tests of adoption, and shapes of weights under PyTorch's names. */
import type { Model } from '../../../compiler/graph/model.ts';
import { compile } from '../../../compiler/pipeline.ts';

export function modelOf(text: string): Model {
  const { model, diagnostics } = compile({ name: '<pipeline>', text }, { mode: 'inference' });
  if (model === undefined) throw new Error(diagnostics.map((d) => d.message).join('; '));
  return model;
}

export type Shapes = ReadonlyMap<string, readonly number[]>;

/** What torch.nn.LSTM(width, hidden) has. */
export function lstmShapes(width: number, hidden: number, prefix = ''): Shapes {
  return new Map([
    [`${prefix}weight_ih_l0`, [4 * hidden, width]],
    [`${prefix}weight_hh_l0`, [4 * hidden, hidden]],
    [`${prefix}bias_ih_l0`, [4 * hidden]],
    [`${prefix}bias_hh_l0`, [4 * hidden]],
  ]);
}

export function linearShapes(from: number, to: number, prefix = ''): Shapes {
  return new Map([
    [`${prefix}weight`, [to, from]],
    [`${prefix}bias`, [to]],
  ]);
}

export function joined(...parts: readonly Shapes[]): Shapes {
  return new Map(parts.flatMap((part) => [...part]));
}

export function without(shapes: Shapes, name: string): Shapes {
  return new Map([...shapes].filter(([key]) => key !== name));
}
