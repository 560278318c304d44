/**
 * How far WGSL lets an implementation's own operation be from the exact value, for f32, by op:
 * https://www.w3.org/TR/WGSL/#floating-point-accuracy, subsection "Accuracy of Concrete Floating
 * Point Expressions". Of our functions WebGPU runs our formulas, made of sums, products and
 * quotients: the bounds of its own functions of the same name stand beside them for comparison.
 */
export const wgslSection = {
  title: 'WGSL specification, section "Floating Point Accuracy"',
  url: 'https://www.w3.org/TR/WGSL/#floating-point-accuracy',
};

export const wgslBounds: Readonly<Record<string, string>> = {
  exp: '3 + 2\\|x\\| ulp',
  decay: '3 + 2\\|x\\| ulp (exp)',
  log: '3 ulp; within [0.5, 2] 2^-21 absolute',
  tanh: '10^-5 absolute, or sinh / cosh',
  sigmoid: 'no such function',
  softplus: 'no such function',
  erf: 'no such function',
  sin: '2^-11 absolute within [-π, π]',
  cos: '2^-11 absolute within [-π, π]',
  sqrt: 'as 1 / inverseSqrt, itself 2 ulp',
  neg: '1 ulp (up or down)',
  abs: '1 ulp (up or down)',
  sign: '1 ulp (up or down)',
  floor: '1 ulp (up or down)',
  'cast to float': 'up or down',
  'cast to int': 'towards 0; NaN is anything',
  add: '1 ulp (up or down)',
  sub: '1 ulp (up or down)',
  mul: '1 ulp (up or down)',
  div: '2.5 ulp for \\|y\\| in [2^-126, 2^126]',
  pow: 'as exp2(y log2 x)',
  max: 'one of the two; NaN may be lost',
  min: 'one of the two; NaN may be lost',
  less: 'correct',
  lessEqual: 'correct',
  equal: 'correct',
};
