/**
 * The log of a run, one JSON record a line. It holds no clock values: two runs with the same seed
 * write the same bytes, and a resumed run continues the log as if it had never stopped.
 */
import type { MetricValues } from './metrics.ts';
import type { Store } from './store.ts';

export type LogRecord = StepRecord | EpochRecord | NoteRecord;

export interface StepRecord {
  readonly kind: 'step';
  /** From 1. */
  readonly step: number;
  /** From 1. */
  readonly epoch: number;
  readonly loss: number;
  readonly metrics: MetricValues;
  readonly rate: number;
  readonly gradientNorm: number;
  readonly tokens: number;
}

export interface EpochRecord {
  readonly kind: 'epoch';
  readonly epoch: number;
  /** Steps done when it ended. */
  readonly step: number;
  /** Mean over the epoch, dropout and all. */
  readonly loss: number;
  readonly metrics: MetricValues;
  /** On the validation data with the weights at the end of the epoch. */
  readonly validation?: { readonly loss: number; readonly metrics: MetricValues };
}

export interface NoteRecord {
  readonly kind: 'warning' | 'fault';
  readonly step: number;
  readonly message: string;
}

export const logPath = 'log.jsonl';

/** Written in chunks, since a write for each step would cost more than a small step does. */
const recordsInChunk = 64;

export class LogWriter {
  private readonly store: Store | undefined;
  private lines: string[] = [];
  private written = 0;

  private constructor(store: Store | undefined) {
    this.store = store;
  }

  /** Keeps the first `keep` records of the log that is there and drops the rest. */
  static async open(store: Store | undefined, keep: number): Promise<LogWriter> {
    const writer = new LogWriter(store);
    await writer.rewind(keep);
    return writer;
  }

  /** Drops all but the first `keep` records. */
  async rewind(keep: number): Promise<void> {
    await this.flush();
    const bytes = keep === 0 ? undefined : await this.store?.read(logPath);
    const lines = bytes === undefined ? [] : new TextDecoder().decode(bytes).split('\n');
    // What follows the last line break is empty, or a record that a crash cut short.
    const kept = lines.slice(0, Math.min(keep, Math.max(0, lines.length - 1)));
    const text = kept.map((line) => `${line}\n`).join('');
    await this.store?.writeAtomically(logPath, new TextEncoder().encode(text));
    this.written = this.store === undefined ? keep : kept.length;
  }

  /** How many records there are, those not yet written included. */
  get records(): number {
    return this.written + this.lines.length;
  }

  async add(record: LogRecord): Promise<void> {
    this.lines.push(`${JSON.stringify(record)}\n`);
    if (this.lines.length >= recordsInChunk) await this.flush();
  }

  async flush(): Promise<void> {
    const { lines } = this;
    if (lines.length === 0) return;
    this.lines = [];
    this.written += lines.length;
    await this.store?.append(logPath, lines.join(''));
  }
}

/** Records of a log file; a last line that a crash cut short is left out. */
export function parseLog(text: string): LogRecord[] {
  const records: LogRecord[] = [];
  for (const line of text.split('\n')) {
    const record = parseRecord(line);
    if (record !== undefined) records.push(record);
  }
  return records;
}

function parseRecord(line: string): LogRecord | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is LogRecord {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return false;
  if (!('step' in value) || typeof value.step !== 'number') return false;
  if (value.kind === 'warning' || value.kind === 'fault') return 'message' in value;
  const known = value.kind === 'step' || value.kind === 'epoch';
  return known && 'loss' in value && typeof value.loss === 'number' && 'metrics' in value;
}
