// Opens a policy in the YAML language server with the schema beside it, as an editor does, and asks what an editor asks:
// what can be written here, what does this mean, what is wrong. Prints `OK`, or says what it misses and fails.
//
//     node check.mjs PATH/policy.schema.json

import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

const SECONDS = 60;
const schema = pathToFileURL(path.resolve(process.argv[2])).href;
const manifest = createRequire(import.meta.url).resolve("yaml-language-server/package.json");
const program = path.join(path.dirname(manifest), "bin", "yaml-language-server");
const server = spawn(process.execPath, [program, "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });

const fail = (text) => {
  console.error(text);
  server.kill();
  process.exit(1);
};
setTimeout(() => fail(`no answer within ${SECONDS} seconds`), SECONDS * 1000).unref();
server.on("error", (error) => fail(`the language server does not start: ${error.message}`));
server.on("exit", (code) => fail(`the language server ended with ${code}`));

// The protocol: messages of JSON, each behind a header with its length.
const answers = new Map();
const diagnostics = new Map();
let received = Buffer.alloc(0);
let requests = 0;

const send = (message) => {
  const body = Buffer.from(JSON.stringify({ jsonrpc: "2.0", ...message }));
  server.stdin.write(`Content-Length: ${body.length}\r\n\r\n`);
  server.stdin.write(body);
};
const request = (method, params) =>
  new Promise((resolve) => {
    requests += 1;
    answers.set(requests, resolve);
    send({ id: requests, method, params });
  });
const receive = (message) => {
  if (message.method && message.id !== undefined) {
    const asked = message.method === "workspace/configuration" ? message.params.items : null;
    send({ id: message.id, result: asked && asked.map((item) => settings[item.section] ?? {}) });
  } else if (message.method === "textDocument/publishDiagnostics") {
    diagnostics.get(message.params.uri)?.(message.params.diagnostics);
  } else if (answers.has(message.id)) {
    if (message.error) fail(`the language server refuses: ${message.error.message}`);
    answers.get(message.id)(message.result);
    answers.delete(message.id);
  }
};
server.stdout.on("data", (data) => {
  received = Buffer.concat([received, data]);
  for (;;) {
    const head = received.indexOf("\r\n\r\n");
    if (head < 0) return;
    const length = Number(/Content-Length: *(\d+)/i.exec(received.subarray(0, head).toString())?.[1]);
    if (received.length < head + 4 + length) return;
    const body = received.subarray(head + 4, head + 4 + length).toString();
    received = received.subarray(head + 4 + length);
    receive(JSON.parse(body));
  }
});

// The settings that the README names; nothing is fetched.
const settings = {
  yaml: { schemas: { [schema]: "*.yaml" }, schemaStore: { enable: false }, validate: true, completion: true, hover: true },
};

let opened = 0;
const open = (text, ending = "yaml") => {
  opened += 1;
  const uri = pathToFileURL(path.resolve(`policy-${opened}.${ending}`)).href;
  const found = new Promise((resolve) => diagnostics.set(uri, resolve));
  send({ method: "textDocument/didOpen", params: { textDocument: { uri, languageId: "yaml", version: 1, text } } });
  return { uri, found };
};

const pause = () => new Promise((resolve) => setTimeout(resolve, 250));

/** The words that can be written at the `|` of a text. The server takes a while to learn its settings; until then it knows none. */
const completions = async (marked, ending) => {
  const [before, after] = marked.split("|");
  const lines = before.split("\n");
  const { uri } = open(before + after, ending);
  const position = { line: lines.length - 1, character: lines.at(-1).length };
  for (;;) {
    const answer = await request("textDocument/completion", { textDocument: { uri }, position });
    const words = (answer.items ?? answer).map((item) => item.label.replaceAll('"', ""));
    if (words.length > 0 || performance.now() > (SECONDS * 1000) / 2) return words;
    await pause();
  }
};

const expect = (what, have, wanted, unwanted = []) => {
  for (const word of wanted) if (!have.includes(word)) fail(`${what}: no \`${word}\` among ${JSON.stringify(have)}`);
  for (const word of unwanted) if (have.includes(word)) fail(`${what}: \`${word}\` among ${JSON.stringify(have)}`);
};

const capabilities = { workspace: { configuration: true } };
await request("initialize", { processId: process.pid, rootUri: pathToFileURL(process.cwd()).href, capabilities });
send({ method: "initialized", params: {} });
send({ method: "workspace/didChangeConfiguration", params: { settings } });

expect("at the top", await completions("platform: shop\n|\n"), ["roles", "forbid", "admins", "tests"], ["platform", "allow"]);
const role = await completions("roles:\n  clerk:\n    extends: x\n    |\n");
expect("in a role", role, ["allow", "by claim", "super"], ["extends", "email", "needs role"]);
expect("in a profile", await completions("profiles:\n  clerk:\n    |\n"), ["allow", "tier"], ["super"]);
expect("in an admin", await completions("admins:\n  aino:\n    |\n"), ["roles", "email", "valid"], ["allows"]);
expect("behind granularity", await completions("platform:\n  name: shop\n  granularity: |\n"), ["action", "resource"]);
expect("behind a feature", await completions("features:\n  resell: |\n"), ["on", "off"]);

const modeline = `# yaml-language-server: $schema=${schema}\n`; // the other way to name the schema, without settings
expect("below a modeline", await completions(`${modeline}platform:\n  |\n`, "yml"), ["name", "languages"], ["roles"]);

const { uri } = open("roles:\n  clerk:\n    holders: exactly 1\n");
const hover = await request("textDocument/hover", { textDocument: { uri }, position: { line: 2, character: 6 } });
if (!JSON.stringify(hover).includes("How many accounts hold it")) fail(`\`holders\` is explained by ${JSON.stringify(hover)}`);

const right = await open("platform: { name: shop, super: none }\nfeatures: { resell: on }\nroles:\n  clerk: { allow: books.list }\n").found;
if (right.length > 0) fail(`a right policy has ${JSON.stringify(right)}`);
const wrong = await open("roles:\n  clerk:\n    alow: books.list\nlint: { BW311: of }\n").found;
const places = wrong.map((found) => `${found.range.start.line}:${found.range.start.character}`);
expect("mistakes", places, ["2:4", "3:15"]);

server.removeAllListeners("exit");
server.kill();
console.log("OK");
process.exit(0);
