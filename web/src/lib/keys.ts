// The keys of the page, in one place: the dialog that lists them and the code that obeys them read the same.

export type Command = 'add' | 'search' | 'toggle' | 'remove' | 'labels' | 'help' | 'close' | 'turtle' | 'settings';

interface Press {
    readonly key: string;
    readonly ctrlKey: boolean;
    readonly metaKey: boolean;
    readonly altKey: boolean;
}

const commands: Readonly<Record<string, Command>> = {
    a: 'add', '/': 'search', s: 'toggle', Delete: 'remove', l: 'labels', '?': 'help', Escape: 'close', t: 'turtle', ',': 'settings',
};

export function commandOf(press: Press): Command | null {
    if (press.ctrlKey || press.metaKey || press.altKey) return null;
    return commands[press.key] ?? null;
}

export const shortcuts: readonly { readonly keys: readonly string[]; readonly meaning: string }[] = [
    { keys: ['j', 'k', '↓', '↑'], meaning: 'Move through the list; with Shift, select' },
    { keys: ['Space'], meaning: 'Select or unselect the torrent' },
    { keys: ['Ctrl', 'a'], meaning: 'Select all that are shown' },
    { keys: ['Enter'], meaning: 'Open its details' },
    { keys: ['s'], meaning: 'Start or stop' },
    { keys: ['l'], meaning: 'Labels' },
    { keys: ['Delete'], meaning: 'Remove' },
    { keys: ['a'], meaning: 'Add a torrent' },
    { keys: ['Ctrl', 'v'], meaning: 'Add the links or files of the clipboard' },
    { keys: ['/'], meaning: 'Search' },
    { keys: ['t'], meaning: 'Turtle mode on or off' },
    { keys: [','], meaning: 'Settings' },
    { keys: ['?'], meaning: 'Show these keys' },
    { keys: ['Esc'], meaning: 'Close, or select nothing' },
];
