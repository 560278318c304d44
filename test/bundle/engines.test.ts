/**
 * Bundles in other runtimes than Node: in Deno, and in Bun, whose engine is Safari's. They run,
 * stream, learn and test themselves there, with the bits of Node.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawer, drawFloats } from '../../compiler/verify/arrays.ts';
import type { Output } from '../../runtime/bundle/results.ts';
import { filesOf, modelOf, trainable, writeFiles, type Files } from '../support/bundles.ts';
import { engineNames, engineOf, runIn } from '../support/engines.ts';

const spec = `model sums {
  input x: float[T, 4]
  input total: float[T, 1]
  output y = x -> lstm(5) -> dense(1)
  loss mse(y, total)
  train adam(rate = 0.01), batch = 2
}`;
const examples = [7, 1, 3].map((length, row) => {
  return {
    x: [...drawFloats(drawer(row), [length, 4]).data],
    total: new Array<number>(length).fill(row),
  };
});
const backends = ['wasm', 'javascript'] as const;

/** Bits of answers, of a stream's third step, and of what `save` gives after three updates. */
interface Answer {
  readonly ok: boolean;
  readonly backend: string;
  readonly y: readonly (readonly number[])[];
  readonly step: readonly number[];
  readonly saved: readonly number[];
}

const host = `import { load } from './index.js';
const words = globalThis.Deno?.args ?? process.argv.slice(2);
const { examples, backends } = JSON.parse(words[0]);
const bits = ({ y }) => [...new Uint32Array(Float32Array.from(y.data).buffer)];
const answers = [];
for (const backend of backends) {
  const model = await load({ backend });
  const stream = model.stream();
  const steps = [0, 1, 2].map((t) => stream.step({ x: examples[0].x.slice(4 * t, 4 * t + 4) }));
  const fitted = await model.fit(examples, { steps: 3 });
  answers.push({
    ok: (await model.selfTest()).ok,
    backend: model.backend,
    y: (await model.run(examples)).map(bits),
    step: bits(steps[2]),
    saved: [...(await fitted.model.save())],
  });
}
const { backend } = await load();
console.log(JSON.stringify({ answers, first: backend }));
`;

describe('a bundle', { timeout: 120_000 }, () => {
  let files: Files = new Map();
  let folder = '';
  let remove = (): void => undefined;
  let expected: readonly Answer[] = [];
  beforeAll(async () => {
    const written = writeFiles(new Map([['sums.gate', spec]]));
    const model = await modelOf(join(written.folder, 'sums.gate'), { train: true });
    written.remove();
    files = await filesOf(model);
    ({ folder, remove } = writeFiles(files));
    writeFileSync(join(folder, 'host.mjs'), host);
    expected = await Promise.all(backends.map((backend) => inNode(backend)));
  }, 120_000);
  afterAll(() => remove());

  async function inNode(backend: (typeof backends)[number]): Promise<Answer> {
    const model = await (await trainable(files))({ backend });
    const bits = (answer: Record<string, Output> | undefined): number[] => {
      return [...new Uint32Array(Float32Array.from(answer?.['y']?.data ?? []).buffer)];
    };
    const stream = model.stream?.();
    const [first] = examples;
    const steps = [0, 1, 2].map((t) => stream?.step({ x: first?.x.slice(4 * t, 4 * t + 4) }));
    const fitted = await model.fit(examples, { steps: 3 });
    const answers = (await model.run(examples)) as Record<string, Output>[];
    return {
      ok: true,
      backend,
      y: answers.map(bits),
      step: bits(steps[2]),
      saved: [...(await fitted.model.save())],
    };
  }

  it.for(engineNames)('gives the bits of Node in %s', async (name, { skip }) => {
    const program = engineOf(name);
    if (program === undefined) return skip(`there is no ${name} here`);
    const argument = JSON.stringify({ examples, backends });
    const printed = await runIn(name, program, join(folder, 'host.mjs'), argument);
    const { answers, first } = JSON.parse(printed) as { answers: Answer[]; first: string };
    expect(answers).toEqual(expected);
    // Deno has a GPU where the machine has a driver.
    expect(['webgpu', 'wasm']).toContain(first);
  });
});
