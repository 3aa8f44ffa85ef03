/** What the branch adds to the 4-bit product: its time on this device, fused and separate, beside the bytes it moves. */

import type { Run } from '../../run/run';
import { seconds } from '../../ui/format';
import { NumbersTable } from '../../ui/panels/NumbersTable';
import { Panel } from '../../ui/panels/Panel';
import { byteUnit, bytesIn, NONE, signed } from '../../ui/panels/numbers';

const PATHS = [['Base', '4-bit product, no branch', 2], ['Separate', '+ branch, separate', 4], ['Fused', '+ branch, fused', 2]] as const;

/** '+18 %' */
const more = (ratio: number | undefined): string => (ratio === undefined ? NONE : `${signed(100 * ratio, 0)} %`);

export function FusionPanel({ scalars, device }: Pick<Run, 'scalars' | 'device'>) {
  const of = (what: string, path: string): number | undefined => scalars[`fusion${what}${path}`];
  const base = of('Bytes', 'Base');
  if (base === undefined) return null;
  const [fused, separate] = ['Fused', 'Separate'].map((path) => of('Over', path));
  const heavier = (path: string): number => (of('Bytes', path) ?? NaN) / base - 1;
  const unit = byteUnit(of('Bytes', 'Separate') ?? base);
  const spread = (path: string): string => (of('Over', path) === undefined ? '' : `${more(of('Over', `${path}Low`))} to ${more(of('Over', `${path}High`))}`);
  return (
    <Panel title="Fused against separate" note={fused === undefined ? 'bytes of these launches' : `${device.label}, median of 5 rounds`} nested>
      <p className="sub">
        {fused === undefined
          ? 'The reference engine has no launches to fuse, so none are timed. '
          : <>The branch adds <b>{more(fused)}</b> to the time of the 4-bit product when fused, <b>{more(separate)}</b> when separate. </>}
        Bytes: {more(heavier('Fused'))} fused, {more(heavier('Separate'))} separate; launches: 2 and 4, against 2.
        {fused !== undefined && device.software && ' On a software adapter a launch and a byte cost almost nothing, so the two may tie.'}
      </p>
      <NumbersTable
        caption="The branch, fused and separate"
        columns={['Path', 'launches', 'bytes', 'over the base', 'time', 'over the base', '25 % to 75 %']}
        rows={PATHS.map(([path, label, launches], i) => {
          const time = of('Seconds', path);
          const bytes = of('Bytes', path) ?? NaN;
          return [label, launches, bytesIn(bytes, unit), i ? more(heavier(path)) : '', time === undefined ? NONE : seconds(time), i ? more(of('Over', path)) : '', i ? spread(path) : ''];
        })}
      />
    </Panel>
  );
}
