/**
 * A builder that remembers what went through it. Rules that rewrite what another rule has emitted
 * (reverse accumulation over a stacked op, folding that looks at an operand's definition) build
 * through one of these.
 */
import { present } from '../base/bug.ts';
import type { Attributes, Builder, Instruction, Origin, Value } from './types.ts';

export class Recorder implements Builder {
  readonly #builder: Builder;
  readonly #instructions: Instruction[] = [];
  readonly #definitions = new Map<number, Instruction>();
  #origin: Origin | undefined;

  constructor(builder: Builder) {
    this.#builder = builder;
  }

  /** In the order of emission. */
  get instructions(): readonly Instruction[] {
    return this.#instructions;
  }

  /** The instruction that made the value; undefined for a parameter or what came before. */
  definition(value: Value): Instruction | undefined {
    return this.#definitions.get(value.id);
  }

  emit(op: string, operands: readonly Value[], attributes: Attributes = {}): Value {
    return present(this.emitMany(op, operands, attributes)[0], `result of ${op}`);
  }

  emitMany(op: string, operands: readonly Value[], attributes: Attributes = {}): readonly Value[] {
    const results = this.#builder.emitMany(op, operands, attributes);
    const origin = this.#origin === undefined ? {} : { origin: this.#origin };
    const instruction: Instruction = { op, operands, attributes, results, ...origin };
    this.#instructions.push(instruction);
    for (const result of results) this.#definitions.set(result.id, instruction);
    return results;
  }

  withOrigin<T>(origin: Origin | undefined, body: () => T): T {
    const outer = this.#origin;
    this.#origin = origin;
    try {
      return this.#builder.withOrigin(origin, body);
    } finally {
      this.#origin = outer;
    }
  }
}
