import { storeContract } from "@ekm/ekm/testing";
import { openTemporary } from "./support.js";

storeContract("SQLite", () => openTemporary());
