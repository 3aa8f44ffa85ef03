import type { PaperSeed } from './paper';

export const seed: PaperSeed = {
  id: 'storm',
  name: 'STORM',
  idea: 'See with fewer tokens',
  order: 10,
  sentence: 'Mix over time, then average frames away.',
  picture: '16 frames into 4',
  citation: {
    authors: '',
    title: 'STORM',
    venue: '',
    links: [{ label: 'arXiv 2503.04130', href: 'https://arxiv.org/abs/2503.04130' }],
  },
  figures: [],
  presets: [],
};
