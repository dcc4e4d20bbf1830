import { randomBytes } from "node:crypto";
import { AwsFault } from "../../front/aws-fault.js";
import { type Input, oneOf, optional, required, shape, structure, text } from "../input.js";
import { anywhere, defineOperation } from "../operation.js";

const input = shape({
  CustomKeyStoreName: required(text(1, 256)),
  CustomKeyStoreType: optional(oneOf(["AWS_CLOUDHSM", "EXTERNAL_KEY_STORE"])),
  CloudHsmClusterId: optional(text(19, 24, "cluster-[2-7a-zA-Z]{11,16}")),
  TrustAnchorCertificate: optional(text(1, 5000)),
  KeyStorePassword: optional(text(7, 32)),
  XksProxyUriEndpoint: optional(text(10, 128, "^https://[a-zA-Z0-9.-]+$")),
  XksProxyUriPath: optional(text(10, 128, "^(/[a-zA-Z0-9\\/_-]+/kms/xks/v\\d{1,2})$|^(/kms/xks/v\\d{1,2})$")),
  XksProxyVpcEndpointServiceName: optional(text(20, 64)),
  XksProxyConnectivity: optional(oneOf(["PUBLIC_ENDPOINT", "VPC_ENDPOINT_SERVICE"])),
  XksProxyAuthenticationCredential: optional(
    structure(shape({ AccessKeyId: required(text(20, 30)), RawSecretAccessKey: required(text(43, 64)) })),
  ),
});

/** Nothing behind it is checked: the cluster or proxy is whatever `externalKey` of the control interface says. */
export const createCustomKeyStore = defineOperation({
  name: "CreateCustomKeyStore",
  input,
  uses: () => [],
  permissions: () => anywhere("kms:CreateCustomKeyStore"),
  async run(given, _keys, { stores, caller, region, clock, events }) {
    const type = given.CustomKeyStoreType ?? "AWS_CLOUDHSM";
    const fault = detailsFault(type, given);
    if (fault) return fault;
    const accountId = caller.account.id;
    const taken = stores
      .list()
      .some((store) => store.accountId === accountId && store.region === region && store.name === given.CustomKeyStoreName);
    if (taken) return new AwsFault("CustomKeyStoreNameInUseException");
    const id = `cks-${randomBytes(9).toString("hex").slice(0, 17)}`;
    const details = type === "AWS_CLOUDHSM" ? clusterDetails(given) : { XksProxyConfiguration: proxyDetails(given) };
    stores.put({
      id,
      accountId,
      region,
      type,
      createdAt: clock.now(),
      name: given.CustomKeyStoreName,
      connected: false,
      details,
    });
    events.change({ subject: "account", id: accountId, change: "CreateCustomKeyStore" });
    return { body: { CustomKeyStoreId: id } };
  },
});

type Given = Input<typeof input>;

function detailsFault(type: string, given: Given): AwsFault | null {
  const needed: (keyof Given)[] =
    type === "AWS_CLOUDHSM"
      ? ["CloudHsmClusterId", "KeyStorePassword", "TrustAnchorCertificate"]
      : ["XksProxyUriEndpoint", "XksProxyUriPath", "XksProxyConnectivity", "XksProxyAuthenticationCredential"];
  const missing = needed.find((name) => given[name] === undefined);
  return missing === undefined
    ? null
    : new AwsFault("ValidationException", `${missing} is required for a custom key store of type ${type}.`);
}

const clusterDetails = ({ CloudHsmClusterId, TrustAnchorCertificate }: Given): Record<string, unknown> => ({
  CloudHsmClusterId,
  TrustAnchorCertificate,
});

const proxyDetails = (given: Given): Record<string, unknown> => ({
  Connectivity: given.XksProxyConnectivity,
  AccessKeyId: given.XksProxyAuthenticationCredential?.AccessKeyId,
  UriEndpoint: given.XksProxyUriEndpoint,
  UriPath: given.XksProxyUriPath,
  VpcEndpointServiceName: given.XksProxyVpcEndpointServiceName,
});
