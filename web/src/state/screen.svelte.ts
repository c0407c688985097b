// How much room there is.

import { MediaQuery } from 'svelte/reactivity';

export const phone = new MediaQuery('(max-width: 719px)', false);
/** Wide enough for the details beside the list. */
export const wide = new MediaQuery('(min-width: 1280px)', false);
/** What the system wants; the page may be told otherwise. */
export const dark = new MediaQuery('(prefers-color-scheme: dark)', false);
export const coarse = new MediaQuery('(pointer: coarse)', false);
