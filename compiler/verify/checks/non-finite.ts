/**
 * NaN and infinity in the inputs and initial states. What must hold: an element that the oracle and
 * the f32 interpreter, on the graph as written and as passes leave it, all have as NaN, as the same
 * infinity or as a number is that on the backend too, and a number is accurate. Where these three
 * differ, passes may: a product with a one-hot code, 0 * x for every row not chosen, becomes a
 * choice of rows, which NaN in other rows never reaches.
 *
 * WGSL lets a device assume that there are no NaN and no infinities (section 15.7.2, floating point
 * evaluation). There the numbers must be accurate, that is, no row may be spoilt by another, and
 * what is no number elsewhere may be anything.
 */
import { judgedOn } from './accurate.ts';
import type { Check } from './check.ts';

export const nonFinite: Check = {
  name: 'NaN and infinity',
  group: 'non-finite',
  graph: 'values',
  says: 'NaN and infinities in the input come out where the oracle has them, and nowhere else',
  suits: ({ model, targets }, { isOracle }) =>
    !isOracle &&
    (model.states.length > 0 ||
      model.inputs.some((i) => i.element === 'float' && !targets.has(i.name))),
  takes: ({ numbers }) => numbers === 'nonFinite',
  async run(point, backend) {
    return judgedOn(backend, point, 'values', await point.run(backend.runner, 'values'));
  },
};
