// The field that a dialog begins with.

import { coarse } from '../state/screen.svelte';

/** Where there is a keyboard, one can type at once; elsewhere it would only open one on the screen. */
export function first(field: HTMLElement): void {
    if (!coarse.current) field.setAttribute('autofocus', '');
}
