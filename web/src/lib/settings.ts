// What can be set, what it means, and what is allowed. The server has the last word; this says it while one types.

import type { SessionSettings } from '../api/contract';

export type SettingKey = keyof SessionSettings;

export interface Setting {
    readonly key: SettingKey;
    readonly group: string;
    readonly title: string;
    readonly meaning: string;
    readonly kind: 'rate' | 'number' | 'folder' | 'choice' | 'several' | 'switch' | 'text' | 'schedule';
    /** What one of the shown unit is in the API. */
    readonly scale?: number;
    readonly decimal?: true;
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
        meaning: 'The download limit while turtle mode is on.',
    },
    {
        key: 'alternativeMaxUploadRate', group: 'Turtle mode', title: 'Upload', kind: 'rate',
        meaning: 'The upload limit while turtle mode is on.',
    },
    {
        key: 'alternativeLimits', group: 'Turtle mode', title: 'Turtle mode is on', kind: 'switch',
        meaning: 'The turtle in the top bar does the same, and so does the key t.',
    },
    {
        key: 'schedule', group: 'Schedule', title: 'Hours of the week', kind: 'schedule',
        meaning: 'Limits that replace the usual ones at certain hours of the week, by the clock of the server; what is left empty stays as usual. Of several for the same hour, the first counts; turtle mode overrides all.',
    },
    {
        key: 'separateLocalLimits', group: 'Local network', title: 'Peers on the local network have limits of their own', kind: 'switch', standard: 'off',
        meaning: 'Those with private addresses; the other limits do not apply to them then.',
    },
    {
        key: 'localMaxDownloadRate', group: 'Local network', title: 'Download', kind: 'rate', meaning: 'The most that is received from all of them in a second.',
    },
    {
        key: 'localMaxUploadRate', group: 'Local network', title: 'Upload', kind: 'rate', meaning: 'The most that is sent to all of them in a second.',
    },
    {
        key: 'maxActiveDownloads', group: 'Queue', title: 'Downloads at once', kind: 'number', least: 0, most: 100_000, standard: '5',
        meaning: 'The other torrents wait for their turn, in the order of the queue. 0 is no limit.',
    },
    {
        key: 'maxActiveSeeds', group: 'Queue', title: 'Seeds at once', kind: 'number', least: 0, most: 100_000, standard: '20', meaning: '0 is no limit.',
    },
    {
        key: 'maxActive', group: 'Queue', title: 'Both together', kind: 'number', least: 0, most: 100_000, standard: '0', meaning: 'Downloads have their turns first. 0 is no limit.',
    },
    {
        key: 'maxChecks', group: 'Queue', title: 'Checks at once', kind: 'number', least: 0, most: 64, standard: '0', meaning: '0 is one for each thread that hashes.',
    },
    {
        key: 'ignoreSlow', group: 'Queue', title: 'Slow torrents do not count', kind: 'switch', standard: 'on',
        meaning: 'While one is slow, the next has its turn too.',
    },
    {
        key: 'slowRate', group: 'Queue', title: 'Slow is below', kind: 'number', least: 1, most: 1_000_000_000, unit: 'bytes a second', standard: '2,048',
        meaning: 'Of what it receives while something is missing, of what it sends after that.',
    },
    {
        key: 'slowTime', group: 'Queue', title: 'For at least', kind: 'number', least: 1, most: 86_400, unit: 'seconds', standard: '60',
        meaning: 'With a short time, torrents are started and stopped for every hiccup.',
    },
    {
        key: 'seedRatio', group: 'Seeding', title: 'Ratio', kind: 'number', least: 0, most: 1_000_000, decimal: true, standard: 'no limit',
        meaning: 'Bytes sent for each byte received, after which a torrent has seeded enough. 0 is no limit; a torrent can have limits of its own.',
    },
    {
        key: 'seedTime', group: 'Seeding', title: 'Time', kind: 'number', least: 0, most: 5_256_000, scale: 60, unit: 'minutes', standard: 'no limit',
        meaning: 'Of seeding, in all runs. 0 is no limit.',
    },
    {
        key: 'seedIdleTime', group: 'Seeding', title: 'Time without a request', kind: 'number', least: 0, most: 5_256_000, scale: 60, unit: 'minutes', standard: 'no limit',
        meaning: 'Of seeding without sending anything. 0 is no limit.',
    },
    {
        key: 'seedEnd', group: 'Seeding', title: 'Then', kind: 'choice', standard: 'stop it', meaning: 'What becomes of a torrent that has seeded enough, by whichever limit.',
        choices: [{ value: 'stop', word: 'Stop it' }, { value: 'remove', word: 'Remove it, keep its files' }, { value: 'remove-with-files', word: 'Remove it with its files' }],
    },
    {
        key: 'downloadFolder', group: 'Files', title: 'Download folder', kind: 'folder',
        meaning: 'Where torrents go that do not say otherwise. Those that are here stay where they are.',
    },
    {
        key: 'incompleteFolder', group: 'Files', title: 'Folder for incomplete files', kind: 'text', standard: 'none',
        meaning: 'Where the files of torrents that are added from now on are kept until they are complete. If empty, they are in their own folder from the start.',
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
        key: 'blocklist', group: 'Connections', title: 'Blocklist', kind: 'text', standard: 'none',
        meaning: 'A file on the server with addresses to exchange nothing with: addresses, ranges, or a list of eMule or PeerGuardian. It is read again by itself when it changes.',
    },
    {
        key: 'portMapping', group: 'Connections', title: 'Ask the router to open the port', kind: 'switch', standard: 'on', restart: true,
        meaning: 'By PCP, NAT-PMP or UPnP, so that peers can connect. Statistics show what came of it.',
    },
    {
        key: 'proxy', group: 'Connections', title: 'Proxy', kind: 'text', standard: 'none', restart: true,
        meaning: 'socks5://user:password@host:port or http://host:port. Nothing goes around it, and peers cannot connect; UDP goes only through SOCKS5. The password is kept and not shown.',
    },
    {
        key: 'proxyFor', group: 'Connections', title: 'What goes through the proxy', kind: 'several', standard: 'everything', restart: true,
        meaning: 'The rest goes directly.',
        choices: [
            { value: 'peers', word: 'Peers' },
            { value: 'trackers', word: 'Trackers' },
            { value: 'webseeds', word: 'Web seeds' },
            { value: 'dht', word: 'DHT' },
        ],
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

/** The chosen ones after one was ticked or not, in the order of the choices. */
export function chosenOf(setting: Setting, value: unknown, choice: string, isChosen: boolean): string[] {
    const before = Array.isArray(value) ? value : [];
    return (setting.choices ?? []).map((one) => one.value).filter((one) => (one === choice ? isChosen : before.includes(one)));
}

export function problemOf(setting: Setting, value: unknown): string | null {
    if (setting.kind === 'several') return Array.isArray(value) && value.length === 0 ? 'One at least.' : null;
    if (setting.kind !== 'number') return null;
    const { least = 0, most = Number.MAX_SAFE_INTEGER, scale = 1, decimal = false } = setting;
    const shown = typeof value === 'number' ? value / scale : NaN;
    const fits = (decimal || scale !== 1 ? Number.isFinite(shown) : Number.isInteger(shown)) && shown >= least && shown <= most;
    return fits ? null : `A${decimal ? '' : ' whole'} number from ${least.toLocaleString('en-US')} to ${most.toLocaleString('en-US')}.`;
}

export function matchesSetting(setting: Setting, search: string): boolean {
    const words = search.toLowerCase().split(/\s+/).filter((word) => word !== '');
    const text = `${setting.group} ${setting.title} ${setting.meaning}`.toLowerCase();
    return words.every((word) => text.includes(word));
}
