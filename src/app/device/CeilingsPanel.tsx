import { useState } from 'react';
import type { Ceilings, DeviceInfo, Timing } from '../../engine/engine';
import { NoticeBox } from '../../ui/feedback/NoticeBox';
import { number, seconds } from '../../ui/format';
import { Panel } from '../../ui/panels/Panel';
import { usePage } from '../page-store';

const spread = (timing: Timing): string =>
  `median ${seconds(timing.median, timing.resolution)}, quartiles ${seconds(timing.low)} to ${seconds(timing.high)}, ${timing.samples} samples of ${timing.repeats}, ${timing.method === 'timestamp' ? 'GPU timestamps' : 'wall time'}, clock resolves ${seconds(timing.resolution)} per launch`;

/** The two ceilings of the roofline, measured when asked for. */
export function CeilingsPanel({ device }: { readonly device: DeviceInfo }) {
  const { compute } = usePage();
  const [state, setState] = useState<Ceilings | 'idle' | 'busy' | { readonly failed: string }>('idle');
  const measure = async (): Promise<void> => {
    setState('busy');
    setState(await compute.ceilings().catch((error: unknown) => ({ failed: error instanceof Error ? error.message : String(error) })));
  };
  const whose = device.engine === 'reference' ? 'of the reference engine' : device.software ? 'of this CPU, not of a GPU' : 'of this GPU';
  return (
    <Panel title="Ceilings" note={`what no kernel can exceed; ${whose}`}>
      {typeof state === 'object' && 'copy' in state && (
        <dl className="device-list">
          <dt>Copy kernel<small>{spread(state.copy.timing)}</small></dt>
          <dd><b>{number(state.copy.bytesPerSecond / 1e9)} GB/s</b></dd>
          <dt>Multiply-add kernel<small>{spread(state.fma.timing)}</small></dt>
          <dd><b>{number(state.fma.flopsPerSecond / 1e9)} GFLOP/s</b></dd>
        </dl>
      )}
      {typeof state === 'object' && 'failed' in state && <NoticeBox notice={{ level: 'failed', happened: 'The ceilings were not measured.', mend: state.failed }} />}
      <p className="device-actions"><button type="button" className="button button-outline" disabled={state === 'busy'} onClick={() => void measure()}>{state === 'busy' ? 'Measuring …' : typeof state === 'object' ? 'Measure again' : 'Measure'}</button></p>
    </Panel>
  );
}
