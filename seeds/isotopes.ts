import type { PaperSeed } from './paper';

export const seed: PaperSeed = {
  id: 'isotopes',
  name: 'Isotopes',
  idea: 'Measure',
  order: 16,
  sentence: 'Was this data trained on? A paired test says.',
  picture: 'null and marked scores',
  citation: {
    authors: '',
    title: 'Data isotopes',
    venue: 'PoPETs 2024(1), 413–429',
    links: [{ label: 'arXiv 2208.13893', href: 'https://arxiv.org/abs/2208.13893' }, { label: 'dataisotopes', href: 'https://github.com/uchicago-sandlab/dataisotopes' }],
  },
  figures: [],
  presets: [],
};
