/** A stage of the strip whose rows are tokens of a video: frames in one square. A button that picks a token. */

import { useEffect, useLayoutEffect, useMemo, useRef, type PointerEvent } from 'react';

import type { StageTensor } from '../../run/run';
import { colorMap, pack, type MapTheme } from '../../ui/color/maps';
import { entryOf, type ColorScale } from '../../ui/color/scale';
import { TILE } from '../../ui/heatmap/axes';
import { useCrosshair } from '../../ui/heatmap/crosshair';
import { spoken } from '../../ui/symbol/parse';
import { Sym } from '../../ui/symbol/Symbol';
import { labelPixel } from '../../ui/video/palette';
import { detailOf, type Video } from './display';
import { cellOf, mosaicOf, mosaicPixels, tokenIn, type Mosaic } from './mosaic';

interface FrameTileProps {
  readonly stage: StageTensor;
  readonly video: Video;
  readonly scale: ColorScale;
  /** Labels take these colours instead of their own. */
  readonly paint?: ArrayLike<number>;
  readonly theme: MapTheme;
  readonly selected: boolean;
  /** The picked token, ringed. */
  readonly token?: number;
  readonly name?: string;
  readonly caption: string;
  readonly pick: (stage: string, token?: number) => void;
}

/** Packed colour of every pixel of a token. */
function painter({ data, cols }: StageTensor, { scale, paint, theme, video: { side } }: Pick<FrameTileProps, 'scale' | 'paint' | 'theme' | 'video'>, detail: number): (token: number, dy: number, dx: number) => number {
  if (scale.map === 'rgb') {
    const byte = (v: number): number => Math.round(255 * Math.min(1, Math.max(0, v)));
    return (token, dy, dx) => {
      const [f, p] = [Math.floor(token / side ** 2), token % side ** 2];
      const [y, x] = [(f * side + Math.floor(p / side)) * detail + dy, (p % side) * detail + dx];
      const at = y * cols + 3 * x;
      return pack(byte(data[at]!), byte(data[at + 1]!), byte(data[at + 2]!));
    };
  }
  if (scale.map === 'label') {
    const pixel = labelPixel(theme);
    return (token) => pixel(paint?.[data[token]!] ?? data[token]!, scale.lit !== undefined && !scale.lit.has(data[token]!));
  }
  const [map, entry] = [colorMap(scale.map, theme), entryOf(scale)];
  return (token) => map[entry(data[token]!)]!;
}

/** Where a token's cell stands, in shares of the picture. */
const boxOf = (mosaic: Mosaic, token: number): { left: string; top: string; width: string; height: string } => {
  const [x, y] = cellOf(mosaic, token);
  const share = (n: number, of: number): string => `${(100 * n) / of}%`;
  return { left: share(x, mosaic.width), top: share(y, mosaic.height), width: share(1, mosaic.width), height: share(1, mosaic.height) };
};

export function FrameTile({ stage, video, scale, paint, theme, selected, token, name, caption, pick }: FrameTileProps) {
  const crosshair = useCrosshair();
  const canvas = useRef<HTMLCanvasElement>(null);
  const hover = useRef<HTMLElement>(null);
  const { frames, side } = video;
  const mosaic = useMemo(() => mosaicOf(frames, side), [frames, side]);
  const detail = detailOf(stage, video);
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!canvas.current || !context) return;
    [canvas.current.width, canvas.current.height] = [mosaic.width * detail, mosaic.height * detail];
    const image = context.createImageData(mosaic.width * detail, mosaic.height * detail);
    new Uint32Array(image.data.buffer).set(mosaicPixels(mosaic, detail, painter(stage, { scale, paint, theme, video: { frames, side } }, detail)));
    context.putImageData(image, 0, 0);
  }, [stage, scale, paint, theme, mosaic, detail, frames, side]);
  useEffect(() => crosshair.subscribe((cell) => {
    const at = cell?.['t'];
    if (!hover.current) return;
    const seen = at !== undefined && at < frames * side ** 2;
    hover.current.style.display = seen ? 'block' : 'none';
    if (seen) Object.assign(hover.current.style, boxOf(mosaic, at));
  }), [crosshair, mosaic, frames, side]);

  const pointed = (event: PointerEvent<HTMLElement>): number | undefined => {
    const box = event.currentTarget.getBoundingClientRect();
    return tokenIn(mosaic, Math.floor(((event.clientX - box.left) / box.width) * mosaic.width), Math.floor(((event.clientY - box.top) / box.height) * mosaic.height));
  };
  const extent = { width: `calc(${TILE} * var(--u))`, height: `calc(${TILE} * ${mosaic.height / mosaic.width} * var(--u))` };
  return (
    <>
      <button
        type="button" className="strip-tile frame-tile" data-stage={stage.id} aria-pressed={selected}
        aria-label={`${spoken(stage.symbol)}, ${name ?? stage.name}, ${frames} frames of ${side} × ${side} tokens, ${caption}`}
        onClick={() => pick(stage.id, crosshair.cell?.['t'])}
        onPointerMove={(event) => { const at = pointed(event); crosshair.set(at === undefined ? undefined : { t: at }); }}
        onPointerLeave={() => crosshair.set(undefined)}
      >
        <span className="strip-picture" data-wire={stage.id} data-updating="">
          <canvas ref={canvas} className="heatmap" aria-hidden="true" style={extent} />
          <i className="frame-lines" style={{ backgroundSize: `${100 / mosaic.across}% ${100 / mosaic.lines}%` }} />
        </span>
        {token !== undefined && token < frames * side ** 2 && <i className="frame-pin" style={boxOf(mosaic, token)} />}
        <i ref={hover} className="frame-hover" />
      </button>
      <div className="strip-cap"><span><Sym text={stage.symbol} /> <b>{name ?? stage.name}</b></span><span>{caption}</span></div>
    </>
  );
}
