import { AwsFault } from "../../front/aws-fault.js";
import { optional, shape, text, whole } from "../input.js";
import { marker } from "../members.js";
import { anywhere, defineOperation } from "../operation.js";
import { pageOf } from "../paging.js";

export const describeCustomKeyStores = defineOperation({
  name: "DescribeCustomKeyStores",
  input: shape({
    CustomKeyStoreId: optional(text(1, 64)),
    CustomKeyStoreName: optional(text(1, 256)),
    Limit: optional(whole(1, 1000)),
    Marker: optional(marker),
  }),
  uses: () => [],
  permissions: () => anywhere("kms:DescribeCustomKeyStores"),
  async run(input, _keys, { stores, caller, region }) {
    const { CustomKeyStoreId: id, CustomKeyStoreName: name } = input;
    const own = stores
      .list()
      .filter((store) => store.accountId === caller.account.id && store.region === region)
      .filter((store) => (id === undefined || store.id === id) && (name === undefined || store.name === name));
    if (own.length === 0 && (id ?? name) !== undefined) return new AwsFault("CustomKeyStoreNotFoundException");
    const page = pageOf(own, input, (store) => store.id, 10);
    if (page instanceof AwsFault) return page;
    const CustomKeyStores = page.items.map((store) => ({
      CustomKeyStoreId: store.id,
      CustomKeyStoreName: store.name,
      CustomKeyStoreType: store.type,
      ConnectionState: store.connected ? "CONNECTED" : "DISCONNECTED",
      CreationDate: store.createdAt / 1000,
      ...store.details,
    }));
    return { body: { CustomKeyStores, ...page.paging } };
  },
});
