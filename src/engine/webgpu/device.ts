/** From `navigator.gpu` to a device, with a name for everything that can be missing on the way. */

import type { Feature } from '../../../kernels/define';
import type { ChoiceStore } from '../choices';
import { EngineError, type DeviceInfo } from '../engine';

/** Limits worth showing; kernels stay within WebGPU's defaults for all of them. */
const SHOWN = [
  'maxStorageBufferBindingSize',
  'maxBufferSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupsPerDimension',
] as const;

export interface DeviceOptions {
  /** Limits beyond WebGPU's defaults that the caller's tensors need, in the limit's own unit. */
  readonly limits?: Readonly<Record<string, number>>;
  /** Where measured choices of variants stay between visits. */
  readonly store?: ChoiceStore;
  /** True where a first launch must not wait for the timing of variants: `Engine.settle` makes up for it later. */
  readonly settleLater?: boolean;
}

export interface OpenedDevice {
  readonly device: GPUDevice;
  readonly info: DeviceInfo;
  readonly features: ReadonlySet<Feature>;
}

const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|warp/i;

/** 'nvidia' → 'NVIDIA', 'intel' → 'Intel'. */
const VENDORS: Readonly<Record<string, string>> = { nvidia: 'NVIDIA', amd: 'AMD', intel: 'Intel', apple: 'Apple', arm: 'Arm', qualcomm: 'Qualcomm', google: 'Google' };

function labelOf(info: GPUAdapterInfo): string {
  if (/swiftshader/i.test(`${info.architecture} ${info.description}`)) return 'SwiftShader';
  const maker = VENDORS[info.vendor.toLowerCase()] ?? info.vendor;
  const name = info.description || info.device;
  const head = name.toLowerCase().startsWith(maker.toLowerCase()) ? name : [maker, name].filter(Boolean).join(' ');
  if (!head) return info.architecture || 'unnamed adapter';
  return info.architecture ? `${head} (${info.architecture})` : head;
}

/** Some browsers tell more of the adapter than the standard asks for: the driver is among it. */
function keyOf(info: GPUAdapterInfo, features: readonly string[]): string {
  const { driver = '', backend = '' } = info as GPUAdapterInfo & { readonly driver?: string; readonly backend?: string };
  return [info.vendor, info.architecture, info.device, info.description, driver, backend, ...features].join('|');
}

async function requestAdapter(gpu: GPU | undefined): Promise<GPUAdapter> {
  if (!gpu) {
    throw new EngineError('no-webgpu', 'This browser does not offer WebGPU.', 'Use a current Chrome, Edge, Safari or Firefox, over https or on localhost.');
  }
  let adapter: GPUAdapter | null = null;
  let cause: unknown;
  try {
    adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  } catch (error) {
    cause = error;
  }
  if (!adapter) {
    throw new EngineError(
      'no-adapter',
      'WebGPU is there, but no GPU adapter answered.',
      'Look at chrome://gpu; on Linux start Chrome with --enable-unsafe-webgpu, and turn hardware acceleration on in the settings.',
      { cause },
    );
  }
  return adapter;
}

function checkLimits(adapter: GPUAdapter, wanted: Readonly<Record<string, number>>): void {
  const offered = adapter.limits as unknown as Readonly<Record<string, number | undefined>>;
  for (const [name, value] of Object.entries(wanted)) {
    const has = offered[name] ?? 0;
    if (has < value) {
      throw new EngineError('limit-too-small', `The adapter's ${name} is ${has}, but ${value} is needed.`, 'Use a smaller tensor, or another GPU.');
    }
  }
}

/** An adapter before it has given its device. */
export interface FoundAdapter {
  readonly gpu: GPU | undefined;
  readonly adapter: GPUAdapter;
  readonly label: string;
  readonly software: boolean;
  /** What tells this adapter, its driver and its features from another. */
  readonly key: string;
}

const OPTIONAL = ['timestamp-query', 'subgroups', 'shader-f16'] as const;
const PACKED = 'packed_4x8_integer_dot_product';

/** @throws EngineError no-webgpu or no-adapter */
export async function findAdapter(gpu: GPU | undefined): Promise<FoundAdapter> {
  const adapter = await requestAdapter(gpu);
  const { info } = adapter;
  const features = [...OPTIONAL.filter((name) => adapter.features.has(name)), ...(gpu?.wgslLanguageFeatures?.has(PACKED) ? [PACKED] : [])];
  const software = info.isFallbackAdapter || SOFTWARE.test(`${info.architecture} ${info.device} ${info.description}`);
  return { gpu, adapter, label: labelOf(info), software, key: keyOf(info, features) };
}

/** @throws EngineError no-adapter, limit-too-small or internal */
export async function openDevice({ gpu, adapter, label, software }: FoundAdapter, options: DeviceOptions = {}): Promise<OpenedDevice> {
  const requiredLimits = options.limits ?? {};
  checkLimits(adapter, requiredLimits);
  const requiredFeatures = OPTIONAL.filter((feature) => adapter.features.has(feature));
  let device: GPUDevice;
  try {
    device = await adapter.requestDevice({ requiredFeatures, requiredLimits });
  } catch (error) {
    throw new EngineError('no-adapter', 'The GPU adapter gave no device.', 'Close other pages that use the GPU, and reload.', { cause: error });
  }
  const features = new Set<Feature>();
  if (gpu?.wgslLanguageFeatures?.has(PACKED)) features.add(PACKED);
  for (const name of ['subgroups', 'shader-f16'] as const) if (device.features.has(name)) features.add(name);
  const { vendor, architecture } = adapter.info;
  const limits = device.limits as unknown as Readonly<Record<string, number>>;
  return {
    device,
    features,
    info: {
      engine: 'webgpu',
      label,
      vendor,
      architecture,
      software,
      features: [...features, ...(device.features.has('timestamp-query') ? ['timestamp-query'] : [])],
      limits: Object.fromEntries(SHOWN.map((name) => [name, limits[name]])),
    },
  };
}
