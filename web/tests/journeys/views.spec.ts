// Each view in light and dark, wide and on a phone: nothing that axe finds, and a picture of each.

import { hashOf } from '../mock/data';
import { expect, look, test } from './fixtures';

/** Each with words that it has only when everything in it is there. */
const views = [
    { name: 'list', fragment: '', landmark: /^debian-13/ },
    { name: 'overview', fragment: `#/torrent/${hashOf(0)}/overview`, landmark: /of 3,136 pieces/ },
    { name: 'files', fragment: `#/torrent/${hashOf(1)}/files`, landmark: 'Season 1' },
    { name: 'peers', fragment: `#/torrent/${hashOf(0)}/peers`, landmark: '192.0.2.10:6881' },
    { name: 'trackers', fragment: `#/torrent/${hashOf(5)}/trackers`, landmark: /backup\.example\.org/ },
    { name: 'log', fragment: `#/torrent/${hashOf(0)}/log`, landmark: /torrent not registered/ },
    { name: 'settings', fragment: '#/settings', landmark: 'Allowed folders' },
    { name: 'statistics', fragment: '#/statistics', landmark: 'In all runs' },
    { name: 'session-log', fragment: '#/log', landmark: /torrent not registered/ },
];

for (const scheme of ['light', 'dark'] as const) {
    for (const size of [{ name: 'wide', width: 1440, height: 900 }, { name: 'middling', width: 900, height: 700 }, { name: 'phone', width: 390, height: 844 }]) {
        test.describe(`${scheme}, ${size.name}`, () => {
            test.use({ colorScheme: scheme, viewport: { width: size.width, height: size.height }, hasTouch: size.name === 'phone', isMobile: size.name === 'phone' });

            for (const view of views) {
                test(`shows the ${view.name} view`, async ({ page, daemon }) => {
                    await page.goto(`${daemon.url}/${view.fragment}`);
                    await expect(page.getByText(view.landmark).first()).toBeVisible();
                    await expect(page.getByText(/^(Loading|Reading)/)).toHaveCount(0);
                    await look(page, `${view.name}-${scheme}-${size.name}`);
                });
            }
        });
    }
}
