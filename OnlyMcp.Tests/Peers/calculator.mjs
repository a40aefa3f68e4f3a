// Calculates a list of [operation, a, b] and prints each as the calculator of samples/01 should: JavaScript writes the numbers.
const operations = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
};

for (const [operation, a, b] of JSON.parse(process.argv[2])) {
  console.log(`Result of ${operation} ${a} and ${b}: ${operations[operation](a, b)}`);
}
