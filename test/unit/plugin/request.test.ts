/** What an import asks for, by its query and by the options of the plugin. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { targetOf } from '../../../compiler/7-bundle/target.ts';
import type { GateworkOptions } from '../../../compiler/plugin/options.ts';
import { isSpecModule, partsOf, requestOf } from '../../../compiler/plugin/request.ts';

const folder = join(import.meta.dirname, 'app');
const request = (query: string, options: GateworkOptions = {}): ReturnType<typeof requestOf> =>
  requestOf(`${join(folder, 'ner.gate')}${query}`, options, false);

describe('an import', () => {
  it.each([
    ['./ner.gate', true],
    ['./ner.gate?weights=./ner.safetensors', true],
    ['./ner.yaml?weights=./ner.safetensors', true],
    ['./ner.yml?dim.D=4&init=1', true],
    ['./ner.yaml', false],
    ['./ner.yaml?initial=1', false],
    ['./ner.gate?raw', false],
    ['./ner.gate?url&init=1', false],
    ['./ner.gate.js', false],
  ])('%s is of a spec: %s', (id, is) => {
    expect(isSpecModule(id)).toBe(is);
  });

  it('loses what the bundler has added', () => {
    const query = 'weights=./a+b.safetensors&dim.D=4';
    expect(partsOf(`/app/ner.gate?import&${query}&t=17&v=1`)).toEqual({
      file: '/app/ner.gate',
      query,
    });
  });
});

describe('a request', () => {
  it('has files as seen from the spec', () => {
    expect(request('?weights=./a+b%20c.safetensors&vocabulary=../out/model.json')).toEqual({
      file: join(folder, 'ner.gate'),
      weights: join(folder, 'a+b c.safetensors'),
      vocabulary: join(folder, '../out/model.json'),
      dim: new Map(),
      precision: 'f32',
      target: targetOf('web'),
    });
  });

  it('takes from the query before it takes from the options', () => {
    const options: GateworkOptions = {
      ...{ init: 1, precision: 'f16', target: 'node', inline: true, backends: ['javascript'] },
      dims: { D: 1, E: 2 },
    };
    const plain = request('', options);
    expect(plain).toMatchObject({ init: 1, precision: 'f16' });
    expect(plain.target).toEqual(targetOf('node', true, ['javascript']));
    expect(plain.dim).toEqual(new Map(Object.entries({ D: 1, E: 2 })));
    const query = '?init=2&precision=f32&target=web&inline=false&backends=webgpu,wasm&dim.D=4_0';
    const asked = request(query, options);
    expect(asked).toMatchObject({ init: 2, precision: 'f32' });
    expect(asked.target).toEqual(targetOf('web', false, ['webgpu', 'wasm']));
    expect(asked.dim).toEqual(new Map(Object.entries({ D: 40, E: 2 })));
    expect('init' in request('?weights=./w', options)).toBe(false);
    expect(request('?init=1&inline').target.weights).toBe('inline');
  });

  it.each([
    ['', 'R7407', 'a spec alone has no weights'],
    ['?wieghts=./w', 'R7808', 'wieghts is nothing that an import can say'],
    ['?weights=', 'R7808', 'weights names no file'],
    ['?weights=./w&init=1', 'R7808', 'not both'],
    ['?init=1&init=2', 'R7808', 'init stands there twice'],
    ['?init=-1', 'R7808', 'init=-1 is no whole number from 0'],
    ['?init=1&dim.D=0', 'R7808', 'dim.D=0 is no whole number from 1'],
    ['?init=1&precision=f17', 'R7808', 'precision=f17 is none of f32, f16'],
    ['?init=1&backends=cuda', 'R7808', 'backends=cuda is none of webgpu'],
    ['?init=1&target=toaster', 'R7808', 'target=toaster is none of web'],
    ['?init=1&inline=perhaps', 'R7808', 'inline=perhaps is none of'],
  ])('%s is refused', (query, code, message) => {
    const fault: unknown = expect.objectContaining({
      code,
      message: expect.stringContaining(message) as unknown,
    });
    expect(() => request(query)).toThrow(fault);
  });
});
