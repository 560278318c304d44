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
  sqrt: 'as 1 / inverseSqrt, which has 2 ulp',
  neg: 'exact',
  abs: 'exact',
  sign: 'exact',
  floor: 'exact',
  'cast to float': 'rounded up or down',
  'cast to int': 'towards 0; NaN is anything',
  add: 'rounded up or down',
  sub: 'rounded up or down',
  mul: 'rounded up or down',
  div: '2.5 ulp for \\|y\\| in [2^-126, 2^126]',
  pow: 'as exp2(y log2 x)',
  max: 'exact; of two subnormals either',
  min: 'exact; of two subnormals either',
  less: 'correct',
  lessEqual: 'correct',
  equal: 'correct',
};
