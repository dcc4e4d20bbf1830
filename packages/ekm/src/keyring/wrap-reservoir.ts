import { WRAP_BLOCK } from "../keys/generation.js";
import type { Store } from "../ports/store.js";

/** Rights to data-key wraps, reserved in the database in blocks and shared by all jobs of this process. */
export interface WrapReservoir {
  /** Takes one. False: the generation is closed or full. */
  take(accountId: string, generation: number): Promise<boolean>;
  /** Makes sure that at least one is left, without taking it. False: as above. */
  fill(accountId: string, generation: number): Promise<boolean>;
}

interface Block {
  left: number;
  /** The reservation under way, if any: one at a time per generation. */
  filling: Promise<boolean> | null;
}

/** What a forgotten block leaves unused is lost: it costs a thousandth of a generation. */
const MAX_BLOCKS = 10_000;

export function createWrapReservoir(store: Store): WrapReservoir {
  const blocks = new Map<string, Block>();

  function blockOf(id: string): Block {
    const block = blocks.get(id) ?? { left: 0, filling: null };
    blocks.delete(id);
    blocks.set(id, block);
    const oldest = blocks.size > MAX_BLOCKS ? blocks.keys().next().value : undefined;
    if (oldest !== undefined) blocks.delete(oldest);
    return block;
  }

  async function reserve(block: Block, accountId: string, generation: number): Promise<boolean> {
    try {
      const reserved = await store.transaction((tx) => tx.keys.reserveWraps(accountId, generation, WRAP_BLOCK));
      if (reserved) block.left += WRAP_BLOCK;
      return reserved;
    } finally {
      block.filling = null;
    }
  }

  async function filled(accountId: string, generation: number): Promise<Block | null> {
    const block = blockOf(`${accountId}/${generation}`);
    while (block.left === 0) {
      block.filling ??= reserve(block, accountId, generation);
      if (!(await block.filling)) return null;
    }
    return block;
  }

  return {
    async take(accountId, generation) {
      for (;;) {
        const block = await filled(accountId, generation);
        if (block === null) return false;
        // Others wake up from the same reservation, and may have taken the last one.
        if (block.left === 0) continue;
        block.left--;
        return true;
      }
    },
    fill: async (accountId, generation) => (await filled(accountId, generation)) !== null,
  };
}
