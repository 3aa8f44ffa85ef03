import { useEffect, type ReactNode } from 'react';
import { EngineBadge } from '../../ui/feedback/EngineBadge';
import { NoticeBox, type NoticeAction } from '../../ui/feedback/NoticeBox';
import { Panel } from '../../ui/panels/Panel';
import type { EngineStatus } from '../compute';
import { usePage } from '../page-store';
import { PageBar } from '../shell/PageBar';
import { CeilingsPanel } from './CeilingsPanel';
import { EnginePanel } from './EnginePanel';
import { VariantsPanel } from './VariantsPanel';
import { VerifyAll } from './VerifyAll';
import './device.css';

const LIMITS: readonly (readonly [name: string, unit: 'bytes' | 'count', says: string])[] = [
  ['maxBufferSize', 'bytes', 'Largest buffer'],
  ['maxStorageBufferBindingSize', 'bytes', 'Largest tensor a kernel can bind'],
  ['maxStorageBuffersPerShaderStage', 'count', 'Tensors per kernel'],
  ['maxComputeWorkgroupStorageSize', 'bytes', 'Memory a workgroup shares'],
  ['maxComputeInvocationsPerWorkgroup', 'count', 'Invocations per workgroup'],
  ['maxComputeWorkgroupsPerDimension', 'count', 'Workgroups per dimension'],
];

const size = (n: number): string => (n >= 2 ** 30 ? `${+(n / 2 ** 30).toFixed(2)} GiB` : n >= 2 ** 20 ? `${+(n / 2 ** 20).toFixed(1)} MiB` : n >= 2 ** 10 ? `${+(n / 2 ** 10).toFixed(1)} KiB` : `${n} B`);

const Row = ({ name, children }: { readonly name: string; readonly children: ReactNode }) => <><dt>{name}</dt><dd>{children}</dd></>;

/** The adapter, what it can do, how fast it is at best, and whether every kernel is right on it. */
export default function DevicePage() {
  const { status, broken, startEngine, chooseEngine } = usePage();
  useEffect(() => { document.title = 'This device · Paperkernels'; }, []);
  const device = status?.device;
  const webgpu = device?.engine === 'webgpu';
  const actionsOf = (code: EngineStatus['notices'][number]['code']): readonly [] | readonly [NoticeAction] => {
    if (code === 'no-webgpu') return [];
    if (code !== 'software-adapter') return [{ label: 'Try the GPU again', onClick: () => void startEngine() }];
    return webgpu ? [] : [{ label: 'Use WebGPU all the same', onClick: () => chooseEngine('webgpu') }];
  };
  return (
    <div className="plain device" data-engine={device?.engine} data-adapter={device?.label}>
      <PageBar current="device" />
      <main>
        <h1>This device</h1>
        <EngineBadge device={device} state={broken ? 'error' : 'done'} />
        <div className="notices">
          {broken && <NoticeBox notice={{ level: 'failed', happened: `No engine could be started (${broken}).`, mend: 'Load the page again; in an old browser, use a newer one.' }} />}
          {status?.notices.map((notice) => (
            <NoticeBox key={notice.code} notice={notice} actions={actionsOf(notice.code)} />
          ))}
        </div>
        {device && (
          <div className="device-panels">
            <EnginePanel />
            <Panel title="Adapter">
              <dl className="device-list">
                <Row name="Engine">{webgpu ? 'WebGPU' : 'Reference engine: every kernel in TypeScript, sums in float64'}</Row>
                <Row name="Adapter">{device.label}</Row>
                {device.vendor && <Row name="Vendor, architecture">{[device.vendor, device.architecture].filter(Boolean).join(', ')}</Row>}
                <Row name="Kind">{!webgpu ? 'this processor' : device.software ? 'software: its times are this CPU’s, not a GPU’s' : 'hardware'}</Row>
                {webgpu && <Row name="Clock of kernels">{device.features.includes('timestamp-query') ? 'GPU timestamps' : 'wall time around a submission'}</Row>}
                {webgpu && <Row name="Optional features">{device.features.length ? device.features.map((feature) => <span key={feature} className="device-feature">{feature}</span>) : 'none'}</Row>}
              </dl>
            </Panel>
            <Panel title="Limits" note="of the device as the page opened it">
              {webgpu
                ? <dl className="device-list">{LIMITS.filter(([name]) => device.limits[name] !== undefined).map(([name, unit, says]) => <Row key={name} name={says}>{unit === 'bytes' ? size(device.limits[name]) : device.limits[name].toLocaleString('en')}</Row>)}</dl>
                : <p className="device-note">The reference engine has none but this machine’s memory.</p>}
            </Panel>
            <CeilingsPanel device={device} />
            <VariantsPanel device={device} />
            <VerifyAll webgpu={webgpu} />
          </div>
        )}
      </main>
    </div>
  );
}
