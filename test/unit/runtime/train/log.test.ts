/** The log of a run, written and read. */
import { expect, test } from 'vitest';
import { LogWriter, logPath, parseLog, type LogRecord } from '../../../../runtime/train/log.ts';
import { MemoryStore } from '../../../../runtime/train/store.ts';

const note = (step: number): LogRecord => ({ kind: 'warning', step, message: `m${step}` });
const textOf = async (store: MemoryStore): Promise<string> =>
  new TextDecoder().decode(await store.read(logPath));

test('writes in chunks, reads back what was written', async () => {
  const store = new MemoryStore();
  const log = await LogWriter.open(store, 0);
  for (let step = 1; step <= 100; step++) await log.add(note(step));
  expect(log.records).toBe(100);
  expect(parseLog(await textOf(store)).length).toBeGreaterThan(0);
  await log.flush();
  expect(parseLog(await textOf(store))).toEqual(Array.from({ length: 100 }, (_, i) => note(i + 1)));
});

test('going on drops what the checkpoint does not count, a half record too', async () => {
  const store = new MemoryStore();
  const first = await LogWriter.open(store, 0);
  for (const step of [1, 2, 3]) await first.add(note(step));
  await first.flush();
  await store.append(logPath, '{"kind":"wa');
  const second = await LogWriter.open(store, 2);
  expect(second.records).toBe(2);
  await second.add(note(9));
  await second.flush();
  expect(parseLog(await textOf(store))).toEqual([note(1), note(2), note(9)]);
  const third = await LogWriter.open(store, 50);
  expect(third.records).toBe(3);
  expect(parseLog(await textOf(store))).toHaveLength(3);
});

test('lines that are no records are left out', () => {
  const step = { kind: 'step', step: 1, epoch: 1, loss: 2, metrics: {}, rate: 0, tokens: 1 };
  const lines = ['', 'x', '[]', 'null', '{"kind":"step"}', '{"kind":"other","step":1}'];
  expect(parseLog([...lines, JSON.stringify(step), '{"kind":'].join('\n'))).toEqual([step]);
});
