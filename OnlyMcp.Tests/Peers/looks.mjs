// How a page looks: its picture, and whether everybody can read it, in light, in dark, and on a narrow screen.

const looks = {
    light: { colorScheme: 'light', width: 900 },
    dark: { colorScheme: 'dark', width: 900 },
    narrow: { colorScheme: 'light', width: 320 },
};

/** Saves a picture of what the page says, with some of the ground that it stands on. */
export async function photograph(page, path, look) {
    await show(page, look);
    await page.screenshot({ path, fullPage: true, clip: await page.evaluate(around) });
    await show(page, 'light');
    return {};
}

/**
 * For each look: the lowest contrast of a text against what is behind it, with that text; whether the page is wider than the screen; and
 * what the Tab key reaches, with the outline that it has then.
 */
export async function judge(page) {
    const judged = {};
    for (const look of Object.keys(looks)) {
        await show(page, look);
        judged[look] = { ...await page.evaluate(read), reached: await tabThrough(page) };
    }
    await show(page, 'light');
    return judged;
}

async function show(page, look) {
    const { colorScheme, width } = looks[look];
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 600 });
}

// Runs in the page.
function around() {
    const { x, y, width, height } = document.querySelector('main').getBoundingClientRect();
    const margin = Math.min(x, 24);
    return { x: scrollX + x - margin, y: scrollY + y - margin, width: width + 2 * margin, height: height + 2 * margin };
}

// From the top of the page, wherever the keyboard was before.
async function tabThrough(page) {
    const reached = [];
    await page.evaluate(() => {
        document.activeElement.blur();
        document.body.tabIndex = -1;
        document.body.focus();
        document.body.removeAttribute('tabindex');
    });
    for (let i = 0; i < 20; i++) {
        await page.keyboard.press('Tab');
        const next = await page.evaluate(() => {
            const element = document.activeElement;
            if (element === document.body) return null;
            const { outlineStyle, outlineWidth } = getComputedStyle(element);
            const outlined = outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2;
            return { name: element.labels?.[0]?.innerText ?? element.innerText, outlined };
        });
        if (!next || reached.some(({ name }) => name === next.name)) break; // Round the window, and on the page again.
        reached.push(next);
    }
    return reached;
}

// WCAG 2.2, "contrast ratio". Runs in the page.
function read() {
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    let lowest = { contrast: 21, text: '' };
    while (texts.nextNode()) {
        const element = texts.currentNode.parentElement;
        if (!texts.currentNode.data.trim() || !element.checkVisibility()) continue;
        const contrast = between(luminance(channels(getComputedStyle(element).color)), luminance(behind(element)));
        if (contrast < lowest.contrast) lowest = { contrast, text: texts.currentNode.data.trim() };
    }
    return { ...lowest, overflows: document.documentElement.scrollWidth > document.documentElement.clientWidth };

    function behind(element) {
        for (let at = element; at; at = at.parentElement) {
            const colour = channels(getComputedStyle(at).backgroundColor);
            if (colour[3] > 0) return colour;
        }
        return matchMedia('(prefers-color-scheme: dark)').matches ? [18, 18, 18, 1] : [255, 255, 255, 1];
    }

    function channels(colour) {
        const [red, green, blue, opacity = 1] = colour.match(/[\d.]+/g).map(Number);
        return [red, green, blue, opacity];
    }

    function luminance([red, green, blue]) {
        const linear = (value) => value <= 0.04045 * 255 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4;
        return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
    }

    function between(one, other) {
        return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    }
}
