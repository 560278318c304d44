/**
 * Reads a tar archive: its plain files by name. Names of up to 100 bytes and the prefix of ustar,
 * which is all that archives of a few files hold; folders and links are left out.
 */
const block = 512;

export function readTar(archive: Uint8Array): ReadonlyMap<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  let at = 0;
  while (at + block <= archive.length && archive[at] !== 0) {
    const header = archive.subarray(at, at + block);
    const length = parseInt(text(header, 124, 12), 8);
    const start = at + block;
    if (!Number.isSafeInteger(length) || start + length > archive.length) {
      throw new Error('the archive is cut off or is no tar archive');
    }
    const type = text(header, 156, 1);
    if (type === '' || type === '0') {
      const prefix = text(header, 257, 5) === 'ustar' ? text(header, 345, 155) : '';
      const name = text(header, 0, 100);
      const path = prefix === '' ? name : `${prefix}/${name}`;
      files.set(path.replace(/^\.\//, ''), archive.subarray(start, start + length));
    }
    at = start + Math.ceil(length / block) * block;
  }
  return files;
}

/** A field up to its first zero byte. */
function text(header: Uint8Array, start: number, length: number): string {
  const field = header.subarray(start, start + length);
  const end = field.indexOf(0);
  return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end)).trim();
}
