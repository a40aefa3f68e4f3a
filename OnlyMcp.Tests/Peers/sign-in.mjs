// A person with a browser, for peers that sign in: follows redirects, keeps cookies, fills in forms and agrees to whatever it is asked.

const entities = { amp: '&', lt: '<', gt: '>', quot: '"' };
const agreement = /\b(allow|continue|agree|accept|approve|authorize|yes|sign-?in)\b/i;

/** Goes to the address and returns the one at which the browser comes back to the client. */
export async function signIn(address, redirectUri, person) {
    const cookies = new Map();
    let [request, visits] = [new Request(address), 0];
    while (visits++ < 20) {
        const response = await visit(request, cookies);
        const page = await response.text();
        const next = response.headers.get('location') ?? refreshOf(page);
        if (next) {
            const url = new URL(next, request.url);
            if (url.href.startsWith(redirectUri)) return url;
            request = new Request(url);
        } else {
            request = answer(page, request.url, response.status, person);
        }
    }
    throw new Error(`no way back from ${address}`);
}

async function visit(request, cookies) {
    const { host, pathname } = new URL(request.url);
    const known = [...cookies.values()].filter((cookie) => cookie.host === host && pathname.startsWith(cookie.path));
    request.headers.set('cookie', known.map((cookie) => cookie.pair).join('; '));
    const response = await fetch(request, { redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) {
        const [pair, ...attributes] = line.split(/; */);
        const path = attributes.find((attribute) => /^path=/i.test(attribute))?.slice(5) ?? '/';
        const [name, value] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)];
        if (value) cookies.set(`${host} ${path} ${name}`, { host, path, pair });
        else cookies.delete(`${host} ${path} ${name}`);
    }
    return response;
}

function refreshOf(page) {
    const refresh = elements(page, 'meta').find((meta) => /^refresh$/i.test(meta['http-equiv']));
    return refresh?.content.replace(/^\s*\d+\s*;\s*url=/i, '');
}

/** The form that asks for a password, filled in, or else the one that can be agreed to. */
function answer(page, address, status, { name, password }) {
    const forms = [...page.matchAll(/<form\b[\s\S]*?<\/form>/gi)].map(([form]) => form);
    const form = forms.find((one) => elements(one, 'input').some((input) => input.type === 'password')) ?? forms.find(agreedBy);
    if (!form) throw new Error(`${status} from ${address}, a page on which nothing can be done: ${page.replace(/<style[\s\S]*?<\/style>|<[^>]*>|\s+/gi, ' ')}`);

    const fields = new URLSearchParams();
    for (const input of elements(form, 'input')) {
        if (!input.name || (input.type === 'checkbox' && input.checked === undefined)) continue;
        fields.append(input.name, input.type === 'password' ? password : !input.type || input.type === 'text' ? name : (input.value ?? 'on'));
    }
    const button = agreedBy(form);
    if (button?.name) fields.append(button.name, button.value);
    const { action } = elements(form, 'form')[0];
    return new Request(action ? new URL(action, address) : address, { method: 'POST', body: fields, headers: { origin: new URL(address).origin } });
}

function agreedBy(form) {
    return elements(form, 'button').find((button) => agreement.test(button.value ?? '') || agreement.test(button.text));
}

function elements(html, tag) {
    return [...html.matchAll(new RegExp(`<${tag}\\b([^>]*)>([^<]*)`, 'gi'))].map(([, attributes, text]) => ({
        ...Object.fromEntries([...attributes.matchAll(/([\w-]+)(?:="([^"]*)")?/g)].map(([, key, value]) => [key.toLowerCase(), decoded(value ?? '')])),
        text,
    }));
}

function decoded(text) {
    return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (_, hex, decimal, word) => (word ? (entities[word] ?? _) : String.fromCodePoint(parseInt(hex ?? decimal, hex ? 16 : 10))));
}
