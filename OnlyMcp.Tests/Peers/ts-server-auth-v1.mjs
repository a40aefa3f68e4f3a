// A guarded server of the TypeScript SDK's version 1:  node ts-server-auth-v1.mjs [ISSUER]
// It takes tokens of that issuer, or, without one, of the SDK's own demo authorization server at the same origin, which agrees to everything.
import express from 'express';
import { DemoInMemoryAuthProvider } from '@modelcontextprotocol/sdk/examples/server/demoInMemoryOAuthProvider.js';
import { InvalidTokenError } from '@modelcontextprotocol/sdk/server/auth/errors.js';
import { requireBearerAuth } from '@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js';
import { getOAuthProtectedResourceMetadataUrl, mcpAuthMetadataRouter, mcpAuthRouter } from '@modelcontextprotocol/sdk/server/auth/router.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { addTools, scopes, verifierOf, writing } from './guard.mjs';
import { listenAs } from './listen.mjs';

const issuer = process.argv[2];

listenAs('/mcp', async (address) => {
    const resourceServerUrl = new URL(address);
    const app = express();
    const verifier = issuer ? await verifierOf(issuer, (message) => new InvalidTokenError(message)) : new DemoInMemoryAuthProvider();
    if (issuer) app.use(mcpAuthMetadataRouter({ oauthMetadata: verifier.metadata, resourceServerUrl, scopesSupported: scopes }));
    else app.use(mcpAuthRouter({ provider: verifier, issuerUrl: new URL(resourceServerUrl.origin), resourceServerUrl, scopesSupported: [...scopes, ...writing] }));

    const options = { verifier, expectedResource: resourceServerUrl, resourceMetadataUrl: getOAuthProtectedResourceMetadataUrl(resourceServerUrl) };
    const mayUse = requireBearerAuth({ ...options, requiredScopes: scopes });
    const mayWrite = requireBearerAuth({ ...options, requiredScopes: [...scopes, ...writing] });
    const may = (request, response, next) => (request.body?.params?.name === 'write' ? mayWrite : mayUse)(request, response, next);
    app.post('/mcp', express.json(), may, async (request, response) => {
        const server = new McpServer({ name: 'ts-server-auth-v1', version: '1.0.0' });
        addTools(server, (context) => context.authInfo);
        const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined });
        await server.connect(transport);
        await transport.handleRequest(request, response, request.body);
    });
    app.all('/mcp', mayUse, (_, response) => response.status(405).end());
    return app;
});
