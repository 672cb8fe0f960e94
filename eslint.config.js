import js from "@eslint/js";
import globals from "globals";

export default [
  { ignores: [".venv/", "build/", "dist/"] },
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
