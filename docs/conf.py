"""The documentation site: `make docs` builds it from the pages of this folder, with warnings as errors."""

from bestfix import __version__

project = "bestfix"
author = "The bestfix developers"
copyright = author  # noqa: A001 - Sphinx's own name
release = version = __version__

extensions = ["myst_parser", "sphinx_copybutton"]
myst_enable_extensions = ["deflist"]
myst_heading_anchors = 3

html_theme = "furo"
html_title = "bestfix"
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#1a7f37", "color-brand-content": "#1a7f37"},
    "dark_css_variables": {"color-brand-primary": "#3fb950", "color-brand-content": "#3fb950"},
}
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True
copybutton_only_copy_prompt_lines = True
