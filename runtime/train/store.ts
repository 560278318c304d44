/** Files of a run, as a training loop sees them: on a disk, in a browser's storage, in a test. */

/**
 * Paths are relative to the run's folder. Failures are RuntimeFaults R7401 (read), R7402 (write).
 */
export interface Store {
  /** Undefined where there is no such file. */
  read(path: string): Promise<Uint8Array | undefined>;
  /**
   * Replaces the file as a whole: whoever reads it, even after a crash at any moment, finds the old
   * bytes or the new ones, never a part.
   */
  writeAtomically(path: string, bytes: Uint8Array): Promise<void>;
  /** Adds text at the end of the file, which is made where there is none. */
  append(path: string, text: string): Promise<void>;
}

export class MemoryStore implements Store {
  private readonly files = new Map<string, Uint8Array>();

  read(path: string): Promise<Uint8Array | undefined> {
    const bytes = this.files.get(path);
    return Promise.resolve(bytes === undefined ? undefined : new Uint8Array(bytes));
  }

  writeAtomically(path: string, bytes: Uint8Array): Promise<void> {
    this.files.set(path, new Uint8Array(bytes));
    return Promise.resolve();
  }

  append(path: string, text: string): Promise<void> {
    const before = this.files.get(path) ?? new Uint8Array();
    const added = new TextEncoder().encode(text);
    const joined = new Uint8Array(before.length + added.length);
    joined.set(before);
    joined.set(added, before.length);
    this.files.set(path, joined);
    return Promise.resolve();
  }
}
