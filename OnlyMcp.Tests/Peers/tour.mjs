// A tour of every feature of a server, whichever SDK the client is built on: one entry in the report for each.
const text = 'note://text';

/** Tries everything; what fails is reported as { error }. */
export async function tour(client, { modern, logLevel, answers, asked, logs, received }) {
    const report = {};
    const attempt = async (name, run) => {
        asked.length = logs.length = received.length = 0;
        try {
            report[name] = { result: await within(name, run()), asked: [...asked], logs: [...logs], received: [...received] };
        } catch (error) {
            const { code, message, data } = error;
            report[name] = { error: { name: error.name, code, message, data }, asked: [...asked], received: [...received] };
        }
    };
    const meta = modern && logLevel ? { _meta: { 'io.modelcontextprotocol/logLevel': logLevel } } : {};
    const call = (name, args = {}, options = {}) => {
        const parameters = { name, arguments: args, ...meta };
        return client.isVersion1 ? client.callTool(parameters, undefined, options) : client.callTool(parameters, options);
    };

    await attempt('tools', () => all(received, (page) => client.listTools(page), 'tools'));
    await attempt('resources', () => all(received, (page) => client.listResources(page), 'resources'));
    await attempt('templates', () => all(received, (page) => client.listResourceTemplates(page), 'resourceTemplates'));
    await attempt('prompts', () => all(received, (page) => client.listPrompts(page), 'prompts'));

    await attempt('content', () => call('content'));
    await attempt('structured', () => call('forecast', { city: 'Oslo' }));
    await attempt('failing', () => call('fail'));
    await attempt('invalid', () => call('forecast'));
    await attempt('progress', () => call('count', { to: 3 }, { onprogress: () => {} }));
    await attempt('log', () => call('log'));
    await attempt('cancelled', async () => {
        const abort = new AbortController();
        const waiting = call('wait', {}, { signal: abort.signal, onprogress: () => abort.abort('enough') });
        await waiting.catch(() => {});
        return await call('cancelled');
    });

    await attempt('text', () => client.readResource({ uri: text }));
    await attempt('bytes', () => client.readResource({ uri: 'note://bytes' }));
    await attempt('templated', () => client.readResource({ uri: 'note://upper/Moby%20Dick' }));
    await attempt('missing', () => client.readResource({ uri: 'other://none' }));
    await attempt('prompt', () => client.getPrompt({ name: 'greet', arguments: { name: 'Ada' } }));
    await attempt('promptKinds', () => client.getPrompt({ name: 'kinds' }));
    await attempt('promptWithoutArguments', () => client.getPrompt({ name: 'greet' }));
    const ref = { type: 'ref/prompt', name: 'greet' };
    await attempt('completion', () => client.complete({ ref, argument: { name: 'style', value: 'sh' } }));
    await attempt('completionInContext', () =>
        client.complete({ ref, argument: { name: 'name', value: '' }, context: { arguments: { style: 'shy' } } }),
    );
    await attempt('completionOfTemplate', () =>
        client.complete({ ref: { type: 'ref/resource', uri: 'note://{shelf}/{name}' }, argument: { name: 'shelf', value: 'u' } }),
    );

    await attempt('form', () => call('form'));
    answers.action = 'decline';
    await attempt('declined', () => call('form'));
    answers.action = 'accept';
    await attempt('page', () => call('page'));
    await attempt('sample', () => call('sample'));
    await attempt('roots', () => call('roots'));
    await attempt('several', () => call('several'));

    await attempt('updated', async () => {
        const subscription = modern ? await client.listen({ resourceSubscriptions: [text] }) : await client.subscribeResource({ uri: text });
        await call('update', { uri: text });
        const news = await heard('notifications/resources/updated');
        if (modern) await subscription.close();
        else await client.unsubscribeResource({ uri: text });
        return { honored: subscription.honoredFilter, news };
    });
    await attempt('changed', async () => {
        const filter = { toolsListChanged: true, promptsListChanged: true, resourcesListChanged: true };
        const subscription = modern ? await client.listen(filter) : undefined;
        await call('grow');
        for (const kind of ['tools', 'prompts', 'resources']) await heard(`notifications/${kind}/list_changed`);
        await subscription?.close();
        const grown = await all(received, (page) => client.listTools(page), 'tools');
        return { tools: grown.items.map((tool) => tool.name), called: await call('grown') };
    });
    return report;
}

/** Every page of a list, and how many there were; version 2 of the SDK turns the pages itself unless it is given a cursor. */
async function all(received, list, member) {
    const items = [];
    let pages = 0;
    let cursor;
    do {
        const page = await list(cursor ? { cursor } : undefined);
        items.push(...page[member]);
        cursor = page.nextCursor;
        pages++;
    } while (cursor);
    return { items, pages, requests: received.filter((message) => message.result?.[member]).length };
}

const listeners = new Map();

/** Is told of every notification about changes, by the SDK at hand. */
export function change(notification) {
    const waiting = listeners.get(notification.method) ?? { told: [] };
    waiting.told.push(notification);
    listeners.set(notification.method, waiting);
    waiting.wake?.();
}

/** The first notification of this kind, past or to come. */
async function heard(method) {
    if (!listeners.has(method)) listeners.set(method, { told: [] });
    const waiting = listeners.get(method);
    if (waiting.told.length === 0) await new Promise((resolve) => (waiting.wake = resolve));
    return waiting.told[0];
}

function within(name, promise) {
    let timer;
    const late = new Promise((_, reject) => (timer = setTimeout(() => reject(new Error(`'${name}' took too long`)), 15_000)));
    return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
