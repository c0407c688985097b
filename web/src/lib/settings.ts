// What can be set, what it means, and what is allowed. The server has the last word; this says it while one types.

import type { SessionSettings } from '../api/contract';

export type SettingKey = keyof SessionSettings;

export interface Setting {
    readonly key: SettingKey;
    readonly group: string;
    readonly title: string;
    readonly meaning: string;
    readonly kind: 'rate' | 'number' | 'folder' | 'choice' | 'switch' | 'text';
    readonly restart?: true;
    readonly least?: number;
    readonly most?: number;
    readonly unit?: string;
    readonly standard?: string;
    readonly choices?: readonly { readonly value: string; readonly word: string }[];
}

export const settings: readonly Setting[] = [
    {
        key: 'maxDownloadRate', group: 'Speed', title: 'Download', kind: 'rate',
        meaning: 'The most that is downloaded in a second, all torrents together.',
    },
    {
        key: 'maxUploadRate', group: 'Speed', title: 'Upload', kind: 'rate',
        meaning: 'The most that is uploaded in a second. A very low limit makes other peers give less in return.',
    },
    {
        key: 'alternativeMaxDownloadRate', group: 'Turtle mode', title: 'Download', kind: 'rate',
        meaning: 'The limit that holds in its place while turtle mode is on.',
    },
    {
        key: 'alternativeMaxUploadRate', group: 'Turtle mode', title: 'Upload', kind: 'rate',
        meaning: 'The limit that holds in its place while turtle mode is on.',
    },
    {
        key: 'alternativeLimits', group: 'Turtle mode', title: 'Turtle mode is on', kind: 'switch',
        meaning: 'The turtle in the top bar does the same, and so does the key t.',
    },
    {
        key: 'downloadFolder', group: 'Files', title: 'Download folder', kind: 'folder',
        meaning: 'Where torrents go that do not say otherwise. Those that are here stay where they are.',
    },
    {
        key: 'preallocation', group: 'Files', title: 'Disk space is taken', kind: 'choice', standard: 'as data arrives',
        meaning: 'Taking all of it at the start keeps large files in one piece on hard disks, and a full disk is noticed at once.',
        choices: [{ value: 'sparse', word: 'As data arrives' }, { value: 'full', word: 'All at the start' }],
    },
    {
        key: 'checkpointInterval', group: 'Files', title: 'Record what was verified', kind: 'number', least: 1, most: 3600, unit: 'seconds', standard: '30',
        meaning: 'A crash costs at most what arrived since the last record.',
    },
    {
        key: 'maxConnections', group: 'Connections', title: 'Connections', kind: 'number', least: 2, most: 65_535, unit: 'peers', standard: '500',
        meaning: 'The most connected peers, all torrents together. Home routers are known to fail with thousands.',
    },
    {
        key: 'listenPort', group: 'Connections', title: 'Port', kind: 'number', least: 0, most: 65_535, standard: '6881', restart: true,
        meaning: 'Where peers connect to this daemon, by TCP and UDP. 0 lets the system choose.',
    },
    {
        key: 'bind', group: 'Connections', title: 'Address or interface', kind: 'text', standard: 'every address', restart: true,
        meaning: 'The one address or network interface of the server that traffic with peers and trackers uses, such as tun0 of a VPN. Empty is every one.',
    },
    {
        key: 'utp', group: 'Connections', title: 'uTP', kind: 'choice', standard: 'beside TCP', restart: true,
        meaning: 'It yields to other traffic of the line.',
        choices: [{ value: 'on', word: 'Beside TCP' }, { value: 'off', word: 'Off: TCP alone' }, { value: 'only', word: 'Only: no TCP' }],
    },
    {
        key: 'encryption', group: 'Connections', title: 'Encryption', kind: 'choice', standard: 'where a peer requires it', restart: true,
        meaning: 'It hides BitTorrent from networks that look for it at a glance. Requiring it loses the peers that cannot.',
        choices: [
            { value: 'disabled', word: 'Never' },
            { value: 'allowed', word: 'Where a peer requires it' },
            { value: 'preferred', word: 'Wherever a peer can' },
            { value: 'required', word: 'Always' },
        ],
    },
    {
        key: 'dht', group: 'Connections', title: 'Take part in the DHT', kind: 'switch', restart: true,
        meaning: 'It finds peers without trackers. Private torrents never use it.',
    },
    {
        key: 'localDiscovery', group: 'Connections', title: 'Look for peers on the local networks', kind: 'switch', restart: true,
        meaning: 'It tells the local networks which torrents are here. Private torrents never use it.',
    },
];

export function problemOf(setting: Setting, value: unknown): string | null {
    if (setting.kind !== 'number') return null;
    const { least = 0, most = Number.MAX_SAFE_INTEGER } = setting;
    const fits = typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
    return fits ? null : `A whole number from ${least.toLocaleString('en-US')} to ${most.toLocaleString('en-US')}.`;
}

export function matchesSetting(setting: Setting, search: string): boolean {
    const words = search.toLowerCase().split(/\s+/).filter((word) => word !== '');
    const text = `${setting.group} ${setting.title} ${setting.meaning}`.toLowerCase();
    return words.every((word) => text.includes(word));
}
