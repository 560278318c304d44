/**
 * A graph as nodes (node.ts), scans opened up: what comes out are the regions, the scans with their
 * memory, and who uses which node. Decides nothing yet but where parameters, carries and ys lie.
 */
import type { Expression } from '../../runtime/artifact/kernel.ts';
import { CompilerBug, present } from '../base/bug.ts';
import { elementCount, plus, polynomial, times } from '../graph/polynomial.ts';
import { scanParts, type ScanParts } from '../graph/scan.ts';
import type { Graph, GraphParameter, Instruction, TensorType, Value } from '../graph/types.ts';
import * as k from '../kernel/build.ts';
import {
  memoryType,
  type Node,
  type Place,
  type Region,
  type Source,
  type Tensor,
} from './node.ts';
import { dimSize, shapeSize, stridesOf } from './sizes.ts';
import { symbolsIn } from './symbols.ts';

/** A scan opened up. */
export interface Loop {
  readonly name: string;
  readonly instruction: Instruction;
  readonly parts: ScanParts;
  readonly region: Region;
  /** One a carry: its memory, the initial value, the value on entry and that on leaving a step. */
  readonly carries: readonly Carry[];
  readonly ys: readonly Yield[];
  readonly lengths: Node | undefined;
  /** The time step, from the turn of the loop. */
  readonly at: Expression;
}

export interface Carry {
  readonly initial: Node;
  /** Where the first step finds it. */
  readonly first: Place;
  readonly entry: Node;
  readonly next: Node;
  readonly leaving: Place;
  /** Its value after the last step. */
  readonly final: Node;
}

export interface Yield {
  /** In the body. */
  readonly value: Node;
  /** The element of this time step. */
  readonly place: Place;
  /** For all time steps, outside. */
  readonly outer: Node;
}

export interface NodeGraph {
  readonly top: Region;
  readonly parameters: readonly { readonly parameter: GraphParameter; readonly node: Node }[];
  readonly results: readonly { readonly name: string; readonly node: Node }[];
  readonly loops: readonly Loop[];
  /** At the top level, by id. */
  readonly values: ReadonlyMap<number, Node>;
  /** Nodes that ask for this one as an operand, or one time step of it. */
  readonly users: ReadonlyMap<Node, readonly Node[]>;
}

/** `apart`: sequences of the program's own lie as `sequencePlace` says. */
export function nodesOf(graph: Graph, apart = false): NodeGraph {
  return new Opener(apart).open(graph);
}

/** Row-major, from `base` on. */
export function densePlace(tensor: Tensor, type: TensorType, base: Expression = k.int(0)): Place {
  return { tensor, base, strides: stridesOf(type.shape) };
}

/** Elements between two sequences. */
const gap = 16;

/**
 * [B, T, …] with some elements idle after each sequence. Where a sequence is as long as a power of
 * two, one time step of all of them would fall on the same few lines of a processor's caches.
 */
export function sequencePlace(name: string, type: TensorType): Place {
  const { dtype, shape } = type;
  const [batch, ...rest] = shape;
  const padded = plus(elementCount(rest), polynomial(gap));
  const length = batch === undefined ? padded : times(elementCount([batch]), padded);
  const tensor: Tensor = { name, element: memoryType(dtype), length, kept: false };
  const [, ...strides] = stridesOf(shape);
  return { tensor, base: k.int(0), strides: [k.add(shapeSize(rest), k.int(gap)), ...strides] };
}

/** Whether a value is many sequences of many numbers. */
export function isSequences({ shape }: TensorType): boolean {
  return shape.length > 2;
}

class Opener {
  private readonly loops: Loop[] = [];
  private readonly users = new Map<Node, Node[]>();
  private readonly names = new Set<string>();
  private readonly apart: boolean;
  private results: ReadonlySet<number> = new Set();
  private nextId = 0;

  constructor(apart: boolean) {
    this.apart = apart;
  }

  open(graph: Graph): NodeGraph {
    this.results = new Set(graph.results.map((r) => r.value.id));
    const top: Region = { kind: 'top', nodes: [], symbols: symbolsIn(graph) };
    const values = new Map<number, Node>();
    const parameters = graph.parameters.map((parameter) => {
      const { name, value } = parameter;
      const node = this.node(top, name, value.type, { kind: 'memory' });
      node.place = densePlace(this.tensor(name, value.type, true), value.type);
      values.set(value.id, node);
      return { parameter, node };
    });
    for (const instruction of graph.instructions) this.instruction(top, instruction, values);
    const results = graph.results.map(({ name, value }) => ({ name, node: find(values, value) }));
    return { top, parameters, results, loops: this.loops, values, users: this.users };
  }

  private instruction(region: Region, instruction: Instruction, values: Map<number, Node>): void {
    if (instruction.op === 'scan') {
      if (region.kind === 'body') throw new CompilerBug('schedule', 'a scan within a scan');
      this.scan(region, instruction, values);
      return;
    }
    const operands = instruction.operands.map((v) => find(values, v));
    const [result] = instruction.results;
    if (result === undefined || instruction.results.length > 1) {
      throw new CompilerBug(
        'schedule',
        `${instruction.op} has ${instruction.results.length} results`,
      );
    }
    const source: Source = { kind: 'op', instruction, operands };
    const node = this.node(region, instruction.op, result.type, source);
    for (const operand of operands) this.use(operand, node);
    values.set(result.id, node);
  }

  private scan(top: Region, instruction: Instruction, values: Map<number, Node>): void {
    const parts = scanParts(instruction);
    const name = this.unique(loopName(instruction.origin?.layer, parts.body.name));
    const region: Region = { kind: 'body', nodes: [], symbols: top.symbols };
    const at = parts.reverse ? k.sub(k.sub(dimSize(parts.time), k.int(1)), k.step) : k.step;
    const inside = new Map<number, Node>();
    parts.bodyConstants.forEach((p, i) => {
      inside.set(p.value.id, find(values, present(parts.constants[i], p.name)));
    });
    const entries = parts.bodyCarries.map((p) => {
      const tensor = this.carryTensor(`${name}.${p.name}`, p.value.type);
      const entry = this.node(region, p.name, p.value.type, { kind: 'memory' });
      entry.place = carryPlace(tensor, p.value.type, k.mod(k.step, k.int(2)));
      inside.set(p.value.id, entry);
      return { tensor, entry };
    });
    parts.bodyXs.forEach((p, i) => {
      const of = find(values, present(parts.xs[i], p.name));
      const node = this.node(region, p.name, p.value.type, { kind: 'step', of, at });
      this.use(of, node);
      inside.set(p.value.id, node);
    });
    for (const inner of parts.body.instructions) this.instruction(region, inner, inside);
    const carries = entries.map(({ tensor, entry }, i): Carry => {
      const { type } = entry;
      const result = present(parts.finals[i], 'a final carry');
      const final = this.node(top, `${entry.name}_final`, type, { kind: 'memory' });
      final.place = carryPlace(tensor, type, k.mod(dimSize(parts.time), k.int(2)));
      values.set(result.id, final);
      return {
        initial: find(values, present(parts.carries[i], 'an initial carry')),
        first: carryPlace(tensor, type, k.int(0)),
        entry,
        next: find(inside, present(parts.nexts[i], 'a next carry').value),
        leaving: carryPlace(tensor, type, k.mod(k.add(k.step, k.int(1)), k.int(2))),
        final,
      };
    });
    const ys = parts.yields.map(({ name: y, value }, i): Yield => {
      const result = present(parts.ys[i], y);
      const outer = this.node(top, y, result.type, { kind: 'memory' });
      outer.place = this.yieldPlace(`${name}.${y}`, result);
      values.set(result.id, outer);
      return { value: find(inside, value), place: stepPlace(outer.place, at), outer };
    });
    const lengths = parts.lengths === undefined ? undefined : find(values, parts.lengths);
    this.loops.push({ name, instruction, parts, region, carries, ys, lengths, at });
  }

  /** What goes out of the program is dense. */
  private yieldPlace(name: string, { id, type }: Value): Place {
    if (this.apart && isSequences(type) && !this.results.has(id)) {
      return sequencePlace(this.unique(name), type);
    }
    return densePlace(this.tensor(name, type, false), type);
  }

  private node(region: Region, name: string, type: TensorType, source: Source): Node {
    const node: Node = { id: this.nextId++, name, type, source, region, place: undefined };
    region.nodes.push(node);
    return node;
  }

  private use(operand: Node, user: Node): void {
    const known = this.users.get(operand);
    if (known === undefined) this.users.set(operand, [user]);
    else known.push(user);
  }

  private tensor(name: string, type: TensorType, kept: boolean): Tensor {
    const length = elementCount(type.shape);
    return { name: this.unique(name), element: memoryType(type.dtype), length, kept };
  }

  /** Two of them, one read while the other is written. */
  private carryTensor(name: string, type: TensorType): Tensor {
    const length = times(polynomial(2), elementCount(type.shape));
    return { name: this.unique(name), element: memoryType(type.dtype), length, kept: false };
  }

  private unique(wanted: string): string {
    let name = wanted;
    for (let i = 2; this.names.has(name); i++) name = `${wanted}.${i}`;
    this.names.add(name);
    return name;
  }
}

function find(values: ReadonlyMap<number, Node>, value: Value): Node {
  return present(values.get(value.id), `a node for %${value.id}`);
}

function carryPlace(tensor: Tensor, type: TensorType, half: Expression): Place {
  return densePlace(tensor, type, k.mul(half, shapeSize(type.shape)));
}

/** Element [b, …] of the time step `at` of a place [B, T, …]. */
function stepPlace(place: Place, at: Expression): Place {
  const [batch = k.int(0), time = k.int(0), ...rest] = place.strides;
  return {
    tensor: place.tensor,
    base: k.add(place.base, k.mul(at, time)),
    strides: [batch, ...rest],
  };
}

function loopName(layer: string | undefined, body: string): string {
  if (layer === undefined) return body;
  return body.endsWith('.backward') ? `${layer}.backward` : layer;
}
