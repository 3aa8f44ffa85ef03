/** Which variant of a kernel runs where: what was measured, and how it is kept from visit to visit. */

import type { AnyKernel, Dims } from '../../kernels/define';

export interface Candidate {
  readonly id: string;
  /** Seconds of one launch. */
  readonly median: number;
  readonly min: number;
}

export interface VariantChoice {
  readonly kernel: string;
  /** Every size to the nearest power of two: "K9 M9 N9". */
  readonly sizeClass: string;
  /** The sizes it was measured at. */
  readonly dims: Dims;
  /** The one that runs. */
  readonly variant: string;
  /** All that were timed, in the order of the definition; the first of them is the default. */
  readonly candidates: readonly Candidate[];
  /** Milliseconds since 1970. */
  readonly measuredAt: number;
  /** Fingerprint of the kernel's texts: another text is measured anew. */
  readonly texts: string;
}

/**
 * Where choices stay when the page is closed. The engine knows no storage of a browser: whoever opens it hands one in.
 * A store that fails (a private window) must do so silently: the choices then last as long as the engine.
 */
export interface ChoiceStore {
  /** @param device what tells one device, driver and browser from another */
  load(device: string): Promise<readonly VariantChoice[]>;
  save(device: string, choices: readonly VariantChoice[]): Promise<void>;
}

/** A candidate must be this much faster than the default to take its place: less is noise. */
const MARGIN = 0.03;

/** The default unless another beats it by the margin in the median, and in the best of its times too. */
export function winner(candidates: readonly Candidate[]): Candidate {
  const [usual, ...others] = candidates;
  const better = others.filter(({ median, min }) => median < (1 - MARGIN) * usual.median && min < usual.min);
  return better.toSorted((a, b) => a.median - b.median)[0] ?? usual;
}

export const sizeClass = (dims: Dims): string =>
  Object.entries(dims).sort().map(([name, value]) => `${name}${Math.round(Math.log2(value + 1))}`).join(' ');

const fingerprints = new WeakMap<AnyKernel, string>();

/** FNV-1a over the texts of all variants. */
export function textsOf(kernel: AnyKernel): string {
  const known = fingerprints.get(kernel);
  if (known) return known;
  let hash = 0x811c9dc5;
  for (const { id, wgsl } of kernel.variants) {
    const text = `${id}\n${wgsl}\n`;
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  const print = (hash >>> 0).toString(16);
  fingerprints.set(kernel, print);
  return print;
}

/** What was measured on one device. */
export class Choices {
  private readonly known = new Map<string, VariantChoice>();

  constructor(private readonly device: string, private readonly store?: ChoiceStore) {}

  /** What earlier visits measured. What this one has measured since stays. */
  async load(): Promise<void> {
    const kept = await this.store?.load(this.device).catch(() => []);
    for (const choice of kept ?? []) {
      const key = keyOf(choice, choice.candidates.map(({ id }) => id));
      if (!this.known.has(key)) this.known.set(key, choice);
    }
  }

  /** @param able variants that serve these sizes here: another set of them is another choice */
  find(kernel: AnyKernel, dims: Dims, able: readonly string[]): VariantChoice | undefined {
    const choice = this.known.get(keyOf({ kernel: kernel.name, sizeClass: sizeClass(dims) }, able));
    return choice?.texts === textsOf(kernel) ? choice : undefined;
  }

  /** Variants chosen for any sizes of a kernel. */
  variantsOf(kernel: AnyKernel): ReadonlySet<string> {
    return new Set(this.all.filter((choice) => choice.kernel === kernel.name && choice.texts === textsOf(kernel)).map(({ variant }) => variant));
  }

  add(choice: VariantChoice): void {
    for (const [key, { kernel, texts }] of this.known) if (kernel === choice.kernel && texts !== choice.texts) this.known.delete(key);
    this.known.set(keyOf(choice, choice.candidates.map(({ id }) => id)), choice);
    this.save();
  }

  get all(): readonly VariantChoice[] {
    return [...this.known.values()];
  }

  forget(): void {
    this.known.clear();
    this.save();
  }

  private save(): void {
    this.store?.save(this.device, this.all).catch(() => undefined);
  }
}

const keyOf = ({ kernel, sizeClass: sizes }: Pick<VariantChoice, 'kernel' | 'sizeClass'>, able: readonly string[]): string =>
  [kernel, sizes, [...able].sort().join()].join(' ');
