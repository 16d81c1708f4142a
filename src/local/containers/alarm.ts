/** Lets one wait until another wakes it, or until a time is over. A call to `wake` before `wait` counts. */
export class Alarm {
  #rung = false;
  #waiting: (() => void) | undefined;

  wake(): void {
    this.#rung = true;
    this.#waiting?.();
  }

  wait(milliseconds: number): Promise<void> {
    if (this.#rung) {
      this.#rung = false;
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#waiting = undefined;
        this.#rung = false;
        resolve();
      };
      const timer = setTimeout(done, milliseconds);
      this.#waiting = done;
    });
  }
}
