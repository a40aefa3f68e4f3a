// A real browser, which does what it is told and says what it sees.
//
//   node browser.mjs CHROMIUM [--without-script]
//
// A line on stdin is one thing to do, a line on stdout is what came of it; it ends when its stdin does.
//
//   { "do": "visit", "address": "..." }                                   opens an address
//   { "do": "press", "button": "...", "fields": { "LABEL": "..." } }      fills in what has these labels and presses a button, or Enter
//   { "do": "reload" }                                                    asks for the page once more
//   { "do": "photograph", "path": "....png", "look": "light" }            or dark, or narrow (see looks.mjs)
//   { "do": "judge" }                                                     whether everybody can read the page (see looks.mjs)
//
// The first three wait for the page at which the browser ends up, and tell
//
//   { url, status, headers, title, headings, text, alerts, fields, buttons, focus, frames, steps, complaints, violations, failures }
//
// where url has no query, steps are the documents on the way, and the last three what went wrong since the line before: what the console
// complained of, what a content security policy forbade, and which requests got no answer. What cannot be done is { error }.

import { chromium } from 'playwright-core';
import readline from 'node:readline';
import { judge, photograph } from './looks.mjs';

const [program, ...options] = process.argv.slice(2);

// A profile of its own, empty, comes with playwright-core. Nothing outside this machine is looked for.
const browser = await chromium.launch({
    executablePath: program,
    headless: true,
    chromiumSandbox: false,
    args: [
        '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update',
        '--disable-sync', '--no-proxy-server', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
    ],
});
try {
    const context = await browser.newContext({ javaScriptEnabled: !options.includes('--without-script'), colorScheme: 'light' });
    context.setDefaultTimeout(50_000);
    const page = await context.newPage();
    const heard = await listen(page);
    for await (const line of readline.createInterface({ input: process.stdin })) {
        console.log(JSON.stringify(await act(page, heard, JSON.parse(line)).catch((error) => ({ error: String(error) }))));
    }
} finally {
    await browser.close();
}

async function act(page, heard, wish) {
    switch (wish.do) {
        case 'visit': return go(page, heard, () => page.goto(wish.address, { waitUntil: 'commit' }));
        case 'reload': return go(page, heard, () => page.reload({ waitUntil: 'commit' }));
        case 'press': return go(page, heard, () => press(page, wish));
        case 'photograph': return photograph(page, wish.path, wish.look);
        case 'judge': return judge(page);
        default: throw new Error(`nobody here knows how to ${wish.do}`);
    }
}

async function press(page, { button, fields }) {
    for (const [label, text] of Object.entries(fields ?? {})) await page.getByLabel(label, { exact: true }).fill(text);
    if (button) await page.getByRole('button', { name: button, exact: true }).click();
    else await page.keyboard.press('Enter');
}

async function go(page, heard, start) {
    const moved = page.waitForEvent('framenavigated', (frame) => frame === page.mainFrame());
    moved.catch(() => {}); // Where the start fails, nobody waits for it.
    await start();
    await moved;

    // A page that goes on by itself is not where the browser ends up.
    await page.waitForLoadState('load');
    await page.locator('meta[http-equiv="refresh"]').waitFor({ state: 'detached' });
    await page.waitForLoadState('load');
    const url = withoutQuery(page.url());
    const shown = heard.steps.findLast((step) => step.url === url);
    const frames = page.frames().slice(1).map((frame) => withoutQuery(frame.url()));
    return { url, status: shown?.status, headers: shown?.headers ?? {}, ...await see(page), frames, ...heard.take() };
}

function see(page) {
    return page.evaluate(() => {
        const all = (selector, of) => [...document.querySelectorAll(selector)].map(of);
        const words = (element) => element.innerText.replace(/\s+/g, ' ').trim();
        const label = (element) => element.labels?.length ? words(element.labels[0]) : words(element);
        return {
            title: document.title,
            headings: all('h1, h2', words),
            text: words(document.body),
            alerts: all('[role=alert]', words),
            fields: all('input:not([type=hidden])', label),
            buttons: all('button, a.button', words),
            focus: document.activeElement === document.body ? '' : label(document.activeElement),
        };
    });
}

async function listen(page) {
    let [steps, complaints, violations, failures] = [[], [], [], []];
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('requestfailed', (request) => failures.push(`${withoutQuery(request.url())}: ${request.failure()?.errorText}`));
    page.on('response', (response) => {
        const request = response.request();
        if (!request.isNavigationRequest() || request.frame() !== page.mainFrame()) return;
        steps.push({ method: request.method(), status: response.status(), url: withoutQuery(response.url()), headers: response.headers() });
    });

    // Chromium itself tells of violations: it does so without script, and of those that no console hears of.
    const devTools = await page.context().newCDPSession(page);
    devTools.on('Audits.issueAdded', ({ issue }) => {
        const what = issue.details.contentSecurityPolicyIssueDetails;
        if (what) violations.push(`${what.violatedDirective} ${what.blockedURL ?? ''}`.trim());
    });
    await devTools.send('Audits.enable');
    return {
        get steps() { return steps; },
        take() {
            const taken = { steps: steps.map(({ method, status, url }) => `${method} ${status} ${url}`), complaints, violations, failures };
            [steps, complaints, violations, failures] = [[], [], [], []];
            return taken;
        },
    };
}

function withoutQuery(address) {
    return address.split(/[?#]/)[0];
}
