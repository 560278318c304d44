/**
 * A module while it is put together: a memory from outside, functions from outside and its own, and
 * their names, which profilers and traps show. Functions may be referred to before their body is
 * there.
 */
import { CompilerBug, present } from '../../base/bug.ts';
import { Bytes } from './bytes.ts';
import type { Code } from './code.ts';
import { op, valueType, type WasmType } from './opcodes.ts';
import { shrink } from './small/shrink.ts';
import type { Callee } from './small/tree.ts';

export interface Signature {
  readonly parameters: readonly WasmType[];
  readonly result?: WasmType;
}

interface Declared {
  readonly name: string;
  readonly type: number;
  code?: Code;
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
const mostPages = 65536;

export class Module {
  private readonly name: string;
  private readonly sharedMemory: boolean;
  private readonly small: boolean;
  private readonly types = new Map<string, { readonly at: number; readonly of: Signature }>();
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
    return this.imports.push({ name, type: this.typeOf(signature) }) - 1;
  }

  /** A function whose body is still to come. */
  declare(name: string, signature: Signature): number {
    const own = this.functions.push({ name, type: this.typeOf(signature) }) - 1;
    return this.imports.length + own;
  }

  define(at: number, code: Code): void {
    const declared = this.functions[at - this.imports.length];
    if (declared === undefined) throw new CompilerBug('wasm', `there is no function ${at}`);
    declared.code = code;
  }

  /** A global of type v128, 0 at first; those of lower numbers are there as well. */
  global(position: number): number {
    this.globals = Math.max(this.globals, position + 1);
    return position;
  }

  export(name: string, at: number): void {
    this.exports.push({ name, at });
  }

  finish(): Uint8Array<ArrayBuffer> {
    const out = new Bytes();
    for (const byte of [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]) out.byte(byte);
    write(out, section.type, this.typeSection());
    write(out, section.import, this.importSection());
    write(
      out,
      section.function,
      list(this.functions, (to, { type }) => to.unsigned(type)),
    );
    if (this.globals > 0) write(out, section.global, this.globalSection());
    write(out, section.export, this.exportSection());
    write(
      out,
      section.code,
      list(this.functions, (to, declared) => to.appendSized(this.bodyOf(declared))),
    );
    if (!this.small) write(out, section.custom, this.nameSection());
    return out.finish();
  }

  private bodyOf({ name, type, code }: Declared): Bytes {
    if (code === undefined) throw new CompilerBug('wasm', `${name} has no body`);
    if (!this.small) return code.finish();
    return shrink(code, this.signature(type).parameters, (at) => this.calleeOf(at));
  }

  private calleeOf(at: number): Callee {
    const declared = present([...this.imports, ...this.functions][at], `function ${at}`);
    const { parameters, result } = this.signature(declared.type);
    return { parameters: parameters.length, result };
  }

  private signature(type: number): Signature {
    return present([...this.types.values()][type], `type ${type}`).of;
  }

  private typeOf(signature: Signature): number {
    const key = `${signature.parameters.join(' ')}: ${signature.result ?? ''}`;
    const known = this.types.get(key);
    if (known !== undefined) return known.at;
    this.types.set(key, { at: this.types.size, of: signature });
    return this.types.size - 1;
  }

  private typeSection(): Bytes {
    return list([...this.types.values()], (to, { of }) => {
      to.byte(0x60);
      for (const types of [of.parameters, of.result === undefined ? [] : [of.result]]) {
        to.unsigned(types.length);
        for (const type of types) to.byte(valueType[type]);
      }
    });
  }

  private importSection(): Bytes {
    return list(['memory', ...this.imports], (to, imported) => {
      to.name('env');
      if (imported === 'memory') {
        to.name(imported);
        to.byte(kind.memory);
        to.byte(this.sharedMemory ? 3 : 0);
        to.unsigned(0);
        if (this.sharedMemory) to.unsigned(mostPages);
      } else if (typeof imported !== 'string') {
        to.name(imported.name);
        to.byte(kind.function);
        to.unsigned(imported.type);
      }
    });
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

  private exportSection(): Bytes {
    return list(this.exports, (to, { name, at }) => {
      to.name(name);
      to.byte(kind.function);
      to.unsigned(at);
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

function list<T>(items: readonly T[], each: (to: Bytes, item: T, at: number) => void): Bytes {
  const out = new Bytes();
  out.unsigned(items.length);
  items.forEach((item, at) => each(out, item, at));
  return out;
}
