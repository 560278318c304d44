/** The example's server gives files of its folder, and of no other. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { policies, serveFolder, type FolderServer } from '../../../../examples/web-tagger/serve.ts';

const place = mkdtempSync(join(tmpdir(), 'gatework-serve-'));
let server: FolderServer;

beforeAll(async () => {
  mkdirSync(join(place, 'site/model'), { recursive: true });
  writeFileSync(join(place, 'secret.txt'), 'secret');
  writeFileSync(join(place, 'site-secret.txt'), 'secret');
  writeFileSync(join(place, 'site/index.html'), '<p>page');
  writeFileSync(join(place, 'site/model/model.wasm'), 'code');
  server = await serveFolder(join(place, 'site'), 0, policies.wasm);
});
afterAll(async () => {
  await server.close();
  rmSync(place, { recursive: true });
});

/** Without `fetch`, which would tidy the path. */
function ask(
  path: string,
  method = 'GET',
): Promise<{ status: number; type: string; body: string }> {
  return new Promise((resolve, reject) => {
    const { port } = new URL(server.origin);
    const asked = request({ host: '127.0.0.1', port, path, method }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      response.on('end', () => {
        const { statusCode = 0, headers } = response;
        expect(headers['content-security-policy']).toBe(policies.wasm);
        resolve({ status: statusCode, type: headers['content-type'] ?? '', body });
      });
    });
    asked.on('error', reject).end();
  });
}

describe('the server of the example', () => {
  it('gives what a page needs, by its type', async () => {
    const page = { status: 200, type: 'text/html; charset=utf-8', body: '<p>page' };
    expect(await ask('/')).toEqual(page);
    expect(await ask('/index.html?backend=wasm')).toEqual(page);
    expect(await ask('/', 'HEAD')).toEqual({ ...page, body: '' });
    expect((await ask('/model/model.wasm')).type).toBe('application/wasm');
  });

  it.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/model/../../secret.txt',
    '/../site-secret.txt',
    '/model',
    '/nothing.js',
    '/%',
    '/%00',
  ])('has no %s', async (path) => {
    expect((await ask(path)).status).toBe(404);
  });

  it('takes nothing', async () => {
    expect((await ask('/index.html', 'POST')).status).toBe(404);
  });
});
