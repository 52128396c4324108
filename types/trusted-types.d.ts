// Trusted Types (https://w3c.github.io/trusted-types/), which TypeScript's own declarations do not know. What is made is an object that passes for a
// string in the places that ask for it.

interface TrustedTypeRules {
  createHTML?: (text: string) => string;
  createScriptURL?: (address: string) => string | null;
}

declare var trustedTypes: { createPolicy(name: string, rules: TrustedTypeRules): Required<TrustedTypeRules> } | undefined;
