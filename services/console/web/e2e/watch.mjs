// Hears all that goes wrong in somebody's pages: errors of scripts, what the content security policy
// forbids, requests that fail, answers that are errors. What a journey expects it says beforehand.

/** A request that the page itself gave up: it went elsewhere, or opened its live stream anew. */
const GIVEN_UP = "net::ERR_ABORTED";

export class Watch {
  #name;
  #expected = [];
  #away = false;
  /** What nobody expected. */
  problems = [];
  /** All that the console of the browser said. */
  said = [];

  constructor(name) {
    this.#name = name;
  }

  async context(context) {
    await context.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", (event) => {
        console.error(`forbidden by the policy: ${event.violatedDirective} ${event.blockedURI}`);
      });
    });
    context.on("page", (page) => this.#page(page));
  }

  /** An answer of this status to an address that contains the text is part of the journey. */
  expect(status, text) {
    this.#expected.push({ status, text });
  }

  /** While the line is cut, requests fail. */
  set away(away) {
    this.#away = away;
  }

  #page(page) {
    page.on("pageerror", (error) => this.#problem(`the script failed: ${error.stack ?? error}`));
    page.on("crash", () => this.#problem("the page crashed"));
    page.on("console", (message) => {
      const text = message.text();
      this.said.push(`${message.type()}: ${text}`);
      // Which address it was is said by the answer itself, below.
      if (message.type() !== "error" || text.startsWith("Failed to load resource")) return;
      this.#problem(`the console says: ${text}`);
    });
    page.on("requestfailed", (request) => {
      const why = request.failure()?.errorText ?? "";
      if (this.#away || why === GIVEN_UP) return;
      this.#problem(`no answer: ${request.method()} ${request.url()}: ${why}`);
    });
    page.on("response", (response) => {
      const [status, url] = [response.status(), response.url()];
      if (status < 400) return;
      const wanted = ({ status: s, text }) => s === status && url.includes(text);
      if (this.#expected.some(wanted)) return;
      this.#problem(`${status}: ${response.request().method()} ${url}`);
    });
  }

  #problem(what) {
    this.problems.push(`${this.#name}: ${what}`);
  }
}
