import type { MapTheme } from '../../ui/color/maps';
import { Cross } from '../../ui/heatmap/Cross';
import { Heatmap } from '../../ui/heatmap/Heatmap';
import type { Picture } from '../../ui/strip/Tile';
import { Sym } from '../../ui/symbol/Symbol';

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
