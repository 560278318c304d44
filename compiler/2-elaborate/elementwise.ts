/**
 * The elementwise functions of the language, as compositions of primitives. Each is stable at both
 * ends: no NaN for large arguments, and none in its gradient.
 */
import * as g from '../graph/build.ts';
import type { Builder, Value } from '../graph/types.ts';

type Unary = (b: Builder, x: Value) => Value;

const scalar = g.constant;

function relu(b: Builder, x: Value): Value {
  return g.select(b, g.less(b, scalar(b, 0), x), x, scalar(b, 0));
}

/** x Φ(x), with Φ the normal distribution (Hendrycks & Gimpel 2016, exact form). */
function gelu(b: Builder, x: Value): Value {
  const phi = g.add(b, scalar(b, 1), g.erf(b, g.mul(b, x, scalar(b, Math.SQRT1_2))));
  return g.mul(b, g.mul(b, x, scalar(b, 0.5)), phi);
}

/** max(0, min(1, x/6 + 1/2)): the form of PyTorch and ONNX's HardSigmoid(1/6). */
function hardSigmoid(b: Builder, x: Value): Value {
  const line = g.add(b, g.mul(b, x, scalar(b, 1 / 6)), scalar(b, 0.5));
  return g.min(b, g.max(b, line, scalar(b, 0)), scalar(b, 1));
}

/** x for x > 0, exp(x) - 1 below (Clevert et al. 2015). */
function elu(b: Builder, x: Value): Value {
  const below = g.sub(b, g.exp(b, g.min(b, x, scalar(b, 0))), scalar(b, 1));
  return g.select(b, g.less(b, scalar(b, 0), x), x, below);
}

export const elementwiseFunctions: Readonly<Record<string, Unary>> = {
  identity: (_, x) => x,
  sigmoid: g.sigmoid,
  tanh: g.tanh,
  relu,
  leakyRelu: (b, x) => g.select(b, g.less(b, scalar(b, 0), x), x, g.mul(b, x, scalar(b, 0.01))),
  elu,
  gelu,
  silu: (b, x) => g.mul(b, x, g.sigmoid(b, x)),
  softplus: g.softplus,
  softsign: (b, x) => g.div(b, x, g.add(b, scalar(b, 1), g.abs(b, x))),
  hardSigmoid,
  hardTanh: (b, x) => g.min(b, g.max(b, x, scalar(b, -1)), scalar(b, 1)),
  exp: g.exp,
  log: g.log,
  sqrt: g.sqrt,
  abs: g.abs,
  sign: g.sign,
  sin: g.sin,
  cos: g.cos,
  erf: g.erf,
  floor: g.floor,
  stopGradient: g.stopGradient,
};

export const binaryFunctions: Readonly<Record<string, (b: Builder, x: Value, y: Value) => Value>> =
  { min: g.min, max: g.max, pow: g.pow };
