import { expect, test } from "vitest";
import { bytesOf, fromBase64Url, toBase64Url } from "./webauthn";

test("bytes go to base64url and back", () => {
  const bytes = Uint8Array.from([251, 255, 0, 1, 62, 63]);
  const text = toBase64Url(bytes.buffer);
  expect(text).toBe("-_8AAT4_");
  expect([...fromBase64Url(text)]).toEqual([...bytes]);
});

test("only the members that hold bytes become bytes", () => {
  const parsed = bytesOf({
    rp: { id: "localhost", name: "Wayside" },
    user: { id: "AQID", name: "eva", displayName: "Eva" },
    challenge: "AAAA",
    excludeCredentials: [{ type: "public-key", id: "AQ" }],
    pubKeyCredParams: [{ type: "public-key", alg: -7 }],
  });
  expect(parsed).toEqual({
    rp: { id: "localhost", name: "Wayside" },
    user: { id: Uint8Array.from([1, 2, 3]), name: "eva", displayName: "Eva" },
    challenge: Uint8Array.from([0, 0, 0]),
    excludeCredentials: [{ type: "public-key", id: Uint8Array.from([1]) }],
    pubKeyCredParams: [{ type: "public-key", alg: -7 }],
  });
});
