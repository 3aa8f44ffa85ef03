import type { PointerEvent, ReactNode } from 'react';

import type { StageTensor } from '../../run/run';
import type { MapTheme } from '../color/maps';
import type { ColorScale } from '../color/scale';
import { shape } from '../format';
import { cellAt, shareOf, type AxisPlan } from '../heatmap/axes';
import { Cross } from '../heatmap/Cross';
import { useCrosshair } from '../heatmap/crosshair';
import { Heatmap } from '../heatmap/Heatmap';
import type { Cell } from '../lab-props';
import { Sym } from '../symbol/Symbol';
import { spoken } from '../symbol/parse';

export interface Picture {
  readonly stage: StageTensor;
  readonly rows: AxisPlan;
  readonly cols: AxisPlan;
  readonly scale: ColorScale;
  /** Display factor of the values. */
  readonly factor: number;
}

/** The cell under a pointer event, by axis names. */
export function pointed(event: PointerEvent<HTMLElement>, { stage, rows, cols }: Picture): Cell {
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
  /** Indices in use, marked by small triangles at the edges that have their axes. */
  readonly pins?: Cell;
  readonly caption: string;
  readonly select: (stage: string, cell?: Cell) => void;
  /** Drawn over the picture. */
  readonly children?: ReactNode;
}

/** One stage of a strip: picture, crosshair, symbol, name, format. A button that opens it in the inspector. */
export function Tile({ picture, theme, selected, pins, caption, select, children }: TileProps) {
  const crosshair = useCrosshair();
  const { stage, rows, cols } = picture;
  const [side, top] = [pins?.[stage.axes[0]], pins?.[stage.axes[1]]];
  return (
    <>
      <button
        type="button" className="strip-tile" data-stage={stage.id} aria-pressed={selected}
        aria-label={`${spoken(stage.symbol)}, ${stage.name}, ${shape(rows.length, cols.length)}, ${caption}`}
        onClick={() => select(stage.id, crosshair.cell)}
        onPointerMove={(event) => crosshair.set(pointed(event, picture))}
        onPointerLeave={() => crosshair.set(undefined)}
      >
        <span className="strip-picture" data-wire={stage.id} data-updating="">
          <Heatmap data={stage.data} rows={rows} cols={cols} scale={picture.scale} theme={theme} factor={picture.factor} />
          {children}
        </span>
        <Cross axes={stage.axes} rows={rows} cols={cols} />
        {top !== undefined && top >= 0 && <i className="strip-pin strip-pin-top" style={{ left: `${100 * shareOf(cols, top)}%` }} />}
        {side !== undefined && side >= 0 && <i className="strip-pin strip-pin-side" style={{ top: `${100 * shareOf(rows, side)}%` }} />}
      </button>
      <div className="strip-cap"><span><Sym text={stage.symbol} /> <b>{stage.name}</b></span><span>{caption}</span></div>
    </>
  );
}
