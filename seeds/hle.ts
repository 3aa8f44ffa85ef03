import type { PaperSeed } from './paper';

export const seed: PaperSeed = {
  id: 'hle',
  name: 'HLE',
  idea: 'Measure',
  order: 17,
  sentence: 'Confident and wrong: calibration error in bins.',
  picture: 'accuracy by stated confidence',
  citation: {
    authors: '',
    title: 'Humanity’s Last Exam',
    venue: 'Nature 2026',
    links: [{ label: 'arXiv 2501.14249', href: 'https://arxiv.org/abs/2501.14249' }],
  },
  figures: [],
  presets: [],
};
