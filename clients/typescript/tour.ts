// Shows what the client does, against the service at the URL that is its argument.

import { randomBytes } from "node:crypto";

import { Session } from "./user-service.js";

const url = process.argv[2] ?? "http://127.0.0.1:3000";
const random = (): string => randomBytes(8).toString("hex");
const email = `ada.${random()}@example.com`;
const password = random();
await (await Session.register(url, "Ada Lovelace", email, password)).logout();
const session = await Session.login(url, email, password);

for (let number = 0; number < 3; number++) {
  await session.request("POST", "/users/push-tokens", { token: random(), platform: "web" });
}

session.tokens.access = "as good as expired";
const read = () => session.request<{ email_enabled: boolean }>("GET", "/users/preferences");
const answers = await Promise.all(Array.from({ length: 8 }, read));

const pushTokens: unknown[] = [];
for await (const token of session.list("/users/push-tokens", 2)) pushTokens.push(token);

console.log(
  JSON.stringify({
    email_enabled: answers.every((answer) => answer.data.email_enabled),
    push_tokens: pushTokens.length,
    refreshes: session.refreshes,
  }),
);
await session.logout();
