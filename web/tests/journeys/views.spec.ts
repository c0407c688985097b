// Each view in light and dark, wide and on a phone: nothing that axe finds, and a picture of each.

import { hashOf } from '../mock/data';
import { expect, look, row, test } from './fixtures';

const views = [
    { name: 'list', fragment: '' },
    { name: 'overview', fragment: `#/torrent/${hashOf(0)}/overview` },
    { name: 'files', fragment: `#/torrent/${hashOf(1)}/files` },
    { name: 'peers', fragment: `#/torrent/${hashOf(0)}/peers` },
    { name: 'trackers', fragment: `#/torrent/${hashOf(5)}/trackers` },
    { name: 'log', fragment: `#/torrent/${hashOf(0)}/log` },
    { name: 'settings', fragment: '#/settings' },
    { name: 'statistics', fragment: '#/statistics' },
    { name: 'session-log', fragment: '#/log' },
];

for (const scheme of ['light', 'dark'] as const) {
    for (const size of [{ name: 'wide', width: 1440, height: 900 }, { name: 'phone', width: 390, height: 844 }]) {
        test.describe(`${scheme}, ${size.name}`, () => {
            test.use({ colorScheme: scheme, viewport: { width: size.width, height: size.height }, hasTouch: size.name === 'phone', isMobile: size.name === 'phone' });

            for (const view of views) {
                test(`shows the ${view.name} view`, async ({ page, daemon }) => {
                    await page.goto(`${daemon.url}/${view.fragment}`);
                    if (view.fragment === '') await expect(row(page, 'debian')).toBeVisible();
                    await expect(page.getByText(/^(Loading|Reading)/)).toHaveCount(0);
                    if (view.name === 'overview') await expect(page.getByText(/of 3,136 pieces/)).toBeVisible();
                    await look(page, `${view.name}-${scheme}-${size.name}`);
                });
            }
        });
    }
}
