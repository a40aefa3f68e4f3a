// Reads lines {message, definitions: [[schema, definition, member], ...]} and holds each message, or the part of it that the path leads
// to, against the definition in the schema's file. Prints the faults and their number; exits with 1 if there is one.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';

const validators = new Map();

// Formats are annotations here, as the specification has it.
function validator(file) {
  if (!validators.has(file)) {
    const schema = JSON.parse(readFileSync(file, 'utf8'));
    const ajv = new (schema.$schema?.includes('2020-12') ? Ajv2020 : Ajv)({ strict: false, allErrors: true, validateFormats: false });
    validators.set(file, ajv.addSchema(schema, 'wire'));
  }
  return validators.get(file);
}

const partOf = (message, path) => path.split('.').reduce((whole, name) => name === '' ? whole : whole[name], message);

let values = 0;
let faults = 0;
for await (const line of createInterface({ input: process.stdin })) {
  if (line === '') continue;
  const { message, definitions } = JSON.parse(line);
  for (const [schema, definition, member] of definitions) {
    const ajv = validator(schema);
    values++;
    if (!ajv.validate(`wire${definition}`, partOf(message, member))) {
      faults++;
      console.log(`${schema}${definition}: ${ajv.errorsText()}\n  in ${JSON.stringify(message)}`);
    }
  }
}
console.log(`${values} values, ${faults} faults`);
process.exitCode = faults === 0 ? 0 : 1;
