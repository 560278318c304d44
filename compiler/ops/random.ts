/**
 * Uniform numbers in [0, 1), a pure function of key, site and position: Threefry-2x32-20 under key
 * (seed, step) and counter (site, flat index), top 24 bits of the first word.
 */
import { uniformFill } from '../../runtime/artifact/threefry.ts';
import { CompilerBug } from '../base/bug.ts';
import { evaluateShape, fixedValue } from '../graph/dim.ts';
import { tensor } from '../graph/types.ts';
import { call, int } from '../kernel/build.ts';
import { zeros } from './arrays.ts';
import { rowMajor } from './lowering.ts';
import type { Op } from './op.ts';
import { need, needDtype, numberAttribute, one, shapeAttribute } from './operands.ts';

export const random: Op = {
  name: 'random',
  doc: 'key int [2] (seed, step); shape, site: uniform in [0, 1), float',
  infer(operands, attributes) {
    const key = one('random', operands);
    needDtype('random', key, 'int');
    const [words] = key.shape;
    need('random', key.shape.length === 1 && words !== undefined, 'the key is not a vector');
    need('random', fixedValue(words) === 2, 'the key is not two words');
    numberAttribute('random', attributes, 'site');
    return [tensor('float', shapeAttribute('random', attributes, 'shape'))];
  },
  evaluate(operands, attributes, { bindings, precision }) {
    const { data } = one('random', operands);
    const shape = evaluateShape(shapeAttribute('random', attributes, 'shape'), bindings);
    const result = zeros('float', shape, precision);
    if (!(result.data instanceof Float64Array || result.data instanceof Float32Array)) {
      throw new CompilerBug('random', 'floats are not floats');
    }
    const site = numberAttribute('random', attributes, 'site');
    uniformFill(result.data, data[0] ?? 0, data[1] ?? 0, site);
    return [result];
  },
  lower(context) {
    const key = one('random', context.operands);
    const shape = shapeAttribute('random', context.attributes, 'shape');
    const site = int(numberAttribute('random', context.attributes, 'site') | 0);
    const place = rowMajor(context.index, shape, context);
    return call('uniform', [key([int(0)]), key([int(1)]), site, place], 'f32');
  },
};
