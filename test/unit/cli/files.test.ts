/** What stands where an output goes: files are replaced as a whole, anything else is not. */
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  constants,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeAside } from '../../../compiler/cli/files.ts';
import { inTemporaryFolder } from '../../support/command-line.ts';

describe('an output', () => {
  it('behind a link is written there, and the link stays', () => {
    inTemporaryFolder((folder) => {
      const [file, link] = [join(folder, 'file'), join(folder, 'link')];
      writeFileSync(file, 'before');
      symlinkSync('file', link);
      writeAside(link, 'after');
      expect(readFileSync(file, 'utf8')).toBe('after');
      expect(lstatSync(link).isSymbolicLink()).toBe(true);
      expect(readdirSync(folder).sort()).toEqual(['file', 'link']);
    });
  });

  it.skipIf(process.platform === 'win32')('that is a pipe is written to, and stays', () => {
    inTemporaryFolder((folder) => {
      const pipe = join(folder, 'pipe');
      expect(spawnSync('mkfifo', [pipe]).status).toBe(0);
      const reader = openSync(pipe, constants.O_RDWR);
      writeAside(pipe, 'text');
      const read = new Uint8Array(4);
      readSync(reader, read);
      closeSync(reader);
      expect(new TextDecoder().decode(read)).toBe('text');
      expect(lstatSync(pipe).isFIFO()).toBe(true);
    });
  });

  it('that is a folder, or in none, is refused by name, with nothing left behind', () => {
    inTemporaryFolder((folder) => {
      const inside = join(folder, 'folder');
      mkdirSync(inside);
      expect(() => {
        writeAside(inside, 'text');
      }).toThrow(`${inside} cannot be written: it is a folder`);
      const lost = join(folder, 'nowhere', 'file');
      expect(() => {
        writeAside(lost, 'text');
      }).toThrow(`${lost} cannot be written: there is no such file or folder`);
      expect(readdirSync(folder)).toEqual(['folder']);
    });
  });
});
