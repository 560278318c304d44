/** A model's graph as an SVG picture, with the cells inside their loops. */
import type { Model } from '../../graph/model.ts';
import type { Graph } from '../../graph/types.ts';
import { timeSymbols } from '../summary.ts';
import { layOut } from './layout.ts';
import { sceneOf } from './scene.ts';
import { renderSvg } from './svg.ts';

export async function drawModel(model: Model, graph: Graph): Promise<string> {
  const scene = sceneOf(model, graph, timeSymbols(model));
  return renderSvg(scene.title, await layOut(scene));
}
