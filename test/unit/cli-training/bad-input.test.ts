/** What can be wrong with data, settings and folders: each mistake by its code and its words. */
import { afterAll, expect, test } from 'vitest';
import { evaluateOn } from '../../../compiler/cli/training/evaluation.ts';
import { readData } from '../../../compiler/cli/training/data-file.ts';
import { openTrained } from '../../../compiler/cli/training/trained-model.ts';
import { fromNdArrays } from '../../../runtime/tensors/convert.ts';
import { writeSafetensors } from '../../../runtime/tensors/safetensors.ts';
import type { NdArray } from '../../../runtime/artifact/nd-array.ts';
import { nameSpec, someNames, trainIn, Workshop } from '../../support/training-runs.ts';

const shop = new Workshop();
afterAll(() => shop.remove());

const moodSpec = `model mood() {
  input review: words(V)[T]
  input label: class(2)
  output mood = review -> embed(4) -> gru(3) -> last -> softmax(2)
  loss crossEntropy(mood, label)
  train batch = 2, steps = 2, validation = 0
}
`;

const tagSpec = moodSpec.replace('class(2)', 'class(2)[T]').replace(' -> last', '');

const idSpec = `model next() {
  input seen: ids(5)[T]
  input said: class(5)[T]
  output y = seen -> oneHot -> rnn(3) -> softmax(5)
  loss crossEntropy(y, said)
  train steps = 2
}
`;

const engine = { backend: 'interpreter', dtype: 'f32' } as const;
const files = {
  names: shop.file('names.gate', nameSpec),
  mood: shop.file('mood.gate', moodSpec),
  tags: shop.file('tags.gate', tagSpec),
  ids: shop.file('ids.gate', idSpec),
};

let runs = 0;

/** Trains on the content; the fault's code and message. */
async function faultOf(
  spec: keyof typeof files,
  name: string,
  content: string | Uint8Array,
): Promise<string> {
  const words = { spec: files[spec], data: shop.file(name, content), out: shop.path(`o${runs++}`) };
  return faultIn(trainIn(words));
}

async function faultIn(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    const { code, message, hint } = asFault(error);
    return `${code} ${message.replaceAll(`${shop.folder}/`, '')}${hint === '' ? '' : ` | ${hint}`}`;
  }
  return 'no fault';
}

function asFault(error: unknown): { code: string; message: string; hint: string } {
  if (!(error instanceof Error)) throw new Error('not an error');
  const code = 'code' in error ? String(error.code) : error.name;
  const hint = 'hint' in error && typeof error.hint === 'string' ? error.hint : '';
  return { code, message: error.message, hint };
}

test.each([
  ['empty.txt', '', 'R7202 empty.txt: no text in it'],
  ['blank.txt', ' \n\n', 'R7202 blank.txt: no text in it'],
])('%s has nothing to learn from', async (name, content, expected) => {
  expect(await faultOf('names', name, content)).toBe(expected);
});

test('broken UTF-8 is named by line and byte', async () => {
  const bytes = Uint8Array.of(0x61, 0x0a, 0x62, 0xff, 0x0a);
  expect(await faultOf('names', 'broken.txt', bytes)).toBe(
    'R7201 broken.txt: line 2: byte 3 (0xff) is not UTF-8 | save the file as UTF-8',
  );
});

test('one line is enough to train, with nothing left for validation', async () => {
  const data = shop.file('one.txt', 'anna\n');
  const out = shop.path('one');
  const { result } = await trainIn({ spec: files.names, data, out, flags: { steps: 3 } });
  expect(result.step).toBe(3);
  expect(result.validation).toBeUndefined();
});

test('a missing file is named', async () => {
  const words = { spec: files.names, data: shop.path('gone.txt'), out: shop.path('x') };
  expect(await faultIn(trainIn(words))).toMatch(
    /^R7401 gone\.txt cannot be read: there is no such/,
  );
});

test('columns that are missing or too many are named by line', async () => {
  expect(await faultOf('tags', 'tags.txt', 'Ann B\nruns\n')).toBe(
    'R7203 tags.txt: line 2: "runs" has no tag | write the token, a tab and its tag; ' +
      'an empty line ends a sentence',
  );
  expect(await faultOf('mood', 'three.tsv', 'text\tlabel\na\tb\na\tb\tc\n')).toMatch(
    /^R7203 three\.tsv: line 3: 3 columns instead of 2/,
  );
  expect(await faultOf('mood', 'quote.csv', 'text,label\n"a,b\n')).toMatch(
    /^R7203 quote\.csv: not CSV: Quote Not Closed/,
  );
  expect(await faultOf('mood', 'odd.jsonl', '{"text":"a","label":"b"}\n{"text":"a"}\n')).toBe(
    'R7207 odd.jsonl: line 2 has no field "label" with text in it',
  );
});

test('more labels than classes are named', async () => {
  expect(await faultOf('mood', 'many.tsv', 'a\tx\nb\ty\nc\tz\n')).toBe(
    'R7602 label is class(2), and the data has 3 labels: "x", "y", "z" | ' +
      'make room for 3 classes in the spec',
  );
});

test('a label that training never saw is a fault of the data to evaluate', async () => {
  const out = shop.path('seen');
  const data = shop.file('seen.tsv', 'good\tfor\nbad\tagainst\n');
  await trainIn({ spec: files.mood, data, out });
  const trained = await openTrained(out, { ...engine, dim: new Map() });
  const other = readData(shop.file('unseen.tsv', 'good\tfor\nbad\tagaints\n'));
  expect(await faultIn(evaluateOn(trained, engine, other, 2))).toBe(
    'R7205 unseen.tsv: line 2: the label "againts" was not seen in training | ' +
      'did you mean against?',
  );
});

test('a label of one example only is learned from, not kept for validation', async () => {
  const rows = Array.from({ length: 12 }, (_, i) => `text ${i}\tcommon`);
  const data = shop.file('rare.tsv', [...rows, 'other\trare'].join('\n'));
  const flags = { validation: 0.9, steps: 1, seed: 2 };
  await trainIn({ spec: files.mood, data, out: shop.path('rare'), flags });
  const trained = await openTrained(shop.path('rare'), { ...engine, dim: new Map() });
  expect(trained.codec?.labels?.names).toEqual(['common', 'rare']);
});

function idBatch(seen: readonly number[], said: readonly number[]): Uint8Array {
  const ints = (values: readonly number[]): NdArray => ({
    dtype: 'int',
    shape: [2, 2],
    data: Int32Array.from(values),
  });
  const arrays = new Map([
    ['seen', ints(seen)],
    ['said', ints(said)],
    ['lengths', { dtype: 'int', shape: [2], data: Int32Array.of(2, 1) } satisfies NdArray],
  ]);
  return writeSafetensors(fromNdArrays(arrays));
}

test('ids out of range are named by input, row and time step', async () => {
  expect(await faultOf('ids', 'high.st', idBatch([0, 5, 1, 0], [0, 0, 0, 0]))).toBe(
    'R7608 high.st: seen holds the id 5 in row 0, time step 1; expected 0 to 4',
  );
  expect(await faultOf('ids', 'low.st', idBatch([0, 0, -1, 0], [0, 0, 0, 0]))).toBe(
    'R7608 low.st: seen holds the id -1 in row 1, time step 0; expected 0 to 4',
  );
});

test('padding may hold anything, and a class below zero does not count', async () => {
  const batch = idBatch([0, 4, 1, 99], [-1, 0, 4, 99]);
  expect(await faultOf('ids', 'fine.st', batch)).toBe('no fault');
});

test('text for a model of tensors is refused', async () => {
  expect(await faultOf('ids', 'text.txt', 'hello\n')).toMatch(
    /^R7601 text\.txt is no safetensors file, and the model's inputs \(seen: ids, said: class\)/,
  );
});

test('tensors that do not fit the inputs are named', async () => {
  const wrong = writeSafetensors(
    fromNdArrays(new Map([['sean', { dtype: 'int', shape: [1, 1], data: Int32Array.of(0) }]])),
  );
  expect(await faultOf('ids', 'names.st', wrong)).toBe(
    'R7403 the model has no input sean | did you mean seen?',
  );
});

test('a spec without a loss cannot be trained', async () => {
  const spec = shop.file('lossless.gate', nameSpec.replace(/ {2}loss.*\n/, ''));
  const data = shop.file('a.txt', someNames);
  expect(await faultIn(trainIn({ spec, data, out: shop.path('l') }))).toMatch(
    /^R7603 letters has no loss/,
  );
});

test('settings that make no sense are named', async () => {
  const data = shop.file('b.txt', someNames);
  const fault = (flags: Record<string, number | string>): Promise<string> =>
    faultIn(trainIn({ spec: files.names, data, out: shop.path('s'), flags }));
  expect(await fault({ batch: 0 })).toBe('R7609 batch = 0: expected a whole number from 1');
  expect(await fault({ validation: 1 })).toMatch(/^R7609 validation = 1: expected a fraction/);
  expect(await fault({ validation: shop.path('no.txt') })).toMatch(/^R7401 no\.txt/);
});

test('nothing of another model or of a stopped run is overwritten unasked', async () => {
  const data = shop.file('c.txt', someNames);
  const out = shop.path('kept');
  await trainIn({ spec: files.names, data, out, stopAt: 2 });
  expect(await faultIn(trainIn({ spec: files.names, data, out }))).toBe(
    'R7604 kept holds a run that is not at its end: it was stopped, or still goes on | ' +
      '--resume goes on with it; ' +
      '--force throws it away and begins anew',
  );
  const other = shop.file('other.gate', nameSpec.replace('model letters', 'model others'));
  expect(await faultIn(trainIn({ spec: other, data, out }))).toMatch(
    /^R7604 kept holds the model letters/,
  );
  await trainIn({ spec: other, data, out, force: true, flags: { steps: 1 } });
  await trainIn({ spec: other, data, out, flags: { steps: 1 } });
});

test('a run is resumed with what it began with', async () => {
  const data = shop.file('d.txt', someNames);
  const out = shop.path('began');
  const words = { spec: files.names, data, out };
  expect(await faultIn(trainIn({ ...words, resume: true }))).toMatch(/^R7604 began holds no run/);
  await trainIn({ ...words, stopAt: 2 });
  const resumed = (changes: object): Promise<string> =>
    faultIn(trainIn({ ...words, ...changes, resume: true }));
  expect(await resumed({ flags: { batch: 5 } })).toMatch(
    /^R7302 began holds a run with another batch: 4, now 5/,
  );
  expect(await resumed({ flags: { seed: 5 } })).toMatch(/another seed: 1, now 5/);
  expect(await resumed({ dtype: 'f64' })).toMatch(/another --dtype: f32, now f64/);
  expect(await resumed({ data: shop.file('e.txt', `${someNames}\nx`) })).toMatch(
    /another training file/,
  );
  const changed = shop.file('changed.gate', nameSpec.replace('0.02', '0.03'));
  expect(await resumed({ spec: changed })).toMatch(/another spec/);
});

test('numbers that diverge stop the run at its last good checkpoint', async () => {
  const spec = shop.file('wild.gate', nameSpec.replace('adam(rate = 0.02)', 'sgd(rate = 1e38)'));
  const data = shop.file('f.txt', someNames);
  const out = shop.path('wild');
  const wild = spec;
  const fault = await faultIn(trainIn({ spec: wild, data, out }));
  expect(fault).toMatch(/^R7301 training diverged at step \d+: .*`[\w.]+` \(layer [\w.]+\)/);
  expect(fault).toMatch(/the last good checkpoint is that of step \d+/);
  const trained = await openTrained(out, { ...engine, dim: new Map() });
  for (const { data: values } of trained.weights.values()) {
    expect(values.every(Number.isFinite)).toBe(true);
  }
  // It may be begun anew without --force.
  await trainIn({ spec: files.names, data, out, flags: { steps: 1 } });
});

test('a folder that cannot be made is named', async () => {
  const file = shop.file('taken', 'no folder');
  const data = shop.file('c.txt', someNames);
  const faultAt = (out: string): Promise<string> =>
    faultIn(trainIn({ spec: files.names, data, out, flags: { steps: 1 } }));
  expect(await faultAt(file)).toBe(
    'R7402 the folder taken cannot be made: there is a file of that name',
  );
  expect(await faultAt(`${file}/inside`)).toBe(
    'R7402 the folder taken/inside cannot be made: part of its path is not a folder',
  );
});

test('a batch without rows is nothing to learn from', async () => {
  const nothing = { dtype: 'int', shape: [0, 2], data: new Int32Array(0) } satisfies NdArray;
  const arrays = new Map([
    ['seen', nothing],
    ['said', nothing],
  ]);
  const bytes = writeSafetensors(fromNdArrays(arrays));
  expect(await faultOf('ids', 'rows.st', bytes)).toBe('R7202 rows.st: no rows in its tensors');
});
