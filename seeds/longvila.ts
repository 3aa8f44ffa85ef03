import type { PaperSeed } from './paper';

export const seed: PaperSeed = {
  id: 'longvila',
  name: 'LongVILA',
  idea: 'See with fewer tokens',
  order: 11,
  sentence: 'A long video split over devices in a ring.',
  picture: '4 devices, 4 steps, causal',
  citation: {
    authors: '',
    title: 'LongVILA',
    venue: '',
    links: [{ label: 'arXiv 2408.10188', href: 'https://arxiv.org/abs/2408.10188' }, { label: 'VILA', href: 'https://github.com/NVlabs/VILA' }],
  },
  figures: [],
  presets: [],
};
