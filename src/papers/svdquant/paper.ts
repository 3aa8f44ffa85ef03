import type { Paper } from '../contract';
import { experiment } from './experiment';
import { schema } from './params';

export const paper: Paper = { id: 'svdquant', schema, fileInputs: ['weights', 'activations'], experiment };
