import type { PointerEvent } from 'react';

import type { StageTensor } from '../../run/run';
import type { MapTheme } from '../../ui/color/maps';
import type { ColorScale } from '../../ui/color/scale';
import { shape } from '../../ui/format';
import { cellAt, shareOf, type AxisPlan } from '../../ui/heatmap/axes';
import { Cross } from '../../ui/heatmap/Cross';
import { useCrosshair } from '../../ui/heatmap/crosshair';
import { Heatmap } from '../../ui/heatmap/Heatmap';
import type { Cell } from '../../ui/lab-props';
import { Sym } from '../../ui/symbol/Symbol';
import { spoken } from '../../ui/symbol/parse';

export interface Picture {
  readonly stage: StageTensor;
  readonly rows: AxisPlan;
  readonly cols: AxisPlan;
  readonly scale: ColorScale;
  /** Display factor of the values. */
  readonly factor: number;
}

/** The cell under a pointer event, by axis names. */
function pointed(event: PointerEvent<HTMLElement>, { stage, rows, cols }: Picture): Cell {
  const box = event.currentTarget.getBoundingClientRect();
  return {
    [stage.axes[0]]: cellAt(rows, (event.clientY - box.top) / box.height),
    [stage.axes[1]]: cellAt(cols, (event.clientX - box.left) / box.width),
  };
}

interface TileProps {
  readonly picture: Picture;
  readonly theme: MapTheme;
  readonly selected: boolean;
  /** The pinned channel, marked by a small triangle at the edge. */
  readonly channel?: number;
  readonly caption: string;
  readonly select: (stage: string, cell?: Cell) => void;
}

/** One stage of the strip: picture, crosshair, symbol, name, format. A button that opens it in the inspector. */
export function Tile({ picture, theme, selected, channel, caption, select }: TileProps) {
  const crosshair = useCrosshair();
  const { stage, rows, cols } = picture;
  const pinned = channel !== undefined && channel >= 0;
  return (
    <>
      <button
        type="button" className="strip-tile" data-stage={stage.id} aria-pressed={selected}
        aria-label={`${spoken(stage.symbol)}, ${stage.name}, ${shape(stage.rows, stage.cols)}, ${caption}`}
        onClick={() => select(stage.id, crosshair.cell)}
        onPointerMove={(event) => crosshair.set(pointed(event, picture))}
        onPointerLeave={() => crosshair.set(undefined)}
      >
        <span className="strip-picture" data-wire={stage.id} data-updating="">
          <Heatmap data={stage.data} rows={rows} cols={cols} scale={picture.scale} theme={theme} factor={picture.factor} />
        </span>
        <Cross axes={stage.axes} rows={rows} cols={cols} />
        {pinned && stage.axes[1] === 'k' && <i className="strip-pin strip-pin-top" style={{ left: `${100 * shareOf(cols, channel)}%` }} />}
        {pinned && stage.axes[0] === 'k' && <i className="strip-pin strip-pin-side" style={{ top: `${100 * shareOf(rows, channel)}%` }} />}
      </button>
      <div className="strip-cap"><span><Sym text={stage.symbol} /> <b>{stage.name}</b></span><span>{caption}</span></div>
    </>
  );
}

/** L₁ beside its product's rows and L₂ above its columns, r cells thick. `beside` is the product's width in strip units. */
export function Factor({ picture, theme, side, beside }: { readonly picture: Picture; readonly theme: MapTheme; readonly side: 'l1' | 'l2'; readonly beside: number }) {
  return (
    <span className={`strip-factor strip-factor-${side}`} data-wire={side} style={{ ['--beside' as string]: beside }}>
      <Heatmap data={picture.stage.data} rows={picture.rows} cols={picture.cols} scale={picture.scale} theme={theme} />
      <Cross axes={picture.stage.axes} rows={picture.rows} cols={picture.cols} />
      <Sym text={picture.stage.symbol} />
    </span>
  );
}
