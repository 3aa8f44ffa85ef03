/**
 * Which variant of a kernel runs. Presence of a feature says nothing of its speed, so on a GPU the candidates are timed
 * once per size class, and the times are kept. A software adapter takes the first that fits and measures nothing by
 * itself: there the first was chosen by measuring, to compile the others costs more than they could save, and the
 * processor that would time them is the one that draws the page. What was measured on demand holds there too.
 */

import type { AnyKernel, Dims, Feature, Variant } from '../../../kernels/define';
import { sizeClass, textsOf, winner, type Choices, type VariantChoice } from '../choices';
import { EngineError } from '../engine';
import type { Contest } from './contest';
import type { PipelineCache } from './pipelines';
import type { Ready, WorkQueue } from './queue';

export interface Choice {
  /** What is known when the launch is recorded; `ready` settles it. */
  readonly variant: Variant;
  readonly ready: () => Promise<Ready>;
}

export interface ChooseOptions {
  /** A variant by name. */
  readonly id?: string;
  /** A text in place of the variant's own. */
  readonly wgsl?: string;
  /** To be measured now if it has to be, however the chooser was set up. */
  readonly now?: boolean;
}

/** Below this many FLOPs and bytes a launch costs more than it computes, and any variant will do. */
const WORTH_MEASURING = 1 << 20;
/** Sizes that wait for an idle moment: a page that never rests must not gather them for ever. */
const MOST_WAITING = 64;

export class VariantChooser {
  private readonly deciding = new Map<string, Promise<VariantChoice>>();
  private readonly waiting = new Map<string, { readonly kernel: AnyKernel; readonly dims: Dims }>();

  constructor(
    private readonly queue: WorkQueue,
    private readonly pipelines: PipelineCache,
    private readonly contest: Contest,
    readonly choices: Choices,
    private readonly device: { readonly features: ReadonlySet<Feature>; readonly software: boolean },
    /** False where the first launch of new sizes is made by the default and measured by a later `settle`. */
    private readonly atOnce: boolean,
  ) {}

  /** Those this device can run at these sizes: the default first, those of coarser arithmetic last. */
  available(kernel: AnyKernel, dims: Dims): readonly Variant[] {
    const able = kernel.variants.filter((variant) => this.hasFeatures(variant) && (variant.fits?.(dims) ?? true) && this.launches(variant, dims));
    const full = able.filter(({ lossy }) => !lossy);
    const chosen = this.choices.find(kernel, dims, full.map(({ id }) => id))?.variant;
    const rank = (variant: Variant): number => (variant.lossy ? 2 : variant.id === chosen ? 0 : 1);
    return this.ordered(able).toSorted((a, b) => rank(a) - rank(b));
  }

  /** In the order of the definition, but that a GPU starts with what fills it. */
  ordered(variants: readonly Variant[]): readonly Variant[] {
    return this.device.software ? variants : variants.toSorted((a, b) => Number(a.narrow ?? false) - Number(b.narrow ?? false));
  }

  hasFeatures = (variant: Variant): boolean => (variant.requires ?? []).every((feature) => this.device.features.has(feature));

  private launches = (variant: Variant, dims: Dims): boolean =>
    variant.launch(dims).every((count) => count <= this.queue.device.limits.maxComputeWorkgroupsPerDimension);

  /** @throws EngineError missing-feature, limit-too-small or internal */
  choose(kernel: AnyKernel, dims: Dims, { id, wgsl, now = false }: ChooseOptions = {}): Choice {
    const able = this.available(kernel, dims);
    const full = able.filter(({ lossy }) => !lossy);
    const variant = id === undefined ? full[0] : able.find((v) => v.id === id);
    if (!variant) throw this.refusal(kernel, dims, id);
    const settled = async (chosen: Variant): Promise<Ready> => ({ variant: chosen, compiled: await this.pipelines.get(kernel, chosen, wgsl), groups: chosen.launch(dims) });
    const first = settled(variant); // starts to compile now
    first.catch(() => undefined);
    if (id !== undefined || !this.open(kernel, dims, full)) return { variant, ready: () => first };
    if (now || this.atOnce) {
      return { variant, ready: async () => settled((await this.fastest(kernel, dims, full)) ?? variant) };
    }
    if (this.waiting.size < MOST_WAITING) this.waiting.set(`${kernel.name} ${sizeClass(dims)}`, { kernel, dims });
    return { variant, ready: () => first };
  }

  /** True where nothing is known and to know would pay. */
  private open(kernel: AnyKernel, dims: Dims, able: readonly Variant[]): boolean {
    if (this.device.software || able.length < 2 || this.choices.find(kernel, dims, able.map(({ id }) => id))) return false;
    const { flops, bytes } = kernel.cost(dims);
    return flops >= WORTH_MEASURING || bytes >= WORTH_MEASURING;
  }

  /** undefined where the contest failed: the default runs then, and the next launch tries again. */
  private async fastest(kernel: AnyKernel, dims: Dims, able: readonly Variant[]): Promise<Variant | undefined> {
    try {
      const { variant } = await this.measure(kernel, dims);
      return able.find(({ id }) => id === variant);
    } catch (error) {
      if (error instanceof EngineError && error.code === 'device-lost') throw error;
      return undefined;
    }
  }

  /** Times all candidates now and keeps the outcome. @throws EngineError where no variant serves these sizes */
  measure(kernel: AnyKernel, dims: Dims, signal?: AbortSignal): Promise<VariantChoice> {
    const key = `${kernel.name} ${sizeClass(dims)}`;
    const known = this.deciding.get(key);
    if (known) return known;
    const decision = this.decide(kernel, dims, signal);
    this.deciding.set(key, decision);
    void decision.then(() => this.waiting.delete(key), () => undefined).finally(() => this.deciding.delete(key));
    return decision;
  }

  private async decide(kernel: AnyKernel, dims: Dims, signal?: AbortSignal): Promise<VariantChoice> {
    const able = this.available(kernel, dims);
    // Whatever an earlier choice preferred: the first is the default.
    const full = this.ordered(kernel.variants).filter((variant) => !variant.lossy && able.includes(variant));
    if (!full.length) throw this.refusal(kernel, dims, undefined);
    this.queue.ledger.choices++;
    const candidates = await this.contest.run(kernel, dims, full, signal);
    const choice = { kernel: kernel.name, sizeClass: sizeClass(dims), dims, variant: winner(candidates).id, candidates, measuredAt: Date.now(), texts: textsOf(kernel) };
    this.choices.add(choice);
    return choice;
  }

  /** Measures what launches have asked for since; ends early, without an error, when it is told to. */
  async settle(signal: AbortSignal): Promise<void> {
    for (const [key, { kernel, dims }] of this.waiting) {
      if (signal.aborted) return;
      try {
        await this.measure(kernel, dims, signal);
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof EngineError && error.code === 'device-lost') throw error;
        this.waiting.delete(key); // the default serves
      }
    }
  }

  private refusal(kernel: AnyKernel, dims: Dims, id: string | undefined): EngineError {
    const named = id === undefined ? kernel.variants.filter(({ lossy }) => !lossy) : kernel.variants.filter((variant) => variant.id === id);
    const sizes = Object.entries(dims).map(([name, value]) => `${name} = ${value}`).join(', ');
    if (!named.length) return new EngineError('internal', `${kernel.name} has no variant ${id}.`, `It has ${kernel.variants.map((variant) => variant.id).join(', ')}.`);
    const lacking = named.filter((variant) => !this.hasFeatures(variant));
    if (lacking.length === named.length) {
      return new EngineError('missing-feature', `${kernel.name} (${lacking[0].id}) needs ${lacking[0].requires?.join(', ')}, which this device does not have.`, 'Use another variant, or the reference engine.');
    }
    const most = this.queue.device.limits.maxComputeWorkgroupsPerDimension;
    const over = named.find((variant) => this.hasFeatures(variant) && (variant.fits?.(dims) ?? true));
    if (over) {
      return new EngineError('limit-too-small', `${kernel.name} (${over.id}) would launch ${over.launch(dims).join(' × ')} workgroups, but this device takes at most ${most} along a side.`, 'Use a smaller tensor.');
    }
    return new EngineError('internal', `${kernel.name} has no variant for ${sizes}.`, 'Use another variant, or the reference engine.');
  }
}
