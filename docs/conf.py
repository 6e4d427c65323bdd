"""Settings of Sphinx."""

from importlib.metadata import version as version_of
from pathlib import Path

project = "levensloop"
author = "The levensloop developers"
copyright = author
version = release = version_of("levensloop")

extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.viewcode",
    "numpydoc",
    "myst_nb",
]
html_theme = "furo"
html_title = f"levensloop {release}"
html_copy_source = False
exclude_patterns = ["_build", "jupyter_execute", "api/generated/README.md"]

# Documents are built without a network: types of other libraries stay text, and are no broken links.
nitpick_ignore_regex = [
    (
        r"py:.*",
        r"(pa|pyarrow|pd|pandas|np|npt|numpy|matplotlib|nx|networkx)\..*",
    ),  # no link without their inventories
    (
        r"py:.*",
        r"(collections|contextlib|dataclasses|datetime|pathlib|typing)\..*",
    ),  # the standard library's likewise
    (
        r"py:.*",
        r"(Path|Figure|Axes|.*LifeCourse|date|Any|Self|Ints|Bools|Mask|NDArray|P|levensloop\.authoring\.P|levensloop\.arrays\.Made|levensloop\.cutting\.(Part|Behind)|levensloop\.glossaries\.Glossary|levensloop\.reports\.unpacking\.Place)",
    ),  # names as annotations in quotes write them
]

autosummary_generate = True
autodoc_typehints = "signature"
autodoc_member_order = "bysource"
numpydoc_show_class_members = False  # members stand below the class, with their own docstrings
numpydoc_class_members_toctree = False
templates_path = ["_templates"]

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
nb_execution_mode = "cache"
nb_execution_raise_on_error = True
nb_execution_timeout = 300
nb_execution_show_tb = True
# A notebook runs in the root of the project, where data/sample is.
nb_execution_in_temp = False
nb_merge_streams = True
root = Path(__file__).parents[1]
