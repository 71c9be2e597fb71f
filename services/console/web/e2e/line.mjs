// The line between the browser and the console: a relay of bytes that can be cut and mended.
import { connect, createServer } from "node:net";

export class Line {
  #target;
  #server;
  #sockets = new Set();

  constructor(target) {
    this.#target = new URL(target);
  }

  /** Begins to relay; the address under which the browser reaches the console. */
  async open() {
    await this.#listen(0);
    return this.url;
  }

  get url() {
    return `http://${this.#target.hostname}:${this.port}`;
  }

  /** Everything on the line breaks off, and nobody answers any more. */
  async cut() {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  mend() {
    return this.#listen(this.port);
  }

  #listen(port) {
    this.#server = createServer((near) => {
      const far = connect(Number(this.#target.port), "127.0.0.1");
      for (const [socket, other] of [
        [near, far],
        [far, near],
      ]) {
        this.#sockets.add(socket);
        socket.on("close", () => {
          this.#sockets.delete(socket);
          other.destroy();
        });
        // What broke is closed, and told by that.
        socket.on("error", () => other.destroy());
        socket.pipe(other);
      }
    });
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(port, "127.0.0.1", () => {
        this.port = this.#server.address().port;
        resolve();
      });
    });
  }
}
