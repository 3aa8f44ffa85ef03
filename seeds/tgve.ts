import type { PaperSeed } from './paper';

export const seed: PaperSeed = {
  id: 'tgve',
  name: 'TGVE',
  idea: 'Measure',
  order: 15,
  sentence: 'Frame consistency as cosine, and what it misses.',
  picture: 'frame similarity, one cut',
  citation: {
    authors: '',
    title: 'LOVEU-TGVE 2023',
    venue: '',
    links: [{ label: 'arXiv 2310.16003', href: 'https://arxiv.org/abs/2310.16003' }, { label: 'loveu-tgve-2023', href: 'https://github.com/showlab/loveu-tgve-2023' }],
  },
  figures: [],
  presets: [],
};
