/** A row of bytes that grows, with the encodings of numbers and names that a module is made of. */

const float = new DataView(new ArrayBuffer(4));
const text = new TextEncoder();

export class Bytes {
  private data = new Uint8Array(256);
  private used = 0;

  get length(): number {
    return this.used;
  }

  byte(value: number): void {
    if (this.used === this.data.length) this.grow(1);
    this.data[this.used++] = value;
  }

  /** LEB128 of a number from 0 below 2^32. */
  unsigned(value: number): void {
    let rest = value >>> 0;
    while (rest >= 0x80) {
      this.byte((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    this.byte(rest);
  }

  /** LEB128 of the low 32 bits in two's complement. */
  signed(value: number): void {
    let rest = value | 0;
    while (rest < -0x40 || rest >= 0x40) {
      this.byte((rest & 0x7f) | 0x80);
      rest >>= 7;
    }
    this.byte(rest & 0x7f);
  }

  /** The nearest f32. */
  float(value: number): void {
    float.setFloat32(0, value, true);
    for (let i = 0; i < 4; i++) this.byte(float.getUint8(i));
  }

  /** All 32 bits, the lowest first. */
  word(value: number): void {
    for (let i = 0; i < 32; i += 8) this.byte((value >>> i) & 0xff);
  }

  name(name: string): void {
    const encoded = text.encode(name);
    this.unsigned(encoded.length);
    this.all(encoded);
  }

  append(other: Bytes): void {
    this.all(other.data.subarray(0, other.used));
  }

  /** How long it is, then itself. */
  appendSized(other: Bytes): void {
    this.unsigned(other.used);
    this.append(other);
  }

  finish(): Uint8Array<ArrayBuffer> {
    return this.data.slice(0, this.used);
  }

  private all(bytes: Uint8Array): void {
    if (this.used + bytes.length > this.data.length) this.grow(bytes.length);
    this.data.set(bytes, this.used);
    this.used += bytes.length;
  }

  private grow(by: number): void {
    const larger = new Uint8Array(2 * Math.max(this.data.length, this.used + by));
    larger.set(this.data.subarray(0, this.used));
    this.data = larger;
  }
}
