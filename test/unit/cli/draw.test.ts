/** Pictures: what they show, and that nothing in them sticks out or overlaps. */
import { describe, expect, it } from 'vitest';
import { layOut, textWidth, type PlacedBox } from '../../../compiler/cli/draw/layout.ts';
import { sceneOf, type Box, type Scene } from '../../../compiler/cli/draw/scene.ts';
import { renderSvg } from '../../../compiler/cli/draw/svg.ts';
import { timeSymbols } from '../../../compiler/cli/summary.ts';
import { plainGraph } from '../../../compiler/pipeline.ts';
import { modelOf } from '../adopt/models.ts';

function sceneFor(spec: string): Scene {
  const model = modelOf(spec);
  return sceneOf(model, plainGraph(model), timeSymbols(model));
}

function find(boxes: readonly Box[], label: string): Box | undefined {
  for (const box of boxes) {
    const found = box.label === label ? box : find(box.children, label);
    if (found !== undefined) return found;
  }
  return undefined;
}

describe('scenes', () => {
  it('hold a cell inside its loop, its weights where they are used', () => {
    const scene = sceneFor('rnn(4)');
    const group = find(scene.boxes, 'rnn');
    const loop = find(group?.children ?? [], 'each time step');
    expect(group?.kind).toBe('group');
    expect(loop?.kind).toBe('scan');
    expect(loop?.children.map((b) => b.label)).toEqual([
      'x⟨t⟩',
      'a⟨t-1⟩',
      'concat',
      'Wa',
      '+ ba',
      'tanh',
    ]);
    const carry = find(scene.boxes, 'a⟨t-1⟩')?.id;
    const tanh = find(scene.boxes, 'tanh')?.id;
    expect(scene.arrows.filter((a) => a.back)).toMatchObject([{ from: tanh, to: carry }]);
  });

  it('hide the masks of padding', () => {
    const labels = sceneFor('rnn(4)').boxes.map((b) => b.label);
    expect(labels).toEqual(['x', 'rnn', 'y']);
  });

  it('say which way a loop runs', () => {
    const { boxes } = sceneFor('bidirectional(rnn(4))');
    expect(find(boxes, 'each time step, last to first')).toBeDefined();
    expect(find(boxes, 'a⟨t+1⟩')).toBeDefined();
  });
});

describe('layouts', () => {
  const overlap = (a: PlacedBox, b: PlacedBox): boolean =>
    a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

  it.each(['lstm(8)', 'embed(4) -> bidirectional(gru(3, reset=after), depth=2) -> softmax(2)'])(
    'of %s stay inside and apart',
    async (spec) => {
      const scene = sceneFor(spec);
      const layout = await layOut(scene);
      for (const { x, y, width, height } of layout.boxes) {
        expect(x >= 0 && y >= 0 && x + width <= layout.width && y + height <= layout.height).toBe(
          true,
        );
      }
      const leaves = layout.boxes.filter((b) => b.box.children.length === 0);
      leaves.forEach((a, i) => {
        for (const b of leaves.slice(i + 1)) expect(overlap(a, b)).toBe(false);
      });
      expect(layout.arrows).toHaveLength(scene.arrows.length);
      const svg = renderSvg(scene.title, layout);
      expect(svg).not.toContain('NaN');
      expect(svg.match(/<path d=/g)?.length).toBe(scene.arrows.length + 2);
    },
  );

  it('give a frame the room of its heading', async () => {
    const { boxes } = await layOut(sceneFor('rnn(4) -> softmax(2 * 3 + 4 - 1 * 6)'));
    const frames = boxes.filter((b) => b.box.children.length > 0);
    expect(frames.map((b) => b.box.detail)).toContain('softmax(2 * 3 + 4 - 1 * 6)');
    for (const { box, width } of frames) {
      expect(width).toBeGreaterThanOrEqual(12 + textWidth(box.label, 12));
      expect(width).toBeGreaterThanOrEqual(12 + textWidth(box.detail ?? '', 10));
    }
  });

  it('escape what the user has called things', async () => {
    const svg = renderSvg('a<b>&c', await layOut(sceneFor('rnn(4)')));
    expect(svg).toContain('<title>a&lt;b&gt;&amp;c</title>');
  });
});
