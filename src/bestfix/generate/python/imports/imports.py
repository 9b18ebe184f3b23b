"""Imports that fail: misspelt or moved modules and names, relative imports, and packages that are not installed."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator

from bestfix.core import Applicability, Candidate, Context, Edit, Report
from bestfix.generate.base import repair
from bestfix.generate.python.reading import installed
from bestfix.generate.python.reading.import_site import ImportSite
from bestfix.generate.similar import near

__all__ = ["imported_module", "imported_name", "not_installed", "relative_import"]

_DISTRIBUTIONS = {
    "cv2": "opencv-python", "sklearn": "scikit-learn", "PIL": "pillow", "bs4": "beautifulsoup4", "yaml": "pyyaml",
    "skimage": "scikit-image", "dateutil": "python-dateutil", "dotenv": "python-dotenv", "Crypto": "pycryptodome",
    "serial": "pyserial", "OpenSSL": "pyopenssl", "MySQLdb": "mysqlclient", "psycopg2": "psycopg2-binary",
    "jwt": "pyjwt", "docx": "python-docx", "pptx": "python-pptx", "fitz": "pymupdf", "git": "gitpython",
    "attr": "attrs", "usb": "pyusb", "wx": "wxpython", "gi": "pygobject", "google.cloud": "google-cloud",
    "googleapiclient": "google-api-python-client", "telegram": "python-telegram-bot", "Levenshtein": "levenshtein",
    "magic": "python-magic", "slugify": "python-slugify", "zmq": "pyzmq", "nacl": "pynacl", "umap": "umap-learn",
    "imblearn": "imbalanced-learn", "faiss": "faiss-cpu", "mpl_toolkits": "matplotlib", "pywt": "pywavelets",
    "rest_framework": "djangorestframework", "corsheaders": "django-cors-headers", "ruamel": "ruamel.yaml",
    "pkg_resources": "setuptools", "distutils": "setuptools", "websocket": "websocket-client", "tables": "tables",
    "win32api": "pywin32", "win32com": "pywin32", "graphviz": "graphviz", "speech_recognition": "SpeechRecognition",
    "pandas_datareader": "pandas-datareader", "Bio": "biopython", "lxml": "lxml", "kafka": "kafka-python",
    "haystack": "farm-haystack", "sentence_transformers": "sentence-transformers", "pl_bolts": "lightning-bolts",
    "pytorch_lightning": "pytorch-lightning", "ee": "earthengine-api", "osgeo": "gdal", "shapefile": "pyshp",
}  # fmt: skip
"""The distributions whose packages are imported under another name."""
_IMPORT_NAMES = {
    "scikit_learn": "sklearn", "scikit_image": "skimage", "opencv_python": "cv2", "opencv": "cv2", "pillow": "PIL",
    "Pillow": "PIL", "pil": "PIL", "beautifulsoup4": "bs4", "beautifulsoup": "bs4", "BeautifulSoup": "bs4",
    "BeautifulSoup4": "bs4", "pyyaml": "yaml", "PyYAML": "yaml", "python_dateutil": "dateutil", "pyserial": "serial",
    "python_dotenv": "dotenv", "mysqlclient": "MySQLdb", "pyjwt": "jwt", "PyJWT": "jwt", "python_docx": "docx",
    "pymupdf": "fitz", "gitpython": "git", "attrs": "attr", "scikitlearn": "sklearn", "SciKitLearn": "sklearn",
    "sk_learn": "sklearn", "ski_learn": "sklearn", "imbalanced_learn": "imblearn", "pyopenssl": "OpenSSL",
    "umap_learn": "umap", "pycryptodome": "Crypto", "pywavelets": "pywt", "mpl": "matplotlib", "np": "numpy",
    "pd": "pandas", "plt": "matplotlib.pyplot", "pyplot": "matplotlib.pyplot", "sns": "seaborn",
}  # fmt: skip
"""Names that people import for packages that are imported under another name."""


@repair("ModuleNotFoundError")
def imported_module(report: Report, context: Context) -> Iterator[Candidate]:
    """Import the module that was meant: spelt right, or under the name by which its package is imported.

    Why: module names are mistyped, written in the wrong case, or taken from the name under which they are installed.
    Example: `import matplotlb.pyplot as plt` → `import matplotlib.pyplot as plt`
    Safety: safe; the module is there.
    """
    site = ImportSite.of(report, context)
    if site is None or site.missing is None:
        return
    missing = site.missing
    parent, _, last = missing.rpartition(".")
    usual = _IMPORT_NAMES.get(missing)
    if usual and installed.exists(usual, context):
        yield site.moved(usual, prior=0.95, reason=f"the package is imported as `{usual}`")
    names = installed.submodules(parent) if parent else installed.top_level()
    for match in near(last, [n for n in names if not n.startswith("_")], limit=4, least=0.6):
        module = f"{parent}.{match.name}" if parent else match.name
        if not installed.exists(module, context):
            continue
        prior = _odds(last, match.name, match.score)
        if not parent:
            prior = min(0.985, prior * site.likelihood(match.name))
        reason = f"there is no module `{missing}`, but `{module}`"
        yield Candidate.edit(
            site.source, *site.module_edits(missing, module), *_others(site), reason=reason, prior=prior
        )
    if parent and installed.exists(parent, context):
        yield from _not_a_module(site, parent, last)


def _others(site: ImportSite) -> Iterator[Edit]:
    """Yield the edits of the text's other imports of misspelt modules."""
    for missing in site.other_modules():
        top = missing.partition(".")[0]
        if installed.exists(top, site.context):
            continue
        best = next(iter(near(top, installed.top_level(), limit=1, least=0.7)), None)
        if best is not None and _odds(top, best.name, best.score) >= 0.75:
            yield from site.module_edits(top, best.name)


def _odds(wrong: str, right: str, score: float) -> float:
    if wrong.casefold() == right.casefold():
        return 0.985
    short = min(len(wrong), len(right)) <= 3
    return (0.93 if score >= 0.8 else 0.75 if score >= 0.72 else 0.4) * (0.75 if short else 1.0)


def _not_a_module(site: ImportSite, parent: str, last: str) -> Iterator[Candidate]:
    """Yield the import of something in a module that was written as if it were a module itself."""
    if not installed.offers(parent, last, site.context) or not isinstance(site.node, ast.Import):
        return
    span = site.tree.span(site.node)
    if len(site.node.names) > 1:
        return
    used = any(site.tree.source(n) == f"{parent}.{last}" for n in site.tree.nodes(ast.Attribute))
    asname = site.node.names[0].asname
    line = f"import {parent}" if used else f"from {parent} import {last}" + (f" as {asname}" if asname else "")
    reason = f"`{last}` is no module but a part of `{parent}`"
    yield Candidate.edit(site.source, Edit(span.start, span.end, line), reason=reason, prior=0.93)


@repair("ImportError")
def imported_name(report: Report, context: Context) -> Iterator[Candidate]:
    """Import the name that was meant: spelt right, or from the module that has it.

    Why: names are mistyped, taken for those of a sibling module, or move between releases.
    Example: `from itertools import pi` → `from math import pi`
    Safety: safe; the name is there.
    """
    site = ImportSite.of(report, context)
    match = re.match(
        r"cannot import name '([^']+)' from (?:partially initialized module )?'([^']+)'", report.error.message
    )
    if site is None or match is None or not isinstance(site.node, ast.ImportFrom):
        return
    name, module = match[1], match[2]
    own = [n for n in _names(site, module) if not n.startswith("__")]
    alike = near(name, own, limit=4, least=0.55)
    for found in alike:
        prior = max(_odds(name, found.name, found.score), 0.62 * (found.score >= 0.66))
        yield site.renamed(name, found.name, prior=prior, reason=f"`{module}` has no `{name}`, but `{found.name}`")
    sure = bool(alike) and alike[0].score >= 0.66
    for home, odds in itertools.islice(_homes(name, module, site), 4):
        reason = f"`{name}` is in `{home}`, not in `{module}`"
        yield site.taken_from(name, home, prior=odds * (0.6 if sure else 1.0), reason=reason)


def _names(site: ImportSite, module: str) -> list[str]:
    """Return the names that a module offers, its modules included."""
    live = site.context.module(module)
    names = list(live.attributes()) if live is not None else list(installed.stdlib_names().get(module, ()))
    return [*names, *installed.submodules(module)]


def _homes(name: str, module: str, site: ImportSite) -> Iterator[tuple[str, float]]:
    """Yield the other modules that offer a name: those of the same package, then the standard library's, then more."""
    package = module.partition(".")[0]
    homes = [h for h in installed.homes_in(package, name, site.context) if h != module and "._" not in h]
    for place, home in enumerate(homes[:2]):
        yield home, 0.9 if place == 0 else 0.3
    for home, odds in installed.stdlib_homes(name):
        if home != module:
            yield home, odds * (0.4 if homes else 1.0)
    if not homes:
        for home in installed.third_party_homes(name, site.context):
            if home != module:
                yield home, 0.7


@repair("ImportError")
def relative_import(report: Report, context: Context) -> Iterator[Candidate]:
    """Import the neighbouring file by its name, where a relative import has no package to start from.

    Why: relative imports work only inside packages; a notebook or script is not in one.
    Example: `from .helpers import load` → `from helpers import load`
    Safety: unsafe where no such file is on the path.
    """
    site = ImportSite.of(report, context)
    if site is None or not isinstance(site.node, ast.ImportFrom) or not site.node.level:
        return
    if "relative import" not in report.error.message:
        return
    span = site.tree.span(site.node)
    text = site.tree.source(site.node)
    dots = re.match(r"from\s*([.\s]+)", text)
    if dots is None:
        return
    if site.node.module:
        fixed = f"from {text[dots.end() :]}"
    else:
        fixed = "import " + text[dots.end() :].removeprefix("import").strip(" ()")
    there = site.node.module is not None and installed.exists(site.node.module, context)
    safety = Applicability.SAFE if there else Applicability.UNSAFE
    reason = "a notebook or script is in no package: the relative import has nothing to start from"
    edit = Edit(span.start, span.end, fixed)
    yield Candidate.edit(site.source, edit, reason=reason, prior=0.9 if there else 0.5, applicability=safety)


@repair("ModuleNotFoundError")
def not_installed(report: Report, context: Context) -> Iterator[Candidate]:
    """Say how to install a package that is not there.

    Why: the environment lacks it, or it is installed for another Python.
    Example: `import polars` → `%pip install polars`
    Safety: display only; nothing is installed unasked.
    """
    site = ImportSite.of(report, context)
    if site is None or site.missing is None:
        return
    top = site.missing.partition(".")[0]
    if installed.exists(top, context):
        return
    name = _DISTRIBUTIONS.get(top, top.replace("_", "-"))
    reason = f"`{top}` is not installed: run `%pip install {name}`"
    edit = Edit.insert(0, f"%pip install {name}\n")
    likely = top in _DISTRIBUTIONS or any(
        line.split()[1].partition(".")[0] == top for line in installed.ALIASES.values()
    )
    yield Candidate.advice(site.source, edit, reason=reason, prior=0.9 if likely else 0.5)
