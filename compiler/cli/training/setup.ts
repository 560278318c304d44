/**
 * From the command line's words to a run that can begin: spec, data, settings, weights, graphs. All
 * that can be wrong with them is found here, before anything is written.
 */
import { RuntimeFault, type Executable } from '../../../runtime/artifact/executable.ts';
import type { NdArray } from '../../../runtime/artifact/nd-array.ts';
import type { TrainingProgram } from '../../../runtime/artifact/training.ts';
import type { Model, SettingValue } from '../../graph/model.ts';
import type { EngineOptions } from '../options.ts';
import { compileOpened, openSpec } from '../spec.ts';
import { readTensors, type Tensors } from '../tensors.ts';
import { loadWeights } from '../weights.ts';
import { digestOf, readData } from './data-file.ts';
import { trainingData, type TrainingData } from './data.ts';
import { note } from '../output.ts';
import { requireLoss } from '../step-graph.ts';
import { chooseResiduals, largestSizes } from './memory.ts';
import { lossExecutable, trainingExecutable, trainingProgram } from './program.ts';
import { checkResumable, recordOf } from './run-folder.ts';
import type { RunRecord } from './run-record.ts';
import { runSettings, settingsLayer, type GivenSettings, type RunSettings } from './settings.ts';
import { checkpointWeights, storedWeights } from './stored-weights.ts';
import { ImportRecorder } from './stored-spec.ts';

export interface TrainRequest {
  readonly spec: string;
  readonly data: string;
  readonly out: string;
  readonly dims: ReadonlyMap<string, number>;
  readonly engine: EngineOptions;
  readonly resume: boolean;
  readonly force: boolean;
  readonly weights?: string;
  /** Bytes on the device that a training step may take. */
  readonly memory?: number;
  /** What flags say. */
  readonly flags: GivenSettings;
}

export interface RunSetup {
  readonly record: RunRecord;
  readonly settings: RunSettings;
  readonly data: TrainingData;
  readonly program: TrainingProgram;
  readonly executable: Executable;
  readonly validation?: Executable;
  /** First weights; not called where a checkpoint has them. */
  readonly weights: () => ReadonlyMap<string, NdArray>;
}

/** Faults of the spec, the data, the settings, the weights; R7302, R7604 for the folder. */
export async function setUpRun(request: TrainRequest): Promise<RunSetup> {
  const began = request.resume ? begunRun(request) : undefined;
  const opened = openSpec(request.spec);
  // A trained model as SPEC is trained further: with its vocabulary, from its weights.
  const further = request.resume ? undefined : opened.record;
  const imports = new ImportRecorder(opened.load);
  const source = { source: opened.source, load: imports.load };
  const open = await compileOpened(source, { dims: request.dims, mode: 'inference' });
  requireLoss(open);
  const layers = [request.flags, resumedSettings(began), open.training.settings];
  const settings = runSettings(layers);
  const compile = (mode: 'training' | 'inference') => (dims: ReadonlyMap<string, number>) =>
    compileOpened(source, { dims: new Map([...dims, ...request.dims]), mode, quiet: true });
  const files = dataFiles(request.data, settings);
  const data = await trainingData(
    open,
    compile('inference'),
    files.training,
    files.validation,
    settings,
    further?.codec,
  );
  const dims = new Map([...data.dims, ...request.dims]);
  const given = givenWeights(request, further !== undefined);
  const [training, inference] = [await compile('training')(dims), await compile('inference')(dims)];
  const record: RunRecord = {
    model: open.name,
    spec: imports.stored(opened.source),
    dims,
    ...(data.codec === undefined ? {} : { codec: data.codec }),
    settings,
    dtype: request.engine.dtype,
    data: files.record,
  };
  if (began !== undefined) checkResumable(request.out, began, record);
  return {
    record,
    settings,
    data,
    ...(await engines(training, inference, record, given, { ...request, data })),
  };
}

async function engines(
  training: Model,
  inference: Model,
  { dims, settings, dtype }: RunRecord,
  given: Tensors | undefined,
  { engine, resume, memory, data }: Omit<TrainRequest, 'data'> & { readonly data: TrainingData },
): Promise<Omit<RunSetup, 'record' | 'settings' | 'data'>> {
  const options = given === undefined ? { init: settings.seed } : { weights: given };
  // A resumed run has its weights in the checkpoint: only their names and shapes matter here.
  const needless = resume && given === undefined;
  const loaded = needless
    ? { model: training, weights: new Map<string, NdArray>(), bindings: dims }
    : await loadWeights(training, options, dims);
  const adopted = given === undefined ? inference : await adoptedModel(inference, given);
  const bindings = new Map([...dims, ...loaded.bindings]);
  const { carries } = data.training;
  let step = settings;
  if (memory !== undefined) {
    const sizes = largestSizes(loaded.model, data.training, bindings);
    const onProcessor = engine.backend === 'wasm' || engine.backend === 'javascript';
    const device = onProcessor ? ({ device: 'simd' } as const) : {};
    const choice = chooseResiduals(loaded.model, settings, sizes, memory, device);
    if (choice.note !== undefined) note(`note: ${choice.note}`);
    step = { ...settings, residuals: choice.residuals };
  }
  return {
    program: trainingProgram(loaded.model, bindings, dtype),
    executable: await trainingExecutable(loaded.model, step, engine, bindings, carries),
    validation: await lossExecutable(adopted, engine, bindings),
    weights: () => loaded.weights,
  };
}

async function adoptedModel(model: Model, given: Tensors): Promise<Model> {
  return (await loadWeights(model, { weights: given }, new Map())).model;
}

/** Of `--weights`; a resumed run answers in the names that its checkpoint has. */
function givenWeights(
  { spec, weights, resume, out }: TrainRequest,
  further: boolean,
): Tensors | undefined {
  if (resume) return checkpointWeights(out);
  if (weights !== undefined) return readTensors(weights);
  return further ? storedWeights(spec) : undefined;
}

function begunRun({ out }: TrainRequest): RunRecord {
  const record = recordOf(out);
  if (record !== undefined) return record;
  throw new RuntimeFault('R7604', `${out} holds no run to go on from`, 'begin without --resume');
}

/** A run goes on with the settings that it began with, unless flags lengthen it. */
function resumedSettings(began: RunRecord | undefined): GivenSettings {
  return began === undefined ? new Map<string, SettingValue>() : settingsLayer(began.settings);
}

function dataFiles(file: string, settings: RunSettings) {
  const training = readData(file);
  const validation =
    typeof settings.validation === 'string' ? readData(settings.validation) : undefined;
  const record: RunRecord['data'] = {
    file,
    digest: digestOf(training.bytes),
    ...(validation === undefined ? {} : { validationDigest: digestOf(validation.bytes) }),
  };
  return { training, validation, record };
}
