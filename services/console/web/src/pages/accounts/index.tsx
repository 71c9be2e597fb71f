/** `#/accounts`: everybody's, for administrators. `#/account`: one's own. */
import { useLocation } from "wouter";
import { Everybody } from "./Everybody";
import { Own } from "./Own";

export default function AccountsPage() {
  const [path] = useLocation();
  return path === "/accounts" ? <Everybody /> : <Own />;
}
