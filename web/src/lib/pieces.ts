// A map of pieces as cells: one for each piece where there is room, else one for several, filled by the part of them that is there.

export function hasPiece(have: Uint8Array, piece: number): boolean {
    return ((have[piece >> 3] ?? 0) & (0x80 >> (piece & 7))) !== 0;
}

/** For each cell the part of its pieces that is there, 0 to 1. */
export function cellsOf(have: Uint8Array, count: number, most: number): number[] {
    const cells = Math.min(count, Math.max(1, most));
    const parts: number[] = [];
    for (let cell = 0; cell < cells; cell++) {
        const from = Math.floor((cell * count) / cells);
        const to = Math.floor(((cell + 1) * count) / cells);
        let there = 0;
        for (let piece = from; piece < to; piece++) if (hasPiece(have, piece)) there++;
        parts.push(there / (to - from));
    }
    return parts;
}
