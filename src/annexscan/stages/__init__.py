"""The cascade's stages: terms, linear, transformer, facts, stack, evidence; each a module of its own."""
