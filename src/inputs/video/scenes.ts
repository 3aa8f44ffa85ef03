/** The scenes of drawn clips: colour at a place of the picture and a time, with edges as soft as a pixel. */

import { createRng } from '../../../kernels/rng';
import { noise, rough } from './noise';

/** Red, green and blue, from 0 to 1. */
export type Colour = readonly [number, number, number];

export interface Scene {
  /** What never moves: painted once. x and y from 0 to 1, y downward. */
  readonly still: (x: number, y: number) => Colour;
  /** What moves over it. @param moved how far, in picture widths */
  readonly over: (x: number, y: number, moved: number, ground: Colour) => Colour;
}

export type ClipKind = 'ball' | 'pan' | 'crossing';

/** Width of an edge: about one pixel of a frame of 64. */
const EDGE = 1 / 64;

const mix = (a: Colour, b: Colour, t: number): Colour => [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t];
const lit = ([r, g, b]: Colour, by: number): Colour => [r * by, g * by, b * by];
/** 1 where `distance` is inside (negative), 0 outside, a ramp of one pixel between. */
const inside = (distance: number, edge = EDGE): number => Math.min(1, Math.max(0, 0.5 - distance / edge));
/** A colour by its hue as a share of the circle, with some of it left out. */
const hue = (h: number, strength: number, value: number): Colour =>
  [0, 1, 2].map((k) => value * (1 - strength + strength * (0.5 + 0.5 * Math.cos(2 * Math.PI * (h - k / 3))))) as unknown as Colour;

/** A ball that crosses a room and bounces: wall, floor of planks, shadow. */
function ball(seed: number): Scene {
  const rng = createRng(seed);
  const base = rng.uniform();
  const [wall, trim, floor, ballColour] = [hue(base, 0.25, 0.86), hue(base, 0.3, 0.55), hue(base + 0.42, 0.45, 0.62), hue(base + 0.5 + 0.1 * rng.uniform(), 0.92, 0.98)];
  const [horizon, radius, phase] = [0.62 + 0.08 * rng.uniform(), 0.11 + 0.03 * rng.uniform(), rng.uniform()];
  const window = { x: 0.16 + 0.5 * rng.uniform(), y: 0.12, w: 0.22, h: 0.3 };
  const light: Colour = [0.95, 0.97, 1];
  return {
    still(x, y) {
      if (y > horizon) {
        const depth = (y - horizon) / (1 - horizon);
        const plank = Math.floor(((x - 0.5) / (0.35 + depth)) * 9);
        return lit(floor, 0.72 + 0.25 * depth + 0.16 * (noise(seed, plank, 7) - 0.5) + 0.1 * (rough(seed, 30 * x, 8 * y) - 0.5));
      }
      const plaster = lit(wall, 0.94 + 0.14 * (rough(seed + 9, 7 * x, 7 * y) - 0.5) - 0.18 * x);
      const pane = Math.max(Math.abs(x - window.x - window.w / 2) - window.w / 2, Math.abs(y - window.y - window.h / 2) - window.h / 2);
      const bar = Math.min(Math.abs(x - window.x - window.w / 2), Math.abs(y - window.y - window.h / 2)) - 0.008;
      const glass = mix(lit(light, 0.75 + 0.25 * (1 - y)), trim, inside(bar));
      return mix(mix(plaster, trim, inside(pane - 0.03)), glass, inside(pane));
    },
    over(x, y, moved, ground) {
      const rest = horizon + 0.16;
      const [cx, cy] = [0.5 + moved, rest - radius - 0.42 * Math.abs(Math.sin(Math.PI * (1.5 * moved + phase)))];
      const shade = inside(Math.hypot(x - cx, (y - rest) * 3.2) - radius * 0.95, 0.1);
      const edge = Math.hypot(x - cx, y - cy) - radius;
      if (shade === 0 && edge > EDGE) return ground;
      const below = lit(ground, 1 - 0.45 * shade * (1 - (rest - radius - cy)));
      const [dx, dy] = [(x - cx) / radius, (y - cy) / radius];
      const depth = Math.sqrt(Math.max(0, 1 - dx * dx - dy * dy));
      const lamp = Math.max(0, -0.5 * dx - 0.62 * dy + 0.6 * depth);
      const skin = mix(lit(ballColour, 0.35 + 0.7 * lamp), [1, 1, 1], Math.min(1, lamp ** 16));
      return mix(below, skin, inside(edge));
    },
  };
}

/** A camera that moves along hills: the near ones pass fast, the far ones slowly. */
function pan(seed: number): Scene {
  const rng = createRng(seed);
  const base = 0.52 + 0.12 * rng.uniform();
  const [zenith, haze] = [hue(base, 0.6, 0.75), hue(base + 0.45, 0.3, 0.98)];
  const land = rng.uniform();
  const layers = [0, 1, 2].map((k) => ({
    speed: [0.3, 0.6, 1][k], height: [0.42, 0.58, 0.76][k], swing: [0.24, 0.2, 0.14][k], pace: [2.2, 2.8, 3.4][k],
    colour: mix(hue(0.3 + 0.14 * land, [0.35, 0.5, 0.65][k], [0.7, 0.56, 0.42][k]), haze, [0.45, 0.2, 0][k]), texture: [6, 10, 16][k], seed: seed + 20 * k,
  }));
  return {
    still: (_, y) => mix(zenith, haze, Math.min(1, y * 1.7)),
    over(x, y, moved, ground) {
      let colour = ground;
      const ridges = layers.map((layer) => {
        const u = x + moved * layer.speed;
        return layer.height - layer.swing * (noise(layer.seed, layer.pace * u, 0) - 0.5) - 0.05 * (noise(layer.seed + 5, 4 * layer.pace * u, 0) - 0.5);
      });
      // What a nearer hill hides need not be painted.
      const first = Math.max(0, ridges.findLastIndex((ridge) => inside(ridge - y) === 1));
      for (let k = first; k < layers.length; k++) {
        const [layer, ridge] = [layers[k], ridges[k]];
        const u = x + moved * layer.speed;
        const covers = inside(ridge - y);
        if (covers === 0) continue;
        const grain = 0.78 + 0.5 * (rough(layer.seed + 8, layer.texture * u, layer.texture * (y - ridge) * 1.5) - 0.1) * (1 - 0.5 * (y - ridge));
        colour = mix(colour, lit(layer.colour, Math.min(1.25, grain)), covers);
      }
      return colour;
    },
  };
}

/** A disc and a turning square that cross in opposite directions over a mottled ground; the square passes in front. */
function crossing(seed: number): Scene {
  const rng = createRng(seed);
  const base = rng.uniform();
  const [dark, pale] = [hue(base, 0.35, 0.34), hue(base + 0.12, 0.3, 0.72)];
  const [disc, square] = [hue(base + 0.4, 0.85, 0.95), hue(base + 0.66, 0.85, 0.9)];
  const [discY, squareY] = [0.3 + 0.12 * rng.uniform(), 0.58 + 0.12 * rng.uniform()];
  return {
    still: (x, y) => mix(dark, pale, 0.25 * x + 0.75 * rough(seed, 3.2 * x + 5, 3.2 * y)),
    over(x, y, moved, ground) {
      const [dx, dy] = [x - 0.5 - moved, y - discY];
      const [sx, sy] = [x - 0.5 + moved, y - squareY];
      const away = Math.hypot(dx, dy);
      if (away > 0.22 && Math.hypot(sx, sy) > 0.28) return ground;
      const withDisc = mix(ground, lit(disc, 0.86 + 0.14 * Math.cos(60 * away)), inside(away - 0.19));
      const turn = 0.5 + 2 * moved;
      const [a, b] = [sx * Math.cos(turn) + sy * Math.sin(turn), sy * Math.cos(turn) - sx * Math.sin(turn)];
      const stripes = 0.84 + 0.16 * Math.sign(Math.sin(45 * a));
      return mix(withDisc, lit(square, stripes), inside(Math.max(Math.abs(a), Math.abs(b)) - 0.17));
    },
  };
}

export const SCENES: Readonly<Record<ClipKind, (seed: number) => Scene>> = { ball, pan, crossing };
