/** The lab's picture on the first page: these stages of its stored run, on one scale. */
export const cardStages = ['map', 'map_token', 'kept_run'] as const;
