import { Card } from "../../ui/card.js";
import { Block } from "../../ui/copy.js";

/** Before support has activated it there is nothing to set. */
export function NotActivated({ name, id }: { readonly name: string; readonly id: string }) {
  const request = `Please activate Enterprise Key Management for our account.\n\nAccount: ${name}\nAccount id: ${id}\n`;
  return (
    <Card title="Not activated for your account">
      <p>
        Your backups are encrypted under our own key (Cloud Key Management). With Enterprise Key Management they are encrypted
        under a key in your AWS account: while you withhold it, nobody restores anything, we neither.
      </p>
      <p>
        Support activates it for an account. Ask them, with this text for instance; the settings appear here as soon as it is
        done.
      </p>
      <Block text={request} what="the request to support" />
    </Card>
  );
}
