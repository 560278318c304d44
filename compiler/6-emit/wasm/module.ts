/**
 * A module while it is put together: a memory from outside, functions from outside and its own, and
 * their names, which profilers and traps show. Functions may be referred to before their body is
 * there.
 */
import { CompilerBug } from '../../base/bug.ts';
import { Bytes } from './bytes.ts';
import type { Code } from './code.ts';
import { writeBody, type Body } from './instruction.ts';
import { op, valueType } from './opcodes.ts';
import type { Signature } from './signature.ts';
import { writeSmall } from './small/write-small.ts';
import { list, Types } from './types.ts';

interface Declared {
  readonly name: string;
  readonly signature: Signature;
  code?: Code;
  hot?: boolean;
}

/** A function as it is written. */
export interface FinishedFunction {
  readonly name: string;
  readonly signature: Signature;
  readonly body: Body;
}

/** A module whose numbers are those that it is written with. */
export interface ModuleContent {
  readonly name: string;
  readonly sharedMemory: boolean;
  /** Functions of `env`, the first of all. */
  readonly imports: readonly { readonly name: string; readonly signature: Signature }[];
  readonly functions: readonly FinishedFunction[];
  /** How many there are, of type v128. */
  readonly globals: number;
  readonly exports: readonly { readonly name: string; readonly at: number }[];
}

const section = {
  custom: 0,
  type: 1,
  import: 2,
  function: 3,
  global: 6,
  export: 7,
  code: 10,
} as const;
const kind = { function: 0, memory: 2 } as const;

/** Of 64 KiB: what can be addressed by 32 bits. */
export const mostPages = 65536;

export class Module {
  private readonly name: string;
  private readonly sharedMemory: boolean;
  private readonly small: boolean;
  private readonly imports: Declared[] = [];
  private readonly functions: Declared[] = [];
  private globals = 0;
  private readonly exports: { readonly name: string; readonly at: number }[] = [];

  /** A `small` one has no names, and its functions are made small. */
  constructor(name: string, sharedMemory: boolean, small = false) {
    this.name = name;
    this.sharedMemory = sharedMemory;
    this.small = small;
  }

  /** A function `env.NAME`. All of them come before the first of the module's own. */
  import(name: string, signature: Signature): number {
    if (this.functions.length > 0) throw new CompilerBug('wasm', `${name} is imported too late`);
    return this.imports.push({ name, signature }) - 1;
  }

  /** A function whose body is still to come. */
  declare(name: string, signature: Signature): number {
    return this.imports.length + this.functions.push({ name, signature }) - 1;
  }

  /** Where most of the time is spent is `hot`: there a small module is also fast. */
  define(at: number, code: Code, hot = false): void {
    const declared = this.functions[at - this.imports.length];
    if (declared === undefined) throw new CompilerBug('wasm', `there is no function ${at}`);
    declared.code = code;
    declared.hot = hot;
  }

  /** A global of type v128, 0 at first; those of lower numbers are there as well. */
  global(position: number): number {
    this.globals = Math.max(this.globals, position + 1);
    return position;
  }

  export(name: string, at: number): void {
    this.exports.push({ name, at });
  }

  /** For those who print it in another way. */
  content(): ModuleContent {
    const { name, sharedMemory, imports, globals } = this;
    const { functions, at } = this.finished();
    const exports = this.exports.map((one) => ({ name: one.name, at: at(one.at) }));
    return { name, sharedMemory, imports, functions, globals, exports };
  }

  finish(): Uint8Array<ArrayBuffer> {
    const { functions, at } = this.finished();
    const types = new Types();
    const imports = list<'memory' | Declared>(['memory', ...this.imports], (to, imported) => {
      this.writeImport(to, imported, types);
    });
    const typesOf = list(functions, (to, { signature }) => to.unsigned(types.at(signature)));
    const out = new Bytes();
    for (const byte of [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]) out.byte(byte);
    write(out, section.type, types.section());
    write(out, section.import, imports);
    write(out, section.function, typesOf);
    if (this.globals > 0) write(out, section.global, this.globalSection());
    write(out, section.export, this.exportSection(at));
    write(
      out,
      section.code,
      list(functions, (to, { body }) => {
        const code = new Bytes();
        writeBody(code, body);
        to.appendSized(code);
      }),
    );
    if (!this.small) write(out, section.custom, this.nameSection());
    return out.finish();
  }

  /** The module's own functions, and where that which was at a number has gone. */
  private finished(): {
    readonly functions: readonly FinishedFunction[];
    readonly at: (before: number) => number;
  } {
    const given = this.functions.map(({ name, signature, code, hot = false }, i) => {
      if (code === undefined) throw new CompilerBug('wasm', `${name} has no body`);
      const exported = this.exports.some(({ at }) => at === this.imports.length + i);
      return { name, signature, code, hot, exported };
    });
    if (this.small) {
      return writeSmall(
        given,
        this.imports.map(({ signature }) => signature),
      );
    }
    const functions = given.map(({ name, signature, code }) => {
      return { name, signature, body: code.finish() };
    });
    return { functions, at: (before) => before };
  }

  private writeImport(to: Bytes, imported: 'memory' | Declared, types: Types): void {
    to.name('env');
    if (imported === 'memory') {
      to.name(imported);
      to.byte(kind.memory);
      to.byte(this.sharedMemory ? 3 : 0);
      to.unsigned(0);
      if (this.sharedMemory) to.unsigned(mostPages);
    } else {
      to.name(imported.name);
      to.byte(kind.function);
      to.unsigned(types.at(imported.signature));
    }
  }

  private globalSection(): Bytes {
    return list(Array.from({ length: this.globals }), (to) => {
      to.byte(valueType.v128);
      to.byte(1);
      // v128.const 0
      to.byte(0xfd);
      to.unsigned(0x0c);
      for (let i = 0; i < 16; i++) to.byte(0);
      to.byte(op.end);
    });
  }

  private exportSection(goneTo: (before: number) => number): Bytes {
    return list(this.exports, (to, { name, at }) => {
      to.name(name);
      to.byte(kind.function);
      to.unsigned(goneTo(at));
    });
  }

  private nameSection(): Bytes {
    const out = new Bytes();
    out.name('name');
    const module = new Bytes();
    module.name(this.name);
    write(out, 0, module);
    const names = list([...this.imports, ...this.functions], (to, { name }, at) => {
      to.unsigned(at);
      to.name(name);
    });
    write(out, 1, names);
    return out;
  }
}

function write(out: Bytes, id: number, content: Bytes): void {
  out.byte(id);
  out.appendSized(content);
}
