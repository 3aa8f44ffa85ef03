import type { PaperSeed } from './paper';

export const seed: PaperSeed = {
  id: 'sparselora',
  name: 'SparseLoRA',
  idea: 'Train and adapt',
  order: 6,
  sentence: 'Fine-tune through the channels this input uses.',
  picture: 'kept channels by token group',
  citation: {
    authors: '',
    title: 'SparseLoRA',
    venue: 'ICML 2025',
    links: [{ label: 'arXiv 2506.16500', href: 'https://arxiv.org/abs/2506.16500' }, { label: 'sparselora', href: 'https://github.com/z-lab/sparselora' }],
  },
  figures: [],
  presets: [],
};
