// Moves units to and fro until it is killed; tells of each move after it was committed.
import { move, open, say } from "./store.mjs";

const [sqlitePath, one, two] = process.argv.slice(2);
const store = await open(sqlitePath);
for (let moves = 1; ; moves += 1) {
  await move(store, moves % 2 ? one : two, moves % 2 ? two : one);
  say({ moves });
}
