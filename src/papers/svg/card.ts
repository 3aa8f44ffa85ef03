/** The lab's picture on the first page: these stages of its stored run, on one scale: a spatial head, a temporal one, and the same laid out. */
export const cardStages = ['thumb_1', 'thumb_2', 'thumb_token_2'] as const;
/** Attention has no sign. */
export const cardMap = 'error' as const;
