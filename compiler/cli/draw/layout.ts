/**
 * Positions for a scene, by the layered method of the Eclipse Layout Kernel (Sugiyama et al. 1981):
 * arrows run downwards, boxes hold their children, back arrows run up at the side.
 */
import Elk from 'elkjs/lib/elk.bundled.js';
import type { ElkExtendedEdge, ElkNode } from 'elkjs/lib/elk-api.js';
import type { Arrow, Box, Scene } from './scene.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface PlacedBox extends Point {
  readonly box: Box;
  readonly width: number;
  readonly height: number;
}

export interface PlacedArrow {
  readonly arrow: Arrow;
  readonly points: readonly Point[];
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  /** Outer boxes before what they hold. */
  readonly boxes: readonly PlacedBox[];
  readonly arrows: readonly PlacedArrow[];
}

const options = {
  'elk.algorithm': 'layered',
  'elk.direction': 'DOWN',
  'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.layered.nodePlacement.strategy': 'BRANDES_KOEPF',
  'elk.layered.spacing.nodeNodeBetweenLayers': '26',
  'elk.layered.spacing.edgeNodeBetweenLayers': '12',
  'elk.spacing.nodeNode': '18',
  'elk.spacing.edgeNode': '12',
  'elk.spacing.edgeEdge': '8',
  'elk.json.edgeCoords': 'ROOT',
};

/**
 * The layered method takes no least size for a box that holds others. Where a frame comes out
 * narrower than its heading, its sides are widened and everything is laid out again.
 */
export async function layOut(scene: Scene): Promise<Layout> {
  const layout = await layOutOnce(scene, new Map());
  const frames = layout.boxes.filter(({ box }) => box.children.length > 0);
  const narrow = frames.flatMap(({ box, width }): [string, number][] => {
    const lack = labelWidth(box) + 24 - width;
    return lack > 0 ? [[box.id, lack / 2]] : [];
  });
  return narrow.length === 0 ? layout : layOutOnce(scene, new Map(narrow));
}

/** `room`: what to add to the sides of a frame. */
async function layOutOnce(scene: Scene, room: ReadonlyMap<string, number>): Promise<Layout> {
  const boxes = new Map<string, Box>();
  const drawing: ElkNode = {
    id: 'root',
    layoutOptions: { ...options, 'elk.padding': '[top=16,left=16,bottom=16,right=16]' },
    children: scene.boxes.map((box) => elkNode(box, boxes, room)),
    // A back arrow is laid out the other way round, so that a carry stands above its step.
    edges: scene.arrows.map(({ id, from, to, back }) => ({
      id,
      sources: [back ? to : from],
      targets: [back ? from : to],
    })),
  };
  const root: ElkNode = await new Elk.default().layout(drawing);
  const arrows = new Map(scene.arrows.map((a) => [a.id, a]));
  return {
    width: root.width ?? 0,
    height: root.height ?? 0,
    boxes: (root.children ?? []).flatMap((node) => placed(node, { x: 0, y: 0 }, boxes)),
    arrows: edgesOf(root).flatMap((edge) => {
      const arrow = arrows.get(edge.id);
      if (arrow === undefined) return [];
      const points = pointsOf(edge);
      return [{ arrow, points: arrow.back ? points.reverse() : points }];
    }),
  };
}

/** Roughly what a sans-serif font of 12 pixels takes. */
export function textWidth(text: string, size: number): number {
  return Array.from(text).length * size * 0.58;
}

function elkNode(box: Box, boxes: Map<string, Box>, room: ReadonlyMap<string, number>): ElkNode {
  boxes.set(box.id, box);
  if (box.children.length > 0) {
    const side = 14 + (room.get(box.id) ?? 0);
    return {
      id: box.id,
      layoutOptions: { 'elk.padding': `[top=40,left=${side},bottom=14,right=${side}]` },
      children: box.children.map((child) => elkNode(child, boxes, room)),
    };
  }
  return {
    id: box.id,
    width: Math.max(30, labelWidth(box) + 16),
    height: box.detail === undefined ? 26 : 38,
  };
}

function labelWidth(box: Box): number {
  return Math.max(textWidth(box.label, 12), textWidth(box.detail ?? '', 10));
}

function placed(node: ElkNode, origin: Point, boxes: ReadonlyMap<string, Box>): PlacedBox[] {
  const box = boxes.get(node.id);
  if (box === undefined) return [];
  const x = origin.x + (node.x ?? 0);
  const y = origin.y + (node.y ?? 0);
  return [
    { box, x, y, width: node.width ?? 0, height: node.height ?? 0 },
    ...(node.children ?? []).flatMap((child) => placed(child, { x, y }, boxes)),
  ];
}

function edgesOf(node: ElkNode): ElkExtendedEdge[] {
  return [...(node.edges ?? []), ...(node.children ?? []).flatMap(edgesOf)];
}

function pointsOf(edge: ElkExtendedEdge): Point[] {
  return (edge.sections ?? []).flatMap((s) => [s.startPoint, ...(s.bendPoints ?? []), s.endPoint]);
}
