/** The contracts of the command line, on the command line: exit status, stdout, stderr, files. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { NdArray } from '../../../runtime/artifact/nd-array.ts';
import { fromNdArrays } from '../../../runtime/tensors/convert.ts';
import { readSafetensors, writeSafetensors } from '../../../runtime/tensors/safetensors.ts';
import { drawFloats, drawer, ints } from '../../../compiler/verify/arrays.ts';
import { gatework, inTemporaryFolder, type Finished } from '../../support/command-line.ts';

function write(file: string, arrays: Readonly<Record<string, NdArray>>): void {
  writeFileSync(file, writeSafetensors(fromNdArrays(new Map(Object.entries(arrays)))));
}

function tensorsIn(file: string): Record<string, string> {
  const { tensors } = readSafetensors(readFileSync(file), file);
  return Object.fromEntries([...tensors].map(([n, t]) => [n, `${t.dtype} ${t.shape.join('×')}`]));
}

describe('exit status', () => {
  it('is 0 and one line for a good spec', () => {
    const { status, stdout, stderr } = gatework('check', 'lstm(8) -> softmax(5)', '--dim', 'D=3');
    expect({ status, stdout, stderr }).toEqual({
      status: 0,
      stdout: 'ok: main, 429 parameters\n',
      stderr: '',
    });
  });

  it('is 1 for a bad spec, with carets on stderr', () => {
    const { status, stdout, stderr } = gatework('check', 'lsmt(8)');
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain('error[N3001]');
    expect(stderr).toContain('^^^^');
    expect(stderr).toContain('did you mean lstm?');
  });

  it('is 1 for a file that is not there', () => {
    const { status, stderr } = gatework('check', 'nowhere.gate');
    expect(status).toBe(1);
    expect(stderr).toContain('error[R7401]: nowhere.gate cannot be read');
  });

  it('is 1 for the folder of a model that is not there, which is no pipeline', () => {
    const { status, stderr } = gatework('show', 'out/nowhere');
    expect(status).toBe(1);
    expect(stderr).toContain('error[R7401]: out/nowhere cannot be read');
    expect(gatework('check', 'x/2').status).toBe(0);
  });

  it.each([[['chekc', 'lstm(8)']], [['check']], [['check', 'x', '--dim', 'D']], [[]]])(
    'is 2 for %j',
    (args) => {
      expect(gatework(...args).status).toBe(2);
    },
  );

  it('is 2 for weights that are given and drawn', () => {
    const files = ['--input', 'a', '--output', 'b', '--weights', 'w'];
    const { status, stderr } = gatework('run', 'lstm(8)', ...files, '--init', '1');
    expect(status).toBe(2);
    expect(stderr).toContain("'--init <seed>' cannot be used with option '--weights <file>'");
  });
});

describe('--json', () => {
  it('is one document on stdout', () => {
    const { stdout } = gatework('check', 'lstm(8)', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, parameters: '32*D + 288' });
  });

  it('is one document for a bad spec too', () => {
    const { status, stdout } = gatework('show', 'lstm(8', '--json');
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, diagnostics: [{ code: 'P2002' }] });
  });
});

describe('--json', () => {
  it('is one document for a command that is misused too', () => {
    const { status, stdout } = gatework('check', 'lstm(8)', '--nope', '--json');
    expect(status).toBe(2);
    expect(JSON.parse(stdout)).toEqual({ ok: false, error: "unknown option '--nope'" });
  });
});

describe('an output that is not taken', () => {
  const system = (line: string): Finished => {
    const main = `${process.execPath} --import tsx compiler/cli/main.ts`;
    const { status, stdout, stderr } = spawnSync('sh', ['-c', line.replace('gatework', main)], {
      encoding: 'utf8',
    });
    return { status, stdout, stderr };
  };

  it('is no fault where its reader has left', () => {
    const { stdout, stderr } = system(`gatework show 'lstm(3, depth = 60)' --ir graph | head -n 1`);
    expect(stdout).toMatch(/^graph main.*\n$/);
    expect(stderr).toBe('');
  });

  it.skipIf(!existsSync('/dev/full'))('is said in a line where the disk is full', () => {
    const { status, stderr } = system(`gatework check 'lstm(3)' > /dev/full`);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^error\[R7402\]: the output cannot be written: ENOSPC.*\n$/);
  });
});

describe('run and grad', () => {
  const draw = drawer(1);

  it('say what shape they expect of a tensor with another number of axes', () => {
    inTemporaryFolder((folder) => {
      const [file, output] = [join(folder, 'in'), join(folder, 'out')];
      write(file, { x: drawFloats(draw, [5, 4], 1) });
      const args = ['--init', '1', '--input', file, '--output', output];
      const { status, stderr } = gatework('run', 'lstm(8)', ...args);
      expect(status).toBe(1);
      expect(stderr).toContain('error[R7001]: x has shape [5, 4]; expected [B, T, D]');
    });
  });

  const x = drawFloats(draw, [2, 5, 3]);

  it('write outputs, final states, loss and gradients, in f32 unless told', () => {
    inTemporaryFolder((folder) => {
      const [input, output] = [join(folder, 'in'), join(folder, 'out')];
      write(input, { x, lengths: ints([2], [5, 2]), dy: drawFloats(draw, [2, 5, 4]) });
      const common = ['rnn(4)', '--init', '1', '--input', input, '--output', output];
      expect(gatework('run', ...common).status).toBe(0);
      expect(tensorsIn(output)).toEqual({ y: 'F32 2×5×4', hn: 'F32 1×2×4' });
      expect(gatework('grad', ...common, '--dtype', 'f64').status).toBe(0);
      expect(tensorsIn(output)).toEqual({
        y: 'F64 2×5×4',
        hn: 'F64 1×2×4',
        loss: 'F64 ',
        'd/x': 'F64 2×5×3',
        'd/h0': 'F64 1×2×4',
        'd/rnn.Wa': 'F64 4×7',
        'd/rnn.ba': 'F64 4',
      });
      expect(readdirSync(folder).sort()).toEqual(['in', 'out']);
    });
  });

  it('leave no output behind when something is wrong', () => {
    inTemporaryFolder((folder) => {
      const [input, output] = [join(folder, 'in'), join(folder, 'out')];
      const common = ['rnn(4)', '--init', '1', '--input', input, '--output', output];
      const told = (arrays: Readonly<Record<string, NdArray>>): string => {
        write(input, arrays);
        const { status, stderr } = gatework('run', ...common);
        expect(status).toBe(1);
        return stderr;
      };
      expect(told({ y: x })).toMatch(/R7403.*no input y/);
      expect(told({ lengths: ints([2], [5, 5]) })).toMatch(/lacks x/);
      expect(told({ x: ints([2, 5, 3], Array<number>(30).fill(1)) })).toMatch(/x holds I32/);
      expect(told({ x, lengths: ints([2], [5, 6]) })).toMatch(/R7406.*lengths says 6 for row 1/);
      expect(told({ x, h0: drawFloats(draw, [1, 2, 5]) })).toMatch(/R7001.*h0/);
      expect(existsSync(output)).toBe(false);
    });
  });
});

describe('fmt', () => {
  it('prints, checks and writes the canonical form', () => {
    inTemporaryFolder((folder) => {
      const file = join(folder, 'a.gate');
      writeFileSync(file, 'model  a{ output y=lstm( 8 )  ->softmax(5) }\n');
      expect(gatework('fmt', file, '--check').status).toBe(1);
      const printed = gatework('fmt', file).stdout;
      expect(gatework('fmt', file, '--write').status).toBe(0);
      expect(readFileSync(file, 'utf8')).toBe(printed);
      expect(gatework('fmt', file, '--check').status).toBe(0);
    });
  });
});
