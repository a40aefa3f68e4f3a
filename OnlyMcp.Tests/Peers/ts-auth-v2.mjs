// The TypeScript SDK's version 2 as a client that signs in. See account.mjs for the argument and the report.
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { converse } from './account.mjs';

await converse(
    (revision) => new Client({ name: 'ts-auth-v2', version: '1.0.0' }, revision ? { versionNegotiation: { mode: { pin: revision } } } : {}),
    (url, options) => new StreamableHTTPClientTransport(url, options),
    (transport, answer) => transport.finishAuth(answer),
);
