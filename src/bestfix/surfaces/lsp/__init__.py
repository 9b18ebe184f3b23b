"""The language server: fixes as code actions in any editor that speaks LSP."""
