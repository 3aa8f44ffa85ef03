import type { PaperSeed } from './paper';

const TABLE1 = 'Table 1, LLaMA-7B, C4';
const TABLE3 = 'Table 3, LLaMA-7B, C4';
const TABLE_C1 = 'Table C.1, A6000, 128 tokens';

export const seed: PaperSeed = {
  id: 'squeezellm',
  name: 'SqueezeLLM',
  idea: 'Quantize',
  order: 2,
  core: true,
  sentence: 'Non-uniform levels where the loss is sensitive, outliers kept sparse.',
  picture: 'weights, what is kept sparse, weights restored',
  citation: {
    authors: 'Kim, Hooper, Gholami, et al.',
    title: 'SqueezeLLM: Dense-and-Sparse Quantization',
    venue: 'ICML 2024',
    links: [
      { label: 'arXiv 2306.07629', href: 'https://arxiv.org/abs/2306.07629' },
      { label: 'SqueezeLLM', href: 'https://github.com/SqueezeAILab/SqueezeLLM' },
    ],
  },
  figures: [
    { label: '3 bits, perplexity, round to nearest to dense only', value: '28.26 → 7.75', where: `${TABLE1}; 16-bit 7.08` },
    { label: '3 bits, with 0.45 % sparse', value: '7.56 at 3.24 bits', where: TABLE1 },
    { label: '3 bits, GPTQ and AWQ in groups of 128', value: '7.89, 7.90 at 3.24 bits', where: TABLE1 },
    { label: '4 bits, perplexity, round to nearest to 0.45 % sparse', value: '7.73 → 7.18', where: `${TABLE1}, 4.27 bits` },
    { label: '3 bits, dense only, unweighted to weighted k-means', value: '18.08 → 7.75', where: TABLE3 },
    { label: '3 bits, 0.45 % sparse, unweighted to weighted', value: '7.61 → 7.56', where: TABLE3 },
    { label: 'Generation, 16-bit to 3 bits with 0.45 % sparse', value: '1.9× faster', where: TABLE1 },
    { label: '7B, 3 bits: dense only, sparse by rows, balanced', value: '1.5, 3.9, 1.7 s', where: TABLE_C1 },
    { label: 'Weights within a tenth of their range', value: '99.9 %', where: 'in the text' },
  ],
  presets: [
    { id: 'default', label: '3 bits', note: 'A trained classifier in 3 bits: pixels without ink count for nothing, levels go where the loss does.', params: {} },
    { id: 'four', label: '4 bits', note: 'Sixteen levels a row come within hundredths of a nat of the 16-bit loss; it takes 4000 samples to see the order.', params: { bits: 4, calibration: 4000, evaluation: 4000 } },
    { id: 'poor', label: 'Poor Fisher', note: 'Ten calibration samples: the weighted error falls and the loss rises.', params: { calibration: 10 } },
    { id: 'floor', label: 'Poor Fisher, floored', note: 'The same ten samples with the mean of F added to all: better, and still worse than no sensitivity at all.', params: { calibration: 10, floor: 1 } },
    { id: 'uniform', label: 'Uniform sensitivity', note: 'All weights alike: weighted and unweighted k-means are the same, and the claim about sensitivity fails.', params: { importance: 'uniform' } },
    { id: 'toy', label: 'Toy network', note: 'Heavy-tailed weights with planted outliers, on samples that the network labelled itself: its gradient is zero, as the derivation assumes.', params: { source: 'self-labelled' } },
    { id: 'matrix', label: 'Skewed rows', note: 'One matrix whose outliers crowd in a few rows: a thread per row waits for the longest.', params: { source: 'matrix', share: 1 } },
  ],
};
