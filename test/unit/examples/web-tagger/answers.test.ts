/** Answers that come late, in a different world, or not at all. */
import { describe, expect, it } from 'vitest';
import { Answers } from '../../../../examples/web-tagger/page/answers.js';
import type { Answer } from '../../../../examples/web-tagger/page/model.js';

interface Question {
  readonly texts: readonly string[];
  readonly answer: () => Promise<void>;
  readonly fail: () => Promise<void>;
}

/** A model that answers when it is told to: a text's first letter is a name. */
function slowModel(atOnce: number): {
  readonly answers: Answers;
  readonly asked: Question[];
  readonly heard: string[];
} {
  const asked: Question[] = [];
  const heard: string[] = [];
  const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
  const ask = (texts: readonly string[]): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const marks = texts.map(() => [{ start: 0, end: 1 }]);
      asked.push({
        texts,
        answer: () => (resolve({ marks, backend: 'wasm', milliseconds: 1 }), settle()),
        fail: () => (reject(new Error('no memory')), settle()),
      });
    });
  const answers = new Answers(
    { backend: 'wasm', atOnce, ask },
    (_, count) => heard.push(`${count} known`),
    (error) => heard.push(String(error)),
  );
  return { answers, asked, heard };
}

describe('answers', () => {
  it('are kept, and asked for once', async () => {
    const { answers, asked, heard } = slowModel(2);
    answers.want(['a', 'b', 'a', 'c']);
    expect(asked.map(({ texts }) => texts)).toEqual([['a', 'b']]);
    await asked[0]?.answer();
    expect(answers.of('a')).toEqual([{ start: 0, end: 1 }]);
    expect(answers.of('c')).toBe(undefined);
    await asked[1]?.answer();
    answers.want(['c', 'b', 'a']);
    expect(asked.map(({ texts }) => texts)).toEqual([['a', 'b'], ['c']]);
    expect(heard).toEqual(['2 known', '1 known']);
  });

  it('that come late are dropped, and what was typed over is not asked about', async () => {
    const { answers, asked } = slowModel(1);
    answers.want(['H', 'other']);
    answers.want(['Ha', 'other']);
    answers.want(['Har', 'other']);
    await asked[0]?.answer();
    expect(answers.of('H')).toBe(undefined);
    expect(asked.map(({ texts }) => texts)).toEqual([['H'], ['Har']]);
    await asked[1]?.answer();
    await asked[2]?.answer();
    expect(asked.map(({ texts }) => texts)).toEqual([['H'], ['Har'], ['other']]);
    expect(answers.of('Har')).toEqual([{ start: 0, end: 1 }]);
  });

  it('may fail, and are asked for again when something changes', async () => {
    const { answers, asked, heard } = slowModel(1);
    answers.want(['a', 'b']);
    await asked[0]?.fail();
    expect(heard).toEqual(['Error: no memory']);
    expect(asked.length).toBe(1);
    answers.want(['a']);
    await asked[1]?.answer();
    expect(answers.of('a')).toEqual([{ start: 0, end: 1 }]);
  });

  it('are all kept that the text needs, and the oldest others forgotten', async () => {
    const { answers, asked } = slowModel(5000);
    const long = Array.from({ length: 3000 }, (_, i) => `sentence ${i}`);
    answers.want(long);
    await asked[0]?.answer();
    answers.want(long);
    expect(asked.length).toBe(1);
    answers.want(['sentence 0']);
    expect(answers.of('sentence 0')).not.toBe(undefined);
    expect(answers.of('sentence 1')).toBe(undefined);
    expect(answers.of('sentence 2999')).not.toBe(undefined);
  });
});
