// A person with a browser, for peers that sign in: follows redirects, keeps cookies, fills in forms and agrees to whatever it is asked.
//
//   node sign-in.mjs ADDRESS REDIRECT_URI NAME PASSWORD     prints the address at which the browser comes back

const entities = { amp: '&', lt: '<', gt: '>', quot: '"' };

/** Goes to the address and returns the one at which the browser comes back to the client. */
export async function signIn(address, redirectUri, { name, password }) {
    const cookies = new Map();
    let [request, visits] = [new Request(address), 0];
    while (visits++ < 20) {
        const response = await visit(request, cookies);
        const next = response.headers.get('location');
        if (next) {
            const url = new URL(next, request.url);
            if (url.href.startsWith(redirectUri)) return url;
            request = new Request(url);
        } else {
            request = fillIn(await response.text(), request.url, response.status, { name, password });
        }
    }
    throw new Error(`no way back from ${address}`);
}

if (process.argv[1] === import.meta.filename) {
    const [address, redirectUri, name, password] = process.argv.slice(2);
    console.log((await signIn(address, redirectUri, { name, password })).href);
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

function fillIn(page, address, status, { name, password }) {
    const form = page.match(/<form[^>]*method="post"[^>]*>[\s\S]*?<\/form>/i)?.[0];
    if (!form) throw new Error(`${status} from ${address}, a page without a form: ${page.replace(/<style[\s\S]*?<\/style>|<[^>]*>|\s+/gi, ' ')}`);

    const fields = new URLSearchParams();
    for (const input of elements(form, 'input')) {
        if (!input.name || (input.type === 'checkbox' && input.checked === undefined)) continue;
        fields.append(input.name, input.type === 'password' ? password : !input.type || input.type === 'text' ? name : (input.value ?? 'on'));
    }
    const agree = elements(form, 'button').find((button) => button.name && !/deny|cancel|refuse|^no$/i.test(button.value));
    if (agree) fields.append(agree.name, agree.value);
    const action = elements(form, 'form')[0].action;
    return new Request(action ? new URL(action, address) : address, { method: 'POST', body: fields, headers: { origin: new URL(address).origin } });
}

function elements(html, tag) {
    return [...html.matchAll(new RegExp(`<${tag}\\b([^>]*)>`, 'gi'))].map(([, attributes]) =>
        Object.fromEntries([...attributes.matchAll(/([\w-]+)(?:="([^"]*)")?/g)].map(([, key, value]) => [key.toLowerCase(), decoded(value ?? '')])),
    );
}

function decoded(text) {
    return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (_, hex, decimal, word) => (word ? (entities[word] ?? _) : String.fromCodePoint(parseInt(hex ?? decimal, hex ? 16 : 10))));
}
