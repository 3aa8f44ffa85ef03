export { evaluate, fisherDiagonals, type Layer, type Network, type Samples } from './network';
export { selfLabelled, type SelfLabelled, type SelfLabelledOptions } from './self-labelled';
export { trainedNetwork, trainedSamples } from './trained';
