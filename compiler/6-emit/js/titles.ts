/** Names as comments, of which only letters, digits and a few marks are left. */

const longest = 80;

export function titleLine(name: string): string {
  const shown = name.slice(0, longest).replace(/[^\p{L}\p{M}\p{N}_.+ -]/gu, '_');
  return `// ${shown}`.trimEnd();
}
