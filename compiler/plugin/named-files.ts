/** The files that a bundle's module names by address, where a bundler does not see to them. */

const address = /new URL\((["'`])\.\/([^"'`/]+)\1,\s*import\.meta\.url\)/g;

export function namedFiles(code: string): string[] {
  return [...new Set([...code.matchAll(address)].map(([, , name = '']) => name))];
}

/** The code with other addresses; `url` gives what stands in place of each name's text. */
export function withFiles(code: string, url: (name: string) => string): string {
  return code.replaceAll(address, (_, __, name: string) => `new URL(${url(name)},import.meta.url)`);
}
