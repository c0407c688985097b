// Paths on the server, which may run on Windows.

/** The folder above; '' for what is relative to the download folder, and null where nothing is above. */
export function parentOf(path: string): string | null {
    const plain = withoutEnd(path);
    if (plain === '' || /^(?:[\\/]|[a-z]:[\\/]?)$/i.test(plain)) return null;
    const cut = Math.max(plain.lastIndexOf('/'), plain.lastIndexOf('\\'));
    if (cut < 0) return '';
    return withoutEnd(plain.slice(0, cut + 1));
}

/** Whether a path names one of these folders itself. */
export function isOneOf(path: string, folders: readonly string[]): boolean {
    return folders.some((folder) => withoutEnd(folder) === withoutEnd(path));
}

function withoutEnd(path: string): string {
    const plain = path.replace(/(?:[\\/]\.?)+$/, '');
    // The root, and that of a drive, end with what separates.
    return plain === '' || /^[a-z]:$/i.test(plain) ? path.slice(0, plain.length + 1) : plain;
}
