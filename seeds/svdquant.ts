import type { PaperSeed } from './paper';

const MJHQ = 'deepcompressor, examples/diffusion/README.md, MJHQ 5K table';
const NUNCHAKU = 'nunchaku README';

export const seed: PaperSeed = {
  id: 'svdquant',
  name: 'SVDQuant',
  idea: 'Quantize',
  order: 1,
  core: true,
  sentence: 'A thin 16-bit branch takes the outliers, so that the rest of *XW* rounds to 4 bits.',
  picture: 'scaled weights = branch + residual',
  citation: {
    authors: 'Li, Lin, Zhang, et al.',
    title: 'SVDQuant: Absorbing Outliers by Low-Rank Components for 4-Bit Diffusion Models',
    venue: 'ICLR 2025',
    links: [
      { label: 'arXiv 2411.05007', href: 'https://arxiv.org/abs/2411.05007' },
      { label: 'deepcompressor', href: 'https://github.com/mit-han-lab/deepcompressor' },
      { label: 'nunchaku', href: 'https://github.com/mit-han-lab/nunchaku' },
    ],
  },
  figures: [
    { label: 'FLUX.1-dev, PSNR, naive INT4 to SVDQuant', value: '18.5 → 20.1 dB', where: MJHQ },
    { label: 'FLUX.1-dev, PSNR, with GPTQ', value: '21.0 dB', where: MJHQ },
    { label: 'FLUX.1-dev, PSNR, naive NVFP4 to SVDQuant', value: '20.4 → 20.8 dB', where: MJHQ },
    { label: 'SANA-1.6B, PSNR, naive INT4 to SVDQuant', value: '15.3 → 17.4 dB', where: MJHQ },
    { label: 'FLUX.1 12B, model size', value: '3.6× smaller', where: NUNCHAKU },
    { label: 'INT4 over NF4 (W4A16), desktop and laptop 4090', value: '3.0× faster', where: NUNCHAKU },
    { label: 'Separate rank-32 branch, latency', value: '+57 %', where: `Figure 6; ${NUNCHAKU}` },
  ],
  presets: [
    { id: 'default', label: '6 outlier channels', note: 'Six columns of X are some 40 times larger; rank 8 has room for all of them.', params: {} },
    { id: 'sixteen', label: '16 outliers, rank 8', note: 'More outlier channels than the branch has columns: it gains less.', params: { outliers: 16 } },
    { id: 'control', label: 'No outliers', note: 'The control: no channel stands out, so a thin branch gains almost nothing, and claims about it fail.', params: { outliers: 0, rank: 2 } },
    { id: 'rank0', label: 'Rank 0', note: 'Without a branch SVDQuant is smoothing alone.', params: { rank: 0 } },
    { id: 'nvfp4', label: 'NVFP4', note: 'Sixteen FP4 levels in groups of 16 round with less error than INT4.', params: { format: 'nvfp4' } },
    { id: 'mxfp4', label: 'MXFP4', note: 'Power-of-two scales: smoothing alone gains almost nothing, the branch most of what can be gained.', params: { format: 'mxfp4' } },
    { id: 'tails', label: 'Heavy tails', note: 'Student’s t with 4 degrees of freedom: single large values, which rounding alone handles worst.', params: { tails: 4 } },
    { id: 'planted', label: 'Planted low rank', note: 'W has a part of rank 8: even the SVD without smoothing now removes much.', params: { planted: 8 } },
  ],
};
