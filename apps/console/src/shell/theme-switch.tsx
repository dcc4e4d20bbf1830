import { useEffect, useState } from "react";
import { Button } from "../ui/button.js";

type Theme = "light" | "dark";

const KEY = "ekm-console-theme";
const asked = (): Theme | null => {
  const kept = localStorage.getItem(KEY);
  return kept === "light" || kept === "dark" ? kept : null;
};
const preferred = (): Theme => (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");

/** As the system prefers, until the reader says otherwise. */
export function ThemeSwitch() {
  const [theme, setTheme] = useState<Theme>(() => asked() ?? preferred());
  useEffect(() => {
    document.documentElement.dataset["theme"] = theme;
  }, [theme]);
  const other = theme === "dark" ? "light" : "dark";
  const change = () => {
    localStorage.setItem(KEY, other);
    setTheme(other);
  };
  return (
    <Button small onPress={change} aria-label={`Use the ${other} theme`}>
      <span aria-hidden="true">{theme === "dark" ? "☀" : "☾"}</span>
    </Button>
  );
}
