import type { PaperSeed } from './paper';

export const seed: PaperSeed = {
  id: 'nvila',
  name: 'NVILA',
  idea: 'See with fewer tokens',
  order: 9,
  sentence: 'High resolution first, pooled tokens after.',
  picture: '32² positions into 8²',
  citation: {
    authors: '',
    title: 'NVILA',
    venue: '',
    links: [{ label: 'arXiv 2412.04468', href: 'https://arxiv.org/abs/2412.04468' }, { label: 'VILA', href: 'https://github.com/NVlabs/VILA' }],
  },
  figures: [],
  presets: [],
};
