import type { PaperSeed } from './paper';

export const seed: PaperSeed = {
  id: 'sstar',
  name: 'S*',
  idea: 'Route and reason',
  order: 14,
  sentence: 'Sample, debug, then tell candidates apart with new tests.',
  picture: '8 candidates, 16 tests',
  citation: {
    authors: '',
    title: 'S*',
    venue: '',
    links: [{ label: 'arXiv 2502.14382', href: 'https://arxiv.org/abs/2502.14382' }, { label: 'SkyThought', href: 'https://github.com/NovaSky-AI/SkyThought' }],
  },
  figures: [],
  presets: [],
};
