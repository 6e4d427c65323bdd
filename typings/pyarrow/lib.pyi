# pyarrow comes without types, and makes many names at run time: all of it is Any to the checker.
from typing import Any

def __getattr__(name: str) -> Any: ...
