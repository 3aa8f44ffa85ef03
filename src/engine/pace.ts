/**
 * Which engine is the faster where the GPU adapter is software. Not a belief: one matrix product on both, from numbers
 * on the host to numbers on the host, which is what a step of a lab's run costs.
 */

export interface Pace {
  /** Seconds of the product, the best of several. */
  readonly webgpu: number;
  readonly reference: number;
  /** Milliseconds since 1970. */
  readonly measuredAt: number;
}

/** Side of the product's matrices: a lab's layer is about this large. */
export const PACE_SIDE = 96;

/** A run is more than products, and its pipelines must be compiled first: WebGPU must win by a good deal to be the default. */
const CLEARLY = 1.5;
export const webgpuWins = ({ webgpu, reference }: Pace): boolean => reference > CLEARLY * webgpu;
