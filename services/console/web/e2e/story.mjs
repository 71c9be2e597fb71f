// What a script of journeys says while it runs, and what it leaves behind when a step fails.
import assert from "node:assert/strict";

export class Story {
  #browser;
  #folder;
  #people = [];
  #began = Date.now();

  constructor(browser, folder) {
    this.#browser = browser;
    this.#folder = folder;
  }

  say(what) {
    console.log(`  ${what}`);
  }

  /** Somebody whose pages are looked at when something fails. */
  met(person) {
    this.#people.push(person);
    return person;
  }

  async step(what, run) {
    const began = Date.now();
    try {
      const result = await run();
      console.log(`${what} (${Date.now() - began} ms)`);
      return result;
    } catch (error) {
      error.message = `${what}: ${error.message}`;
      throw error;
    }
  }

  /** No error of a script, nothing forbidden, no request without an answer, no answer that is an error. */
  nothingWentWrong() {
    assert.deepEqual(
      this.#people.flatMap(({ watch }) => watch.problems),
      [],
    );
  }

  /** Runs it all; a failure leaves a picture of every page, and what the browser's console said. */
  async tell(run) {
    try {
      await run();
      console.log(`all of it in ${((Date.now() - this.#began) / 1000).toFixed(1)} s`);
    } catch (error) {
      process.exitCode = 1;
      console.error(error.stack ?? error);
      await this.#picture();
    } finally {
      await this.#browser.close();
    }
  }

  async #picture() {
    for (const { name, context, watch } of this.#people) {
      for (const problem of watch.problems) console.error(`problem: ${problem}`);
      for (const line of watch.said.slice(-20)) console.error(`${name}'s console: ${line}`);
      for (const [number, page] of context.pages().entries()) {
        const path = `${this.#folder}/failed-${name}-${number}.png`;
        const taken = await page.screenshot({ path, timeout: 20_000 }).then(
          () => path,
          (why) => `no picture: ${why.message}`,
        );
        console.error(`${name} at ${page.url()}: ${taken}`);
      }
    }
  }
}
