/** What a bundle does when an engine fails; here each fails, or answers, as it is told. */
import { describe, expect, it } from 'vitest';
import type { Backend } from '../../../../runtime/artifact/bundle.ts';
import { RuntimeFault } from '../../../../runtime/artifact/executable.ts';
import type { DirectEngine, Engine } from '../../../../runtime/bundle/engine.ts';
import { withFallback } from '../../../../runtime/bundle/fallback.ts';
import type { Description } from '../../../../runtime/bundle/description.ts';
import { fingerprint } from '../../../../runtime/bundle/fingerprint.ts';
import { writeSafetensors } from '../../../../runtime/tensors/safetensors.ts';
import { openBundle, type Bundle, type LoadOptions } from '../../../../runtime/bundle/load.ts';

const none = writeSafetensors(new Map());
const file = { file: 'none', hash: fingerprint(none) };
const described: Description = {
  symbols: ['B'],
  inputs: [{ name: 'x', sizes: [1], expects: 'numbers, [1]' }],
  outputs: [{ name: 'y', sizes: [1] }],
  ...{ states: [], lengths: [], zeros: [], weights: file },
  golden: file,
};

/** As a module has them that was loaded later on: its own class, the same code. */
class OtherFault extends Error {
  readonly code: string;

  constructor(code: string) {
    super(`other ${code}`);
    this.code = code;
  }
}

/** Gives `y`, its place among the engines, unless `fails` gives what to throw. */
function engineOf(backend: Backend, place: number, fails: () => Error | undefined): Engine {
  const run = (): ReadonlyMap<string, Float32Array> => {
    const error = fails();
    if (error !== undefined) throw error;
    return new Map([['y', Float32Array.of(place)]]);
  };
  const engine = {
    backend,
    run: async (): Promise<ReadonlyMap<string, Float32Array>> => {
      await Promise.resolve();
      return run();
    },
    close: () => undefined,
  };
  const direct: DirectEngine = { ...engine, runNow: run };
  return backend === 'webgpu' ? engine : direct;
}

/** With faults by backend, which are thrown whenever it is run; `opened` says what was opened. */
function bundleOf(faults: Partial<Record<Backend, Error>>): {
  readonly bundle: Bundle<object>;
  readonly opened: readonly Backend[];
} {
  const opened: Backend[] = [];
  const engines = (['webgpu', 'wasm', 'javascript'] as const).map((backend, place) => ({
    backend,
    open: async (): Promise<Engine> => {
      await Promise.resolve();
      opened.push(backend);
      return engineOf(backend, place, () => faults[backend]);
    },
  }));
  const files = { weights: () => none, golden: () => none };
  return { bundle: { described, engines, choose: withFallback, files }, opened };
}

async function runs(
  faults: Partial<Record<Backend, Error>>,
  options?: LoadOptions,
): Promise<{ readonly answers: unknown[]; readonly backend: Backend; readonly opened: unknown }> {
  const { bundle, opened } = bundleOf(faults);
  const model = await openBundle(bundle, options);
  const answer = async (): Promise<unknown> => {
    try {
      const found = await model.run({ x: [1] });
      return 'y' in found ? found.y.data[0] : undefined;
    } catch (error) {
      return (error as { code?: unknown }).code ?? error;
    }
  };
  const both = await Promise.all([answer(), answer(), answer()]);
  return { answers: [...both, await answer()], backend: model.backend, opened };
}

describe('a bundle whose GPU fails', () => {
  it.each([new RuntimeFault('T6405', 'lost'), new OtherFault('T6405')])(
    'goes on with the next, once for all runs: %s',
    async (webgpu) => {
      const found = await runs({ webgpu });
      const opened = ['webgpu', 'wasm'];
      expect(found).toEqual({ answers: [1, 1, 1, 1], backend: 'wasm', opened });
    },
  );

  it('does not where the GPU was asked for', async () => {
    const found = await runs({ webgpu: new OtherFault('T6405') }, { backend: 'webgpu' });
    const answers = Array.from({ length: 4 }, () => 'T6405');
    expect(found).toEqual({ answers, backend: 'webgpu', opened: ['webgpu'] });
  });

  it.each([new OtherFault('R7801'), new OtherFault('ETIMEDOUT')])(
    'does not for what is no fault of the machine: %s',
    async (webgpu) => {
      const { answers, backend } = await runs({ webgpu });
      expect(answers).toEqual(Array.from({ length: 4 }, () => webgpu.code));
      expect(backend).toBe('webgpu');
    },
  );

  it('stays with WebAssembly where a run needs more memory than there is', async () => {
    const faults = { webgpu: new OtherFault('T6405'), wasm: new RuntimeFault('T6401', 'too much') };
    const found = await runs(faults);
    const answers = Array.from({ length: 4 }, () => 'T6401');
    expect(found).toEqual({ answers, backend: 'wasm', opened: ['webgpu', 'wasm'] });
  });
});
