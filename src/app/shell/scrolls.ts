/** For a box that scrolls by itself: it must be reachable by keyboard, though nothing in it is pressed. */
export const SCROLLS = { tabIndex: 0 } as const;
