// Walks the whole chat that zimserve serves as a script of Node does, keeps every
// message, and prints how many ms that took, without the start of the process.
import { createHash, randomBytes } from "node:crypto";

const appID = 12345, secret = "0123456789abcdef0123456789abcdef";
const messages = [];
const start = performance.now();
let next = 0, pages = 0;
do {
  const nonce = randomBytes(8).toString("hex"), time = Math.floor(Date.now() / 1000);
  const signature = createHash("md5").update(appID + nonce + secret + time).digest("hex");
  const query = `Action=QueryGroupMsg&AppId=${appID}&SignatureNonce=${nonce}&Timestamp=${time}&SignatureVersion=2.0&Signature=${signature}`;
  const response = await fetch(`${process.argv[2]}/?${query}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ GroupId: "g", Limit: 100, Next: next, WithEmptyMsg: 1 }),
  });
  const page = await response.json();
  if (page.Code !== 0) throw new Error(page.Message);
  messages.push(...page.List);
  next = page.Next;
  pages++;
} while (next !== 0);
console.log(performance.now() - start, pages);
