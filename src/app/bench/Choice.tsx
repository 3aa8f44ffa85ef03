import type { ReactNode } from 'react';
import { RIVALS } from '../../bench/rivals/list';
import { Control } from '../../ui/controls/ControlsPanel';
import { bytes, count } from '../../ui/format';
import { familiesOf } from './families';
import { DEFAULT_CHOICE, schema } from './options';
import { useBench } from './store';

const DEFAULTS = { rounds: DEFAULT_CHOICE.rounds } as const;

/** '365 kB', '6.6 MB': about. */
const sizeText = (n: number): string => (n < 1e6 ? `${Math.round(n / 1e3)} kB` : bytes(n));

function Check({ checked, disabled, change, children }: { readonly checked: boolean; readonly disabled?: boolean; readonly change: (on: boolean) => void; readonly children: ReactNode }) {
  return <label><input type="checkbox" checked={checked} disabled={disabled} onChange={(event) => change(event.target.checked)} />{children}</label>;
}

/** What is run: kernels by family, libraries, rounds. Nothing starts by itself, and no library is loaded before it is asked for. */
export function Choice() {
  const { choice, choose, rivals, chooseRivals, started, phase, run, stop, report } = useBench();
  const kernels = started?.kernels ?? [];
  const families = familiesOf(kernels.map(({ name }) => name));
  const chosen = families.filter(({ id }) => choice.families.includes(id));
  const working = phase === 'running' || phase === 'stopping';
  const webgpu = started?.device.engine === 'webgpu';
  const picked = chosen.flatMap((family) => family.kernels);
  const variants = kernels.filter(({ name }) => picked.includes(name)).reduce((sum, kernel) => sum + kernel.variants, 0);
  const nothing = picked.length === 0 && !choice.targets;
  const all = chosen.length === families.length;
  return (
    <section className="bench-choice" aria-label="What to run">
      <fieldset className="checks control">
        <legend>Kernels</legend>
        <div>
          <Check checked={all} change={(on) => choose({ families: on ? DEFAULT_CHOICE.families : [] })}><b>All</b></Check>
          {families.map(({ id, name, kernels: own }) => (
            <Check key={id} checked={choice.families.includes(id)} change={(on) => choose({ families: DEFAULT_CHOICE.families.filter((other) => (other === id ? on : choice.families.includes(other))) })}>
              <span title={own.join(', ')}>{name} <small>{own.length}</small></span>
            </Check>
          ))}
        </div>
        <p className="control-help">{count(picked.length, 'kernel')}{webgpu ? `, ${count(variants, 'variant')}` : ''}, each against its oracle in TypeScript.</p>
      </fieldset>
      <fieldset className="checks control">
        <legend>Libraries</legend>
        <div>
          {RIVALS.map(({ id, name, download }) => (
            <Check key={id} checked={rivals.includes(id)} disabled={!webgpu} change={(on) => chooseRivals(RIVALS.map((rival) => rival.id).filter((other) => (other === id ? on : rivals.includes(other))))}>
              <span>{name} <small>{sizeText(download)}</small></span>
            </Check>
          ))}
        </div>
        <p className="control-help">{webgpu ? 'Loaded from this site when chosen and run; sizes are of the download, compressed.' : 'They run on WebGPU, which is missing here.'}</p>
      </fieldset>
      <fieldset className="checks control">
        <legend>Targets</legend>
        <div><Check checked={choice.targets && webgpu} disabled={!webgpu} change={(targets) => choose({ targets })}><span>Table of targets</span></Check></div>
        <p className="control-help">Products, attention and 4-bit layers at fixed sizes, against what is chosen.</p>
      </fieldset>
      <Control
        name="rounds" schema={schema} params={{ rounds: choice.rounds }} defaults={DEFAULTS}
        setParams={(patch, options) => choose({ rounds: Number(patch.rounds) }, options)} resetParam={() => choose(DEFAULTS)}
      />
      <p className="bench-go">
        {working
          ? <button type="button" className="button button-outline" disabled={phase === 'stopping'} onClick={stop}>{phase === 'stopping' ? 'Stopping …' : 'Stop'}</button>
          : <button type="button" className="button button-primary" disabled={!started || nothing} title={nothing ? 'Choose a family of kernels or the targets.' : undefined} onClick={() => void run()}>{report ? 'Run again' : 'Run'}</button>}
      </p>
    </section>
  );
}
