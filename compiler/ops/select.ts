/**
 * Chooses by element: yes where the condition holds, else no. With z = select(c, x, y): dx = dz
 * where c, else 0; dy = dz where not c, else 0.
 */
import * as build from '../graph/build.ts';
import { select as choose } from '../kernel/build.ts';
import { zeros } from './arrays.ts';
import { needEqual, stackElementwise } from './elementwise.ts';
import type { Op } from './op.ts';
import { need, needDtype, three } from './operands.ts';

export const select: Op = {
  name: 'select',
  doc: 'condition bool, yes, no: yes where the condition holds, else no',
  infer(operands) {
    const [condition, yes, no] = three('select', operands);
    needDtype('select', condition, 'bool');
    need('select', yes.dtype === no.dtype, `choices are ${yes.dtype} and ${no.dtype}`);
    needEqual('select', operands);
    return [yes];
  },
  evaluate(operands, _attributes, { precision }) {
    const [{ data: condition }, yes, { data: no }] = three('select', operands);
    const result = zeros(yes.dtype, yes.shape, precision);
    const to = result.data;
    const from = yes.data;
    for (let i = 0; i < to.length; i++) to[i] = (condition[i] === 1 ? from[i] : no[i]) ?? 0;
    return [result];
  },
  vjp({ builder: b, operands, cotangents, wanted }) {
    const [condition, yes] = three('select', operands);
    const cotangent = cotangents[0];
    if (cotangent === undefined || yes.type.dtype !== 'float')
      return [undefined, undefined, undefined];
    const zero = build.constant(b, 0);
    return [
      undefined,
      wanted[1] === true ? build.select(b, condition, cotangent, zero) : undefined,
      wanted[2] === true ? build.select(b, condition, zero, cotangent) : undefined,
    ];
  },
  stack: (context) => stackElementwise('select', context),
  lower({ operands, index }) {
    const [condition, yes, no] = three('select', operands);
    return choose(condition(index), yes(index), no(index));
  },
};
