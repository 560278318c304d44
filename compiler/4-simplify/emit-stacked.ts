/**
 * Instructions of a scan's body, emitted outside of it for all time steps at once: what varies is
 * [B, T, …] there, what does not is as in the body.
 */
import { present } from '../base/bug.ts';
import type { Dim } from '../graph/dim.ts';
import type { Builder, Instruction, Value } from '../graph/types.ts';
import { opNamed } from '../ops/all.ts';

/** Body values outside. */
export class StackedValues {
  readonly #values = new Map<number, Value>();
  readonly #varying = new Set<number>();

  constant(inside: Value, outside: Value): void {
    this.#values.set(inside.id, outside);
  }

  varying(inside: Value, outside: Value): void {
    this.#values.set(inside.id, outside);
    this.#varying.add(inside.id);
  }

  get(inside: Value): Value {
    return present(this.#values.get(inside.id), `%${inside.id} for all time steps`);
  }

  varies(inside: Value): boolean {
    return this.#varying.has(inside.id);
  }
}

/** Adds the results to `values`. */
export function emitStacked(
  builder: Builder,
  instructions: readonly Instruction[],
  values: StackedValues,
  time: Dim,
): void {
  for (const { op, operands, attributes, results, origin } of instructions) {
    const outside = operands.map((v) => values.get(v));
    const varying = operands.map((v) => values.varies(v));
    const stacks = varying.includes(true);
    const emitted = builder.withOrigin(origin, () => {
      if (!stacks) return builder.emitMany(op, outside, attributes);
      const stack = present(opNamed(op).stack, `the stacked form of ${op}`);
      return stack({ builder, operands: outside, varying, attributes, time });
    });
    results.forEach((v, i) => {
      const value = present(emitted[i], `a result of ${op}`);
      if (stacks) values.varying(v, value);
      else values.constant(v, value);
    });
  }
}
