/** The lab's picture on the first page: attention of one head in place order and in cluster order, in ink. */
export const cardStages = ['map', 'map_sorted'] as const;
export const cardMap = 'error' as const;
