import { expect, test } from 'vitest';
import type { TrackerItem } from '../api/contract';
import { textOfTiers, tiersOfText } from './tiers';

function tracker(url: string, tier: number): TrackerItem {
    return { url, tier, state: 'idle', message: null, lastAnnounce: null, nextAnnounce: null, failures: 0, seeders: null, leechers: null, peers: null };
}

test('an empty line parts the tiers', () => {
    const text = textOfTiers([tracker('http://a', 0), tracker('udp://c', 1), tracker('http://b', 0)]);
    expect(text).toBe('http://a\nhttp://b\n\nudp://c');
    expect(tiersOfText(text)).toEqual([['http://a', 'http://b'], ['udp://c']]);
});

test('what people paste is understood', () => {
    expect(tiersOfText('\r\n  http://a \r\n\t\r\n\r\nudp://b\nudp://c\n')).toEqual([['http://a'], ['udp://b', 'udp://c']]);
    expect(tiersOfText('  \n ')).toEqual([]);
});
