// What stands between us and a peer, in words.

import type { PeerItem } from '../api/contract';

export interface Flag {
    readonly sign: string;
    readonly meaning: string;
}

export function flagsOf(peer: PeerItem): Flag[] {
    const flags: Flag[] = [];
    if (peer.interesting) flags.push(peer.choking ? { sign: 'd', meaning: 'It has what we want, but refuses our requests.' } : { sign: 'D', meaning: 'It has what we want, and gives it.' });
    else if (!peer.choking) flags.push({ sign: 'K', meaning: 'It would give, but has nothing that we want.' });
    if (peer.interested) flags.push(peer.choked ? { sign: 'u', meaning: 'It wants something of us, but has no upload slot.' } : { sign: 'U', meaning: 'It wants something of us, and gets it.' });
    else if (!peer.choked) flags.push({ sign: '?', meaning: 'It could ask us for pieces, but does not want any.' });
    flags.push(peer.outgoing ? { sign: '↗', meaning: 'We connected to it.' } : { sign: '↙', meaning: 'It connected to us.' });
    return flags;
}

export function addressOf(peer: PeerItem): string {
    return peer.address.includes(':') ? `[${peer.address}]:${peer.port}` : `${peer.address}:${peer.port}`;
}

/** Those that give and take most come first; the rest keep an order that does not change. */
export function byActivity(a: PeerItem, b: PeerItem): number {
    return b.downloadRate - a.downloadRate || b.uploadRate - a.uploadRate || b.connectedFor - a.connectedFor || (addressOf(a) < addressOf(b) ? -1 : 1);
}
