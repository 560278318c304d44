/** How a process finds an adapter, what it says where there is none, and the driver in software. */
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { adapterLine, openAdapter, type Dawn } from '../../../compiler/cli/gpu/adapter.ts';
import { RuntimeFault } from '../../../runtime/artifact/executable.ts';
import { gpuUnavailable } from '../../support/gpu.ts';

const root = join(import.meta.dirname, '../../..');

async function faultOf(load: () => Promise<Dawn>): Promise<RuntimeFault> {
  const error = await openAdapter(load).then(
    () => undefined,
    (found: unknown) => found,
  );
  if (!(error instanceof RuntimeFault)) throw new Error(`no fault but ${String(error)}`);
  return error;
}

describe('the search for an adapter', () => {
  test('says what to install where WebGPU is missing', async () => {
    const missing = Object.assign(new Error('no package'), { code: 'ERR_MODULE_NOT_FOUND' });
    const fault = await faultOf(() => Promise.reject(missing));
    expect(fault.code).toBe('T6403');
    expect(fault.hint).toBe('npm install webgpu');
  });

  test('says why WebGPU does not start', async () => {
    const fault = await faultOf(() => Promise.reject(new Error('wrong ELF class')));
    expect(fault.code).toBe('T6403');
    expect(fault.message).toBe('WebGPU does not start on this machine: wrong ELF class');
  });
});

test('a line names the device and how it computes', () => {
  const adapter = undefined as unknown as GPUAdapter;
  const found = { adapter, description: 'nvidia h100 (vulkan)', software: false };
  expect(adapterLine(found)).toBe('device: nvidia h100 (vulkan)');
});

describe.skipIf(gpuUnavailable !== undefined)(`an adapter ${gpuUnavailable ?? ''}`, () => {
  test('is found anew each time, so that a lost device can be replaced', async () => {
    const [one, two] = [await openAdapter(), await openAdapter()];
    expect(one.adapter).not.toBe(two.adapter);
    expect(one.description).toBe(two.description);
    expect(one.description).toMatch(one.software ? / \(software\)$/ : / \((vulkan|metal|d3d12)\)$/);
  });

  test('comes to processes that unpack the driver at the same time, and leaves one folder', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'gatework-test-'));
    try {
      const lines = await Promise.all([1, 2, 3].map(() => lineOfProcess(folder)));
      const { description } = await openAdapter();
      expect(lines).toEqual([1, 2, 3].map(() => `device: ${description}\n`));
      const [driver, ...more] = driversIn(folder);
      expect(more).toEqual([]);
      if (driver === undefined) return;
      // What others may have changed is not loaded.
      chmodSync(join(folder, driver), 0o777);
      expect(await lineOfProcess(folder)).toBe(`device: ${description}\n`);
      expect(driversIn(folder)).toHaveLength(2);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

function driversIn(folder: string): string[] {
  return readdirSync(folder).filter((name) => name.startsWith('gatework-swiftshader-'));
}

/** What another process finds, which has this folder for temporary files. */
function lineOfProcess(folder: string): Promise<string> {
  const script = `import { adapterLine, openAdapter } from './compiler/cli/gpu/adapter.ts';
    process.stdout.write(adapterLine(await openAdapter()) + '\\n', () => process.exit(0));`;
  const args = ['--import', 'tsx', '--input-type=module', '--eval', script];
  // This process may have chosen a driver already; that one looks for itself.
  const env = Object.entries(process.env).filter(([name]) => !name.startsWith('VK_'));
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...Object.fromEntries(env), TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', reject);
    child.on('close', () => resolve(output));
  });
}
