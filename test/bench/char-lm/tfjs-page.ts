/**
 * Runs in the browser: the training step of task.ts with TensorFlow.js, in each of the ways in
 * which its documentation trains a recurrent network.
 */
import { measure, type Counts } from './measure.ts';
import {
  drawBatch,
  drawGates,
  drawMatrix,
  learningRate,
  seeds,
  sizes,
  type Gate,
  type Report,
} from './task.ts';
import { loadTensorFlow, type LayersModel, type Tensor, type TensorFlow } from './tensorflow.ts';

export interface TensorFlowRun extends Counts {
  readonly backend: 'webgpu' | 'cpu';
  readonly variant: Variant;
}

export type Variant =
  /** The layers API on one-hot floats that the host computed; a loss for each batch. */
  | 'trainOnBatch'
  /** The same, with one-hot rows that `tf.oneHot` computed and `tf.cast` made floats. */
  | 'trainOnBatch, tf.oneHot'
  /** The layers API, an epoch of one batch at each step. */
  | 'fit'
  /** `basicLSTMCell` along time in plain code, with `optimizer.minimize`. */
  | 'minimize'
  /** The same with `variableGrads` and `applyGradients`. */
  | 'variableGrads'
  /** The same with ten thousand dispatches in a submission, where 15 are usual. */
  | 'variableGrads, one submit';

type Step = () => Promise<number>;

const { vocabulary, width, time, batch } = sizes;

export async function main(run: TensorFlowRun): Promise<Report> {
  const tf = await loadTensorFlow();
  if (!(await tf.setBackend(run.backend))) throw new Error(`no backend ${run.backend}`);
  return measure(stepOf(tf, run.variant), tf.backend().device, run);
}

function stepOf(tf: TensorFlow, variant: Variant): Step {
  switch (variant) {
    case 'trainOnBatch':
      return trainOnBatch(tf, hostOneHot(tf, drawBatch().ids));
    case 'trainOnBatch, tf.oneHot':
      return trainOnBatch(tf, deviceOneHot(tf, drawBatch().ids));
    case 'fit':
      return fit(tf);
    case 'minimize':
      return minimize(tf);
    case 'variableGrads, one submit':
      tf.env().set('WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE', 10_000);
      return variableGrads(tf);
    case 'variableGrads':
      return variableGrads(tf);
  }
  return variant satisfies never;
}

function trainOnBatch(tf: TensorFlow, x: Tensor): Step {
  const model = layersModel(tf);
  const y = hostOneHot(tf, drawBatch().next);
  return () => model.trainOnBatch(x, y);
}

function fit(tf: TensorFlow): Step {
  const model = layersModel(tf);
  const { ids, next } = drawBatch();
  const [x, y] = [hostOneHot(tf, ids), hostOneHot(tf, next)];
  const options = { batchSize: batch, epochs: 1, shuffle: false, yieldEvery: 'never', verbose: 0 };
  return async () => {
    const { history } = await model.fit(x, y, options);
    return history.loss[0] ?? NaN;
  };
}

function layersModel(tf: TensorFlow): LayersModel {
  const model = tf.sequential();
  const lstm = {
    units: width,
    returnSequences: true,
    inputShape: [time, vocabulary],
    recurrentActivation: 'sigmoid',
    // Orthogonal matrices take TensorFlow.js long, and the weights are set below anyway.
    recurrentInitializer: 'glorotUniform',
  };
  model.add(tf.layers.lstm(lstm));
  model.add(tf.layers.dense({ units: vocabulary, activation: 'softmax' }));
  model.compile({ optimizer: tf.train.adam(learningRate), loss: 'categoricalCrossentropy' });
  const gates: readonly Gate[] = ['input', 'forget', 'candidate', 'output'];
  model.setWeights([
    tf.tensor(drawGates(seeds.input, vocabulary, gates), [vocabulary, 4 * width]),
    tf.tensor(drawGates(seeds.recurrent, width, gates), [width, 4 * width]),
    tf.zeros([4 * width]),
    tf.tensor(drawMatrix(seeds.softmax, width, vocabulary), [width, vocabulary]),
    tf.zeros([vocabulary]),
  ]);
  return model;
}

function minimize(tf: TensorFlow): Step {
  const loss = cellLoss(tf);
  const optimizer = tf.train.adam(learningRate);
  return async () => read(tf.tidy(() => optimizer.minimize(loss, true)));
}

function variableGrads(tf: TensorFlow): Step {
  const loss = cellLoss(tf);
  const optimizer = tf.train.adam(learningRate);
  return async () =>
    read(
      tf.tidy(() => {
        const { value, grads } = tf.variableGrads(loss);
        optimizer.applyGradients(grads);
        return value;
      }),
    );
}

/** The loss of the batch under variables of its own. */
function cellLoss(tf: TensorFlow): () => Tensor {
  const gates: readonly Gate[] = ['input', 'candidate', 'forget', 'output'];
  const kernel = new Float32Array((vocabulary + width) * 4 * width);
  kernel.set(drawGates(seeds.input, vocabulary, gates));
  kernel.set(drawGates(seeds.recurrent, width, gates), vocabulary * 4 * width);
  const softmax = drawMatrix(seeds.softmax, width, vocabulary);
  const W = tf.variable(tf.tensor(kernel, [vocabulary + width, 4 * width]));
  const b = tf.variable(tf.zeros([4 * width]));
  const Wy = tf.variable(tf.tensor(softmax, [width, vocabulary]));
  const by = tf.variable(tf.zeros([vocabulary]));
  const forgetBias = tf.scalar(0);
  const { ids, next } = drawBatch();
  const xs = tf.unstack(hostOneHot(tf, ids), 1);
  const y = hostOneHot(tf, next).reshape([batch * time, vocabulary]);
  return () => {
    let [c, h] = [tf.zeros([batch, width]), tf.zeros([batch, width])];
    const hs = xs.map((x) => {
      [c, h] = tf.basicLSTMCell(forgetBias, W, b, x, c, h);
      return h;
    });
    const logits = tf
      .stack(hs, 1)
      .reshape([batch * time, width])
      .matMul(Wy)
      .add(by);
    return tf.losses.softmaxCrossEntropy(y, logits);
  };
}

async function read(loss: Tensor): Promise<number> {
  const [value = NaN] = await loss.data();
  loss.dispose();
  return value;
}

function hostOneHot(tf: TensorFlow, ids: Int32Array): Tensor {
  const rows = new Float32Array(ids.length * vocabulary);
  ids.forEach((id, i) => (rows[i * vocabulary + id] = 1));
  return tf.tensor(rows, [batch, time, vocabulary]);
}

function deviceOneHot(tf: TensorFlow, ids: Int32Array): Tensor {
  return tf.cast(tf.oneHot(tf.tensor(ids, [batch, time], 'int32'), vocabulary), 'float32');
}
