// A person with a real browser: signs in on the pages of our authorization server and allows what is asked.
//
//   node browser.mjs CHROMIUM ADDRESS REDIRECT_URI NAME PASSWORD [FOLDER]
//
// Prints as JSON where the browser came back, and what its console complained of. With a folder, each page is photographed there, in light
// and in dark, wide and narrow.

import { chromium } from 'playwright-core';
import path from 'node:path';

const [program, address, redirectUri, name, password, folder] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox', '--disable-quic', '--disable-background-networking'] });
try {
    const page = await browser.newPage();
    const complaints = [];
    page.on('console', (message) => message.type() === 'error' && !message.text().includes('favicon') && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));

    await page.goto(address);
    await photograph(page, 'sign-in');
    await page.getByLabel('User name').fill(name);
    await page.getByLabel('Password').fill('not the password');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    await photograph(page, 'sign-in-refused');
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: 'Allow' }).waitFor();
    await photograph(page, 'consent');
    await page.getByRole('button', { name: 'Allow' }).click();
    await page.waitForURL((url) => url.href.startsWith(redirectUri));
    console.log(JSON.stringify({ url: page.url(), complaints }));
} finally {
    await browser.close();
}

async function photograph(page, title) {
    if (!folder) return;
    for (const colorScheme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme });
        for (const [size, width] of [['wide', 1000], ['narrow', 360]]) {
            await page.setViewportSize({ width, height: 760 });
            await page.screenshot({ path: path.join(folder, `${title}-${colorScheme}-${size}.png`), fullPage: true });
        }
    }
}
