import type { EkmSettingsFragment } from "@ekm/client";
import { useGrantTemplateQuery } from "@ekm/client/react";
import { Tab, TabList, TabPanel, Tabs } from "react-aria-components/Tabs";
import { Shown } from "../../reading/shown.js";
import { useReading } from "../../reading/use-reading.js";
import { Block, Value } from "../../ui/copy.js";
import { Facts } from "../../ui/facts.js";

const FORMS = [
  ["statements", "Policy statements", "Add these to the policy of a key that you have."],
  ["keyPolicy", "Whole policy", "The whole key policy, for a new key."],
  ["cloudFormation", "CloudFormation", "A stack that makes the key with its policy."],
  ["terraform", "Terraform", "The key with its policy, for your configuration."],
  ["awsCli", "AWS CLI", "Commands that make the key with its policy."],
] as const;

interface Props {
  readonly ekm: EkmSettingsFragment;
  /** Put into the template once it is known. */
  readonly arn: string | null;
}

/** What the owner of the key puts into AWS. */
export function GrantStep({ ekm, arn }: Props) {
  const reading = useReading(useGrantTemplateQuery({ variables: arn === null ? {} : { keyArn: arn } }));
  return (
    <>
      <p>
        In your own AWS account, take a symmetric key of AWS KMS and let our principal use it, for backups of this account only.
      </p>
      <Facts
        rows={[
          ["Our AWS account", <Value key="id" text={ekm.vendorAwsAccountId} what="our AWS account id" />],
          ["Our principal", <Value key="arn" text={ekm.vendorPrincipalArn} what="our principal's ARN" />],
        ]}
      />
      <Shown reading={reading} loading="Reading the policy">
        {({ account }) => {
          const template = account?.ekm?.grantTemplate;
          if (template === undefined) return null;
          return (
            <Tabs className="tabs">
              <TabList className="tab-list" aria-label="Forms of the policy">
                {FORMS.map(([id, name]) => (
                  <Tab key={id} id={id} className="tab">
                    {name}
                  </Tab>
                ))}
              </TabList>
              {FORMS.map(([id, name, use]) => (
                <TabPanel key={id} id={id} className="stack">
                  <p className="muted">{use}</p>
                  <Block text={template[id]} what={name} />
                </TabPanel>
              ))}
            </Tabs>
          );
        }}
      </Shown>
    </>
  );
}
