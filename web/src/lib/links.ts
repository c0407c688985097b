// What people paste or drop: magnet links, info-hashes, addresses of .torrent files.

const bareHash = /^(?:[0-9a-f]{40}|[0-9a-f]{64}|[a-z2-7]{32})$/i;

/** Every link in a text, one a line or between spaces; bare info-hashes become magnet links. */
export function linksIn(input: string): string[] {
    const found: string[] = [];
    for (const word of input.split(/\s+/)) {
        const link = bareHash.test(word) ? `magnet:?xt=urn:${word.length === 64 ? 'btmh:1220' : 'btih:'}${word}` : word;
        if (/^magnet:\?/i.test(link) || /^https?:\/\/[^/]/i.test(link)) {
            if (!found.includes(link)) found.push(link);
        }
    }
    return found;
}

/** Addresses of peers, between spaces or commas. */
export function addressesIn(input: string): string[] {
    return input.split(/[\s,]+/).filter((address) => address !== '');
}

export function isMagnet(link: string): boolean {
    return /^magnet:/i.test(link);
}

/** What a magnet link calls its torrent, or a shortened hash. */
export function nameOf(link: string): string {
    if (!isMagnet(link)) return link;
    const query = new URLSearchParams(link.slice(link.indexOf('?') + 1));
    const hash = /urn:bt[im]h:(?:1220)?([0-9a-z]+)/i.exec(query.get('xt') ?? '')?.[1];
    return query.get('dn') ?? (hash ? `${hash.slice(0, 12)}…` : link);
}

const media = /\.(mp4|m4v|mkv|webm|mov|ogv|mp3|m4a|aac|flac|ogg|oga|opus|wav)$/i;
const sound = /\.(mp3|m4a|aac|flac|ogg|oga|opus|wav)$/i;

export function isMedia(path: string): boolean {
    return media.test(path);
}

export function isSound(path: string): boolean {
    return sound.test(path);
}
