import type { ReactNode } from 'react';
import { REPORT_METHODS, type ReportMethodId } from '../../report/contract';
import type { SetParams } from '../../ui/lab-props';
import { Control } from '../../ui/controls/ControlsPanel';
import { Marker } from '../../ui/markers/Marker';
import { METHODS } from './methods';
import { DEFAULTS, optionsOf, optionsText, schema, WIDTHS } from './options';
import { ChooseFiles } from './Start';
import { useReport } from './store';

const METHOD_NAMES = Object.fromEntries(REPORT_METHODS.map((id) => [id, <><Marker slot={METHODS[id].slot} /> {METHODS[id].label}</>])) as Record<ReportMethodId, ReactNode>;
const WIDTH_NAMES = Object.fromEntries(WIDTHS.map((width) => [width, String(width)])) as Record<number, ReactNode>;

function Checks<T extends string | number>({ legend, help, all, chosen, names, change }: {
  readonly legend: string; readonly help: string; readonly all: readonly T[]; readonly chosen: readonly T[];
  readonly names: Readonly<Record<T, ReactNode>>; readonly change: (next: readonly T[]) => void;
}) {
  return (
    <fieldset className="checks control">
      <legend>{legend}</legend>
      <div>
        {all.map((one) => (
          <label key={one}>
            <input type="checkbox" checked={chosen.includes(one)} onChange={(event) => change(all.filter((other) => (other === one ? event.target.checked : chosen.includes(other))))} />
            {names[one]}
          </label>
        ))}
      </div>
      <p className="control-help">{help}</p>
    </fieldset>
  );
}

/** What is measured and how. A change after the measurement offers to measure again; nothing starts by itself. */
export function Controls() {
  const { params, setParams, choose, phase, measuredWith, measuredBy, measure, sensitivity, openSensitivity, reports } = useReport();
  const values = { ...params.values, methods: params.methods.join() };
  const options = optionsOf(params);
  const other = options.sensitivity === 'file' && measuredBy !== sensitivity;
  const stale = measuredWith !== undefined && (other || JSON.stringify(measuredWith) !== JSON.stringify(options));
  const waits = options.sensitivity === 'file' && sensitivity === undefined;
  const set: SetParams = (patch) => setParams(patch);
  const page = { schema, params: values, defaults: { ...DEFAULTS.values, methods: '' }, setParams: set, resetParam: (name: string) => setParams({ [name]: DEFAULTS.values[name] }) };
  const working = phase === 'measuring' || phase === 'paused';
  return (
    <details className="report-controls" open={phase === 'ready' || undefined}>
      <summary><b>Settings</b> <span>{optionsText(options)}</span></summary>
      <div className="report-controls-grid">
        {Object.keys(schema).map((name) => <Control key={name} name={name} {...page} />)}
      </div>
      <div className="report-controls-sets">
        <Checks legend="Methods" help="At least one." all={REPORT_METHODS} chosen={params.methods} change={(methods) => { if (methods.length > 0) choose({ methods }); }} names={METHOD_NAMES} />
        <Checks legend="Other widths" help="Measured as well, so that tensors can be given more or fewer bits." all={WIDTHS} chosen={params.otherBits} change={(otherBits) => choose({ otherBits })} names={WIDTH_NAMES} />
      </div>
      {params.values.sensitivity === 'file' && (
        <p className="report-sensitivity">
          {sensitivity === undefined ? 'A file with tensors of the same names and shapes gives the sensitivities.' : <>Sensitivities from <b>{sensitivity}</b>.</>}{' '}
          <ChooseFiles label={sensitivity === undefined ? 'Choose it' : 'Another file'} take={(files) => void openSensitivity(files)} />
        </p>
      )}
      {stale && reports.size > 0 && (
        <p className="report-again" role="status">
          <span>The table was measured with {optionsText(measuredWith)}.</span>
          <button type="button" className="button button-primary" disabled={waits || working} title={waits ? 'Choose the file of sensitivities first.' : working ? 'Cancel the measurement first.' : undefined} onClick={() => void measure()}>Measure again</button>
        </p>
      )}
    </details>
  );
}
