/** Cotangents under accumulation: one value of the backward graph for each value that has any. */
import { add, filled } from '../graph/build.ts';
import type { Builder, Value } from '../graph/types.ts';

export class Cotangents {
  readonly #builder: Builder;
  readonly #sums = new Map<number, Value>();

  constructor(builder: Builder) {
    this.#builder = builder;
  }

  get(of: Value): Value | undefined {
    return this.#sums.get(of.id);
  }

  /** Zeros where nothing flows. */
  getOrZeros(of: Value): Value {
    return this.get(of) ?? filled(this.#builder, 0, of.type.shape);
  }

  add(of: Value, cotangent: Value): void {
    const sum = this.#sums.get(of.id);
    this.#sums.set(of.id, sum === undefined ? cotangent : add(this.#builder, sum, cotangent));
  }

  /** Replaces the sum so far. */
  set(of: Value, cotangent: Value): void {
    this.#sums.set(of.id, cotangent);
  }
}
