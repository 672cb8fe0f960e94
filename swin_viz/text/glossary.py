"""The words of the field that the app uses, in the order in which one meets them: each with the screen that shows it.

Their names and meanings are in `glossary.toml` of each language, under `term_<id>` and `means_<id>`; the id is also the
anchor on the glossary's page, which the written tour links to: /glossary#window.
"""

TERMS = {  # id → screen
    "token": "windows",
    "patch": "patches",
    "channels": "merging",
    "block": "block",
    "stage": "merging",
    "window": "windows",
    "wmsa": "windows",
    "swmsa": "shift",
    "padding": "windows",
    "region": "mask",
    "mask": "mask",
    "head": "attention",
    "qkv": "pairs",
    "score": "pairs",
    "bias": "bias",
    "softmax": "pairs",
    "weight": "attention",
    "logits": "attention",
    "residual": "block",
    "receptive": "shift",
    "rollout": "attention",
    "entropy": "attention",
    "merging": "merging",
    "macs": "cost",
    "parameters": "cost_model",
}
