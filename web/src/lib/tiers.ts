// Trackers by tier as text: one URL a line, an empty line between tiers.

import type { TrackerItem } from '../api/contract';

export function textOfTiers(trackers: readonly TrackerItem[]): string {
    const tiers = new Map<number, string[]>();
    for (const tracker of trackers) tiers.set(tracker.tier, [...(tiers.get(tracker.tier) ?? []), tracker.url]);
    return [...tiers].sort(([one], [other]) => one - other).map(([, urls]) => urls.join('\n')).join('\n\n');
}

export function tiersOfText(text: string): string[][] {
    return text.split(/\n[ \t\r]*\n/)
        .map((tier) => tier.split('\n').map((line) => line.trim()).filter((line) => line !== ''))
        .filter((tier) => tier.length > 0);
}
