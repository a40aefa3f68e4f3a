// What every client peer does, whichever SDK it is built on: read the arguments, talk to the server, print one JSON object.
//
//   node ts-client-vN.mjs [--revision DATE|auto] [--log LEVEL] [--tour | --tasks | [--call TOOL JSON]...] TARGET
//   TARGET is  stdio COMMAND [ARGUMENT]...  |  http URL  |  sse URL

import { taskTour } from './tasks.mjs';
import { tour } from './tour.mjs';

const usage = 'usage: [--revision DATE|auto] [--log LEVEL] [--tour | --tasks | [--call TOOL JSON]...] stdio COMMAND... | http URL | sse URL';

/** Reads the command line; without --call the peer multiplies 6 by 7 with the tool `calculator`. */
export function readArguments() {
    const rest = process.argv.slice(2);
    const options = { calls: [] };
    while (rest[0]?.startsWith('--')) {
        const option = rest.shift();
        if (option === '--revision') options.revision = rest.shift();
        else if (option === '--log') options.logLevel = rest.shift();
        else if (option === '--tour') options.tour = true;
        else if (option === '--tasks') options.tasks = true;
        else if (option === '--call') options.calls.push({ name: rest.shift(), arguments: JSON.parse(rest.shift()) });
        else fail(new Error(`${option}? ${usage}`));
    }

    [options.transport, ...options.target] = rest;
    if (!['stdio', 'http', 'sse'].includes(options.transport) || options.target.length === 0) fail(new Error(usage));
    if (options.calls.length === 0) options.calls.push({ name: 'calculator', arguments: { operation: 'multiply', a: 6, b: 7 } });
    return options;
}

/** The client's side of what a server may ask; every question asked is kept for the report. */
export const asked = [];
export const logs = [];
const received = [];
export const answers = {
    action: 'accept',
    elicit(request) {
        asked.push(request);
        if (answers.action !== 'accept' || request.params.mode === 'url') return { action: answers.action };
        return { action: 'accept', content: fillIn(request.params.requestedSchema) };
    },
    sample(request) {
        asked.push(request);
        return { role: 'assistant', model: 'peer', stopReason: 'endTurn', content: { type: 'text', text: 'sampled by the peer' } };
    },
    roots(request) {
        asked.push(request);
        return { roots: [{ uri: 'file:///peer', name: 'peer' }] };
    },
    log(notification) {
        logs.push(notification.params);
    },
};

/** What a client declares; on a tour everything that it has. */
export function capabilities(options) {
    return options.tour
        ? { elicitation: { form: {}, url: {} }, sampling: {}, roots: { listChanged: true } }
        : { elicitation: {}, sampling: {}, roots: {} };
}

/** Connects, runs the whole conversation, prints the report and ends the process. With --tasks, `connected` says how each connection follows tasks. */
export async function converse(client, transport, options, negotiated, connected) {
    try {
        await client.connect(transport);
        if (options.tasks) options.driver = await connected.driver(client, transport);
        if (options.tasks) options.another = connected.another;
        keepReceived(transport);
        console.log(JSON.stringify(await report(client, transport, options, negotiated)));
        await client.close();
        process.exit(0);
    } catch (error) {
        fail(error);
    }
}

// Both SDKs drop progress that arrives in one piece with its result, so what a server really sent is read before them.
function keepReceived(transport) {
    const deliver = transport.onmessage;
    transport.onmessage = (message, extra) => {
        received.push(message);
        deliver(message, extra);
    };
}

async function report(client, transport, options, negotiated) {
    const capabilities = client.getServerCapabilities() ?? {};
    const modern = negotiated() >= '2026-07-28';
    const meta = {};
    if (options.logLevel && modern) meta._meta = { 'io.modelcontextprotocol/logLevel': options.logLevel };
    if (options.logLevel && !modern) await client.setLoggingLevel(options.logLevel);

    if (options.tour) {
        const toured = await tour(client, { modern, logLevel: options.logLevel, answers, asked, logs, received });
        return { protocolVersion: negotiated(), capabilities, instructions: client.getInstructions(), tour: toured };
    }

    if (options.tasks) {
        const toured = await taskTour(client, options.driver, options.another, { asked, received });
        return { protocolVersion: negotiated(), capabilities, tasks: toured };
    }

    const report = {
        protocolVersion: negotiated(),
        serverInfo: client.getServerVersion(),
        capabilities,
        instructions: client.getInstructions(),
        tools: capabilities.tools ? (await client.listTools()).tools : [],
        resources: capabilities.resources ? (await client.listResources()).resources : [],
        prompts: capabilities.prompts ? (await client.listPrompts()).prompts : [],
        calls: [],
    };
    for (const call of options.calls) report.calls.push({ name: call.name, ...(await outcome(client, { ...call, ...meta })) });
    report.unknownTool = await outcome(client, { name: 'no-such-tool', arguments: {} });
    report.badArguments = await outcome(client, { name: options.calls[0].name, arguments: {} });
    if (options.transport === 'http' && transport.sessionId) {
        report.sessionId = transport.sessionId;
        report.sessionEnded = await transport.terminateSession().then(() => true, describe);
    }
    return { ...report, asked, logs };
}

/** The result or the error of one call, with the progress that the SDK handed on and every message as the server sent it. */
async function outcome(client, call) {
    const progress = [];
    received.length = 0;
    try {
        const result = await client.callTool(call, ...progressOption(client, (update) => progress.push(update)));
        return { result, progress, received: [...received] };
    } catch (error) {
        return { error: describe(error), progress, received: [...received] };
    }
}

// Version 1 has a result schema between the parameters and the options.
function progressOption(client, onprogress) {
    return client.isVersion1 ? [undefined, { onprogress }] : [{ onprogress }];
}

function describe(error) {
    return { name: error.name, code: error.code, message: error.message, data: error.data };
}

/** An answer to a form: the default where there is one, else the first choice, else something of the right type. */
function fillIn(schema) {
    const filled = Object.entries(schema?.properties ?? {}).map(([name, property]) => [name, valueFor(property)]);
    return Object.fromEntries(filled);
}

function valueFor(property) {
    if (property.default !== undefined) return property.default;
    if (property.enum) return property.enum[0];
    if (property.oneOf) return property.oneOf[0].const;
    if (property.type === 'array') return [valueFor(property.items.anyOf ? { oneOf: property.items.anyOf } : property.items)];
    const formats = { email: 'ada@example.com', uri: 'https://example.com/ada', date: '2026-07-28', 'date-time': '2026-07-28T12:00:00Z' };
    if (property.format) return formats[property.format];
    return { string: 'Ada', number: 4.5, integer: 4, boolean: true }[property.type];
}

export function fail(error) {
    console.error(error?.stack ?? String(error));
    if (error?.cause) console.error('cause:', error.cause);
    process.exit(1);
}
