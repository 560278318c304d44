/**
 * Intermediate values of a graph, in the order in which they come about, and the graph that gives
 * some of them out as further results. A value inside a scan is given out over all time steps, as
 * one more of the scan's ys: [B, T, …], 0 past a row's length.
 */
import { present } from '../../base/bug.ts';
import { scanParts, type ScanParts } from '../../graph/scan.ts';
import {
  tensor,
  type Attributes,
  type Graph,
  type GraphResult,
  type Instruction,
  type TensorType,
  type Value,
} from '../../graph/types.ts';

export interface Probe {
  /** The result that it is, or becomes. */
  readonly name: string;
  /** What computes the value. */
  readonly instruction: Instruction;
  /** Of the graph, or of the scan's body. */
  readonly value: Value;
  /** The value over all time steps, for one of a scan's body that is among its ys. */
  readonly outer?: Value;
  /** The scan in whose body it is computed, once a time step. */
  readonly loop?: Instruction;
  /** Position of the instruction, or of its scan, in the graph. */
  readonly position: number;
  /** Position in the scan's body; what a scan has in the end comes after it. */
  readonly within: number;
}

/** Values that tell nothing: they are written into the kernels that read them. */
const constants: ReadonlySet<string> = new Set(['constant', 'size']);

/** All of them, those that are results already under their own names. */
export function probesOf(graph: Graph): readonly Probe[] {
  const names = new Map(graph.results.map((r) => [r.value.id, r.name]));
  return graph.instructions.flatMap((instruction, position) => {
    if (constants.has(instruction.op)) return [];
    if (instruction.op === 'scan') return loopProbes(instruction, position, names);
    return instruction.results.map((value) => ({
      name: names.get(value.id) ?? `probe/${value.id}`,
      ...{ instruction, value, position, within: 0 },
    }));
  });
}

/** The graph with these as results; those that are results already stay what they are. */
export function withProbes(graph: Graph, probes: readonly Probe[]): Graph {
  const known = new Set(graph.results.map((r) => r.name));
  const wanted = probes.filter((p) => !known.has(p.name));
  const fresh = new Ids(graph);
  const results: GraphResult[] = [];
  const instructions = graph.instructions.map((instruction): Instruction => {
    const inside = wanted.filter((p) => p.loop === instruction && p.outer === undefined);
    const scan = inside.length === 0 ? instruction : widened(instruction, inside, fresh, results);
    for (const p of wanted) {
      if (p.loop === undefined ? p.instruction === instruction : outerOf(p, instruction)) {
        results.push({ name: p.name, value: p.outer ?? p.value });
      }
    }
    return scan;
  });
  return { ...graph, instructions, results: [...graph.results, ...results] };
}

function outerOf({ loop, outer }: Probe, instruction: Instruction): boolean {
  return loop === instruction && outer !== undefined;
}

/** What a scan's body computes from what varies, then what the scan has in the end. */
function loopProbes(
  loop: Instruction,
  position: number,
  names: ReadonlyMap<number, string>,
): readonly Probe[] {
  const parts = scanParts(loop);
  const outers = new Map<number, Value>();
  parts.yields.forEach(({ value }, i) => outers.set(value.id, present(parts.ys[i], 'ys')));
  const varying = varyingValues(parts);
  const inside = parts.body.instructions.flatMap((instruction, within) =>
    instruction.results.flatMap((value): Probe[] => {
      if (!varying.has(value.id) || constants.has(instruction.op)) return [];
      const outer = outers.get(value.id);
      const own = `probe/${present(loop.results[0], 'a result').id}/${value.id}`;
      const name = (outer === undefined ? undefined : names.get(outer.id)) ?? own;
      const over = outer === undefined ? {} : { outer };
      return [{ name, instruction, value, ...over, loop, position, within }];
    }),
  );
  const finals = parts.finals.map((value): Probe => {
    const name = names.get(value.id) ?? `probe/${value.id}`;
    return { name, instruction: loop, value, position, within: Infinity };
  });
  return [...inside, ...finals];
}

function varyingValues({ body, bodyCarries, bodyXs }: ScanParts): ReadonlySet<number> {
  const varying = new Set([...bodyCarries, ...bodyXs].map((p) => p.value.id));
  for (const { operands, results } of body.instructions) {
    if (operands.some((v) => varying.has(v.id))) for (const v of results) varying.add(v.id);
  }
  return varying;
}

/** The scan with further ys. */
function widened(
  loop: Instruction,
  probes: readonly Probe[],
  fresh: Ids,
  results: GraphResult[],
): Instruction {
  const { body, time } = scanParts(loop);
  const yields = probes.map(({ name, value }): GraphResult => ({ name, value }));
  const ys = yields.map(({ name, value }) => {
    const [batch, ...rest] = value.type.shape;
    const shape = [present(batch, 'a batch axis'), time, ...rest];
    const outer = fresh.value(tensor(value.type.dtype, shape));
    results.push({ name, value: outer });
    return outer;
  });
  const wider: Graph = { ...body, results: [...body.results, ...yields] };
  const attributes: Attributes = { ...loop.attributes, body: wider };
  return { ...loop, attributes, results: [...loop.results, ...ys] };
}

/** New values of a graph. */
class Ids {
  private next: number;

  constructor({ parameters, instructions }: Graph) {
    const values = [...parameters.map((p) => p.value), ...instructions.flatMap((i) => i.results)];
    this.next = values.reduce((most, { id }) => Math.max(most, id), -1) + 1;
  }

  value(type: TensorType): Value {
    return { id: this.next++, type };
  }
}
