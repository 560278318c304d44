/**
 * Loop-invariant code of a scan: the body's instructions that depend on nothing but its constants
 * (or on nothing at all). Form only; used by the pass that hoists and by BPTT, which needs the rest
 * of the body to meet invariant values as constants.
 */
import type { Graph, GraphParameter, Instruction, Value } from './types.ts';

export interface InvariantSplit {
  /** In order; their operands are constants of the body or results of earlier ones. */
  readonly invariant: readonly Instruction[];
  /** Results of `invariant` that the rest uses: constants of the new body, after the old ones. */
  readonly outgoing: readonly Value[];
  /** The body without them. Its values keep their ids. */
  readonly body: Graph;
}

/** `constants` is how many of the body's parameters, the first ones, are constants. */
export function splitInvariants(body: Graph, constants: number): InvariantSplit {
  const fixed = new Set(body.parameters.slice(0, constants).map((p) => p.value.id));
  const invariant: Instruction[] = [];
  const varying: Instruction[] = [];
  for (const instruction of body.instructions) {
    if (instruction.operands.every((v) => fixed.has(v.id))) {
      invariant.push(instruction);
      for (const result of instruction.results) fixed.add(result.id);
    } else {
      varying.push(instruction);
    }
  }
  const used = new Set(body.results.map((r) => r.value.id));
  for (const instruction of varying) for (const v of instruction.operands) used.add(v.id);
  const outgoing = invariant.flatMap((i) => i.results).filter((v) => used.has(v.id));
  const parameters = [
    ...body.parameters.slice(0, constants),
    ...localParameters(body, outgoing),
    ...body.parameters.slice(constants),
  ];
  return { invariant, outgoing, body: { ...body, parameters, instructions: varying } };
}

function localParameters(body: Graph, values: readonly Value[]): GraphParameter[] {
  const taken = new Set(body.parameters.map((p) => p.name));
  return values.map((value) => {
    let name = `invariant${value.id}`;
    while (taken.has(name)) name += 'x';
    taken.add(name);
    return { name, role: 'local', value };
  });
}
