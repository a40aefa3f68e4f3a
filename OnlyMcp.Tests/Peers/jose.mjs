// The package jose beside OnlyMcp's own reading and making of tokens. Reads one line {keys, tokens, proof, algorithms}: a key set, a token
// for each of its keys, a DPoP proof. Prints one JSON object: what the tokens claim once their signatures are checked, the thumbprints of the
// keys, and for each algorithm a new key (PEM and JWK) with a token that it has signed.
import { createInterface } from 'node:readline';
import {
  calculateJwkThumbprint, createLocalJWKSet, EmbeddedJWK, exportJWK, exportPKCS8, generateKeyPair, jwtVerify, SignJWT,
} from 'jose';

for await (const line of createInterface({ input: process.stdin })) {
  const { keys, tokens, proof, algorithms } = JSON.parse(line);
  const keySet = createLocalJWKSet(keys);
  const verified = [];
  for (const token of tokens) verified.push(await jwtVerify(token, keySet, { typ: 'at+jwt', issuer: 'https://as.example' }));

  const made = [];
  for (const algorithm of algorithms) {
    const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
    const jwk = { ...await exportJWK(publicKey), kid: `jose ${algorithm}`, alg: algorithm, use: 'sig' };
    const token = await new SignJWT({ scope: 'mcp:use' })
      .setProtectedHeader({ alg: algorithm, typ: 'at+jwt', kid: jwk.kid })
      .setIssuer('https://as.example').setSubject('ada').setAudience(['a', 'b']).setIssuedAt().setExpirationTime('1h').sign(privateKey);
    made.push({ algorithm, jwk, pem: await exportPKCS8(privateKey), token, thumbprint: await calculateJwkThumbprint(jwk) });
  }

  console.log(JSON.stringify({
    verified: verified.map(({ payload, protectedHeader }) => ({ payload, header: protectedHeader })),
    thumbprints: await Promise.all(keys.keys.map((key) => calculateJwkThumbprint(key))),
    proof: (await jwtVerify(proof, EmbeddedJWK, { typ: 'dpop+jwt', maxTokenAge: '1m' })).payload,
    made,
  }));
}
