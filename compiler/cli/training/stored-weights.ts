/** The weights in a trained model's folder, under the names that they were trained with. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { RuntimeFault } from '../../../runtime/artifact/executable.ts';
import { bestPath, checkpointPath } from '../../../runtime/train/checkpoint.ts';
import { readTensors, type Tensors } from '../tensors.ts';
import { weightsFile } from './run-folder.ts';
import { isRunFolder } from './run-record.ts';

/** The run's outcome; of a run that was killed, the best weights so far or the last checkpoint. */
export function storedWeights(folder: string): Tensors {
  for (const file of [weightsFile, bestPath]) {
    if (existsSync(join(folder, file))) return readTensors(join(folder, file));
  }
  if (existsSync(join(folder, checkpointPath))) return checkpointWeights(folder);
  throw new RuntimeFault('R7605', `${folder} has no weights`, 'train it again with --force');
}

/** The request of `run` or `grad`: a trained model's folder brings its own weights. */
export function withStoredWeights<R extends { readonly weights?: Tensors; readonly init?: number }>(
  spec: string,
  request: R,
): R {
  const given = request.weights !== undefined || request.init !== undefined;
  return given || !isRunFolder(spec) ? request : { ...request, weights: storedWeights(spec) };
}

/** What the checkpoint of a run holds of weights. */
export function checkpointWeights(folder: string): Tensors {
  const prefix = 'weight/';
  const all = readTensors(join(folder, checkpointPath));
  return new Map(
    [...all].flatMap(([name, tensor]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), tensor] as const] : [],
    ),
  );
}
