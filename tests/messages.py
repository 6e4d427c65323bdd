"""The sentences that faults are made of, found in the sources: as templates, with empty braces for their values."""

import ast
import re
from pathlib import Path

SOURCES = Path(__file__).parents[1] / "src" / "levensloop"
#: No command reads rules of one's own, so their faults are never printed.
RULES = ("rule.py", "rulechecks.py", "rulefiles.py", "calendars.py")
#: Of each function that makes a fault: which of its arguments are words, and the section where their Dutch stands.
MAKERS = {
    "Fault": {"file": 0, "message": 4, "hint": 5},
    "whole": {"message": 2, "hint": 3},
    "bad": {"message": 2, "hint": 3},
    "add": {"message": 1, "hint": 2, "detail": 4},
    "fault": {"detail": 6},
    "_is": {"sort": 4},
}
#: They pass on what they are given, and add no words.
PASSING = ("whole", "bad", "add")
_VALUES = re.compile(r"(\{\w*\})+")


def bare(template):
    """A template without the names of its values."""
    return _VALUES.sub("{}", template)


def said():
    """What faults say: the section, a template, and the file where it stands."""
    found = set()
    for path in sorted(SOURCES.rglob("*.py")):
        if path.name not in RULES:
            finder = _Finder()
            finder.visit(ast.parse(path.read_text("utf-8")))
            found |= {(*one, path.relative_to(SOURCES).as_posix()) for one in finder.found}
    return found


class _Finder(ast.NodeVisitor):
    def __init__(self):
        self.found = []
        self.names = {}
        self.function = ""

    def visit_FunctionDef(self, node):
        outer = self.names, self.function
        self.names, self.function = {**self.names}, node.name
        for arg in (*node.args.args, *node.args.kwonlyargs):
            self.names.pop(arg.arg, None)
        for part in ast.walk(node):
            self._named(part)
        self.generic_visit(node)
        self.names, self.function = outer

    def _named(self, node):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                self.names[name] = self.names.get(name, set()) | self.says(value)
            case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)):
                for name, value in zip(names, values, strict=True):
                    self._named(ast.Assign(targets=[name], value=value))
            case ast.AugAssign(target=ast.Name(id=name), op=ast.Add(), value=value):
                said = self.names.get(name, {"{}"})
                self.names[name] = said | _joined([said, self.says(value)])

    def visit_Call(self, node):
        self.generic_visit(node)
        called = getattr(node.func, "id", getattr(node.func, "attr", ""))
        given = {word.arg: word.value for word in node.keywords}
        if called == "append" and self.function == "problems":
            _, message, hint = node.args[0].elts
            self._note("message", message)
            self._note("hint", hint)
        # A set takes one thing and a sum two: neither makes a fault.
        if (
            self.function in PASSING
            or called not in MAKERS
            or (called in ("add", "whole") and len(node.args) < 3)
        ):
            return
        for section, place in MAKERS[called].items():
            positional = node.args[place] if place < len(node.args) and "reject" not in given else None
            if (value := given.get(section, positional)) is not None:
                self._note(section, value)

    def visit_Dict(self, node):
        """Pairs of a message and a hint, by their code."""
        self.generic_visit(node)
        for value in node.values:
            match value:
                case ast.Tuple(elts=[ast.Constant(value=str(text)) as message, hint]) if " " in text:
                    self._note("message", message)
                    self._note("hint", hint)

    def visit_Raise(self, node):
        """What is wrong with a format of dates is passed on."""
        self.generic_visit(node)
        if self.function == "pattern_of":
            self._note("message", node.exc.args[0])

    def _note(self, section, node):
        self.found += [(section, template) for template in self.says(node) if template]

    def says(self, node):
        """What an expression can say."""
        found = {"{}"}
        match node:
            case ast.Constant(value=str(text)):
                found = {text}
            case ast.JoinedStr(values=parts):
                found = _joined([self.says(part) for part in parts])
            case ast.BinOp(op=ast.Add(), left=left, right=right):
                found = _joined([self.says(left), self.says(right)])
            case ast.BoolOp(values=choices):
                found = set().union(*map(self.says, choices))
            case ast.IfExp(body=body, orelse=orelse):
                found = self.says(body) | self.says(orelse)
            case ast.Name(id=name):
                found = self.names.get(name, found)
            case ast.Call(func=ast.Name(id="closest")):
                found = {"did you mean {}?", ""}
            case _:
                pass
        return found


def _joined(parts):
    whole = {""}
    for choices in parts:
        whole = {bare(first + then) for first in whole for then in choices}
    return whole
