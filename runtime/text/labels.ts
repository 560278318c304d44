/** Class labels and their ids, from 0. A label that training never saw is a fault, not a class. */
import { RuntimeFault } from '../artifact/executable.ts';
import { nearestNames } from './nearest.ts';

export class Labels {
  /** Label of each id. */
  readonly names: readonly string[];
  private readonly ids: ReadonlyMap<string, number>;

  private constructor(names: readonly string[]) {
    this.names = names;
    this.ids = new Map(names.map((name, id) => [name, id]));
  }

  /** Ids by first appearance, or by code unit order. */
  static build(labels: Iterable<string>, order: 'appearance' | 'sorted' = 'appearance'): Labels {
    const names = [...new Set(labels)];
    return new Labels(order === 'sorted' ? names.sort() : names);
  }

  /** Faults: R7204, where the value is no list of different texts. */
  static fromJSON(value: unknown, file: string): Labels {
    const isList = Array.isArray(value) && value.every((name) => typeof name === 'string');
    if (!isList || new Set(value).size !== value.length) {
      throw new RuntimeFault('R7204', `${file}: not a list of different labels`);
    }
    return new Labels(value);
  }

  get size(): number {
    return this.names.length;
  }

  /** `where` names file and line. Faults: R7205 for a label that is not known. */
  id(label: string, where: string): number {
    const id = this.ids.get(label);
    if (id === undefined) {
      const near = nearestNames(label, this.names);
      const listed = near.length > 0 ? near : this.names.slice(0, 10);
      throw new RuntimeFault(
        'R7205',
        `${where}: the label ${JSON.stringify(label)} was not seen in training`,
        near.length > 0 ? `did you mean ${listed.join(' or ')}?` : `known: ${listed.join(', ')}`,
      );
    }
    return id;
  }

  /** Faults: R7206 for an id that no label has. */
  name(id: number): string {
    const name = this.names[id];
    if (name === undefined) {
      throw new RuntimeFault('R7206', `the id ${id} is outside the ${this.size} labels`);
    }
    return name;
  }

  toJSON(): readonly string[] {
    return this.names;
  }
}
