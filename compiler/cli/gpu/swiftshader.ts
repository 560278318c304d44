/**
 * A graphics driver in software for machines without one: SwiftShader, a Vulkan driver, and the
 * Vulkan loader, as they are packed in `@sparticuz/chromium` where that is installed. Unpacked once
 * into a folder for temporary files and loaded into this process; Linux on x64 alone.
 */
import { lstatSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { readTar } from './tar.ts';

const loader = 'libvulkan.so.1';
const manifest = 'vk_swiftshader_icd.json';
const unpacked = [loader, manifest, 'libvk_swiftshader.so'];

/** Makes the driver the one that Vulkan finds in this process; false where there is none. */
export function loadSwiftShader(): boolean {
  if (process.platform !== 'linux' || process.arch !== 'x64') return false;
  const found = findPackage();
  if (found === undefined) return false;
  const folder = unpack(found.archive, found.version);
  process.env.VK_DRIVER_FILES = join(folder, manifest);
  process.env.VK_ICD_FILENAMES = join(folder, manifest);
  return loadLibrary(join(folder, loader));
}

/** Whether this machine has a Vulkan loader of its own, which it needs for any driver. */
export function hasVulkan(): boolean {
  return loadLibrary(loader);
}

/**
 * Loads a library for good, so that whoever asks for it later gets it. Node takes any library for
 * an addon and complains of one that isn't, after it has loaded it.
 */
function loadLibrary(path: string): boolean {
  const keep = 0x1000; // RTLD_NODELETE
  const { RTLD_NOW, RTLD_GLOBAL } = constants.dlopen;
  try {
    process.dlopen({ exports: {} }, path, RTLD_NOW | RTLD_GLOBAL | keep);
    return true;
  } catch (error) {
    return error instanceof Error && error.message.includes('did not self-register');
  }
}

function findPackage(): { archive: string; version: string } | undefined {
  try {
    const require = createRequire(import.meta.url);
    const entry = require.resolve('@sparticuz/chromium');
    const root = dirname(dirname(dirname(entry)));
    const about: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    if (typeof about !== 'object' || about === null || !('version' in about)) return undefined;
    return { archive: join(root, 'bin/swiftshader.tar.br'), version: String(about.version) };
  } catch {
    return undefined;
  }
}

/** The folder with the unpacked driver. Safe for processes that do it at the same time. */
function unpack(archive: string, version: string): string {
  const folder = join(tmpdir(), `gatework-swiftshader-${version}-${process.getuid?.() ?? 0}`);
  if (isOurs(folder)) return folder;
  const aside = mkdtempSync(`${folder}-`);
  const files = readTar(brotliDecompressSync(readFileSync(archive)));
  for (const name of unpacked) {
    const bytes = files.get(name);
    if (bytes === undefined) throw new Error(`${archive} holds no ${name}`);
    mkdirSync(dirname(join(aside, name)), { recursive: true });
    writeFileSync(join(aside, name), bytes, { mode: 0o755 });
  }
  try {
    renameSync(aside, folder);
    return folder;
  } catch {
    // Another process was faster, or the name is taken by someone else's folder.
    if (!isOurs(folder)) return aside;
    rmSync(aside, { recursive: true });
    return folder;
  }
}

/** A folder for temporary files is everybody's: a library of someone else's is not loaded. */
function isOurs(folder: string): boolean {
  const about = lstatSync(folder, { throwIfNoEntry: false });
  if (about === undefined) return false;
  const othersMayWrite = (about.mode & 0o022) !== 0;
  return about.isDirectory() && about.uid === process.getuid?.() && !othersMayWrite;
}
