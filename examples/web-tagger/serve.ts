/**
 * A folder on a port of this machine, as any server of files has it, under a policy that is as
 * strict as can be: all from here, nothing inline, and WebAssembly only where it is allowed.
 */
import { once } from 'node:events';
import { createReadStream, statSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { extname, join, resolve, sep } from 'node:path';

/** `Content-Security-Policy`. Without `wasm-unsafe-eval` bundles compute in JavaScript. */
export const policies = {
  wasm: "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'",
  noWasm: "default-src 'self'; script-src 'self'",
} as const;

export interface FolderServer {
  /** `http://127.0.0.1:8080`, which browsers take for as secure as https. */
  readonly origin: string;
  close(): Promise<void>;
}

/** Rejects where the port is taken; 0 takes a free one. */
export async function serveFolder(
  folder: string,
  port: number,
  policy: string,
): Promise<FolderServer> {
  const root = resolve(folder);
  const server = createServer(({ method, url = '/' }, response) => {
    const file = method === 'GET' || method === 'HEAD' ? fileOf(root, url) : undefined;
    answer(response, file, policy, method === 'HEAD');
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    origin: `http://127.0.0.1:${address.port}`,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function answer(
  response: ServerResponse,
  file: string | undefined,
  policy: string,
  isHead: boolean,
): void {
  response.writeHead(file === undefined ? 404 : 200, {
    'content-type': contentTypes[extname(file ?? '.txt')] ?? 'application/octet-stream',
    'content-security-policy': policy,
    'x-content-type-options': 'nosniff',
    // A browser asks each time, so that a new version is seen.
    'cache-control': 'no-cache',
  });
  if (file === undefined) response.end('There is no such file.\n');
  else if (isHead) response.end();
  else createReadStream(file).pipe(response);
}

/** Undefined for what is no file of the folder, wherever its address leads. */
function fileOf(root: string, url: string): string | undefined {
  try {
    const path = decodeURIComponent(new URL(url, 'http://127.0.0.1').pathname);
    const file = join(root, path.endsWith('/') ? `${path}index.html` : path);
    const isInside = file.startsWith(root + sep);
    return isInside && statSync(file).isFile() ? file : undefined;
  } catch {
    return undefined;
  }
}

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.txt': 'text/plain; charset=utf-8',
};
