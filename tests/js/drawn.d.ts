/** What a view has drawn: it leaves the numbers on its elements, where the browser tests read them. */
interface Element {
  drawn?: any;
  leaks?: number[];
}
