import js from "@eslint/js";
import globals from "globals";

const CLEAN = ["kit/**/*.js", "attention/*.js", "pairs/*.js"].map((name) => `swin_viz/browser/${name}`); // grows to all

export default [
  { ignores: [".venv/", "build/", "dist/"] },
  { ignores: ["swin_viz/browser/**/*.js", ...CLEAN.map((name) => `!${name}`)] },
  js.configs.recommended,
  {
    rules: {
      "max-len": ["error", { code: 120 }],
      "max-lines-per-function": ["error", { max: 30 }],
      "prefer-const": ["error", { destructuring: "all" }],
      "no-var": "error",
      eqeqeq: "error",
    },
  },
  { files: ["swin_viz/browser/**"], languageOptions: { globals: globals.browser } },
  { files: ["tests/js/**", "*.js"], languageOptions: { globals: globals.node } },
];
