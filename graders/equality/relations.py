"""When two equations or inequalities say the same: the same solutions in the domains of their symbols.

1. What is always or never so, is found out; increasing functions around the symbols are undone (`undoing`).
2. Rational functions of one real symbol are solved exactly (`solutions`).
3. Atoms are the same if their functions are, up to a factor (a positive one for inequalities), or if their zeros and
   signs are the same (`polynomials`). Several conditions are matched one by one.
4. A point at which certainly only one holds shows that they differ (`witnesses`). Else it is undecided.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from fractions import Fraction

from app.domain.language.tree import Binary, Call, Name, Node, Unary, distinct, free_names, map_tree, walk
from graders.equality.affine import affine_parts
from graders.equality.conditions import (
    MOST_ATOMS,
    Atom,
    Condition,
    Joined,
    NotACondition,
    atoms_of,
    condition_of,
    product_of,
    simplified,
    tree_of,
)
from graders.equality.expressions import Verdict, is_real
from graders.equality.isolating import isolated
from graders.equality.linear_systems import same_system
from graders.equality.modular import NotRational
from graders.equality.objectives import same_up_to
from graders.equality.polynomials import Likeness, likeness
from graders.equality.sampled import with_few_terms
from graders.equality.sampling import points
from graders.equality.single_points import states_values
from graders.equality.solutions import same_solutions
from graders.equality.splitting import split
from graders.equality.substitution import number
from graders.equality.undoing import decided, has_value, is_positive, undone
from graders.equality.witnesses import difference_between
from graders.evaluation.balls import Field, NoValue, Real
from graders.evaluation.complex_balls import Complex
from graders.evaluation.floats import NotAFormula
from graders.evaluation.precise import BITS, evaluate_precisely, holds
from graders.evaluation.precise_functions import sign_of

Same = Callable[[Node, Node, Collection[str]], Verdict]
"""Whether two formulas are the same up to something."""

_UNDECIDED = Verdict("undecided", "Whether both have the same solutions is not certain.")
_MULTIPLE = "They have the same solutions, but not all of them with the same multiplicity."
_ALIKE = Verdict("equal", "Both say the same.")
MOST_FACTORS = 4
"""Positive factors that are tried."""

_ZERO = number(Fraction(0))


def same_relation(reference: Node, answer: Node, domains: Mapping[str, str], same: Same, plain: bool) -> Verdict:
    """Whether two equations, inequalities, or conditions made of such have the same solutions.

    `same` compares the functions in them; `plain` says that all are formulas of single numbers.
    """
    try:
        one, other = condition_of(reference), condition_of(answer)
    except NotACondition:
        return Verdict("undecided", "One of them is not a condition that can be compared here.")
    if sum(1 for condition in (one, other) for _ in atoms_of(condition)) > MOST_ATOMS:
        return Verdict("undecided", "These are too many conditions to be compared.")
    try:
        few = with_few_terms(domains, [*walk(reference), *walk(answer)])
        judge = _Judge(few, same, is_real(reference, answer, domains)) if plain else _Judge({}, same, True)
        found = judge.plainly(one, other) if plain else judge.matched(one, other) or _UNDECIDED
        sides = [side for whole in (one, other) for atom in atoms_of(whole) for side in (atom.left, atom.right)]
        if plain and found.verdict == "equal" and states_values(distinct(*sides), domains):
            # No solution that was tried need be where a formula inside states a value of its own.
            return found if judge.are_exactly_alike(one, other) else _UNDECIDED
        return found
    except NotAFormula:
        return Verdict("undecided", "One of them is not a condition that can be compared here.")


class _Judge:
    def __init__(self, domains: Mapping[str, str], same: Same, real: bool) -> None:
        self.domains = domains
        self.same = same
        self.real = real

    def plainly(self, one: Condition, other: Condition) -> Verdict:
        as_written = one, other
        one, other = simplified(one, self._settled), simplified(other, self._settled)
        if isinstance(one, bool) and isinstance(other, bool):
            if one == other:
                return Verdict("equal", f"Both are {'always' if one else 'never'} so.")
            return Verdict(
                "different", "Yours always holds, but should not." if other else "Yours never holds, but should."
            )
        names = self.domains.keys() & (free_names(tree_of(one)) | free_names(tree_of(other)))
        used = {name: self.domains[name] for name in sorted(names)}
        if self.real and len(used) == 1:
            for first, second in ((one, other), as_written):
                try:
                    found = same_solutions(first, second, *used.copy().popitem())
                    return found if found.verdict == "different" else self._unless_multiple(first, second, found)
                except NotRational:
                    pass
        matched = self.matched(one, other)
        if matched is None and (one, other) != as_written:
            matched = self.matched(*as_written)
        if matched is None and self.real:
            pieces = split(as_written[0], self.domains), split(as_written[1], self.domains)
            if pieces[0] is not as_written[0] or pieces[1] is not as_written[1]:
                matched = self.matched(*pieces)
        if matched is not None:
            return matched
        system = same_system(*as_written, used) if self.real else None
        if system == "equal":
            return Verdict("equal", "Both have the same solutions.")
        if system == "different":
            return Verdict("different", "They hold for different values.")
        # Equations of complex numbers: real solutions alone would say too little.
        widened = used if self.real else dict.fromkeys(used, "complex")
        one, other = product_of(one), product_of(other)
        says = difference_between(one, other, widened, self.real)
        if says:
            return Verdict("different", says)
        return _ALIKE if self.real and self._same_in_the_complex(one, other, used) else _UNDECIDED

    def are_exactly_alike(self, one: Condition, other: Condition) -> bool:
        """Whether both compare the same function with zero, single points included; an equation also its opposite."""
        if not isinstance(one, Atom) or not isinstance(other, Atom) or one.op != other.op:
            return False
        left, right = one.difference, other.difference
        opposites = (right, Unary("-", right)) if one.op in ("==", "!=") else (right,)
        return any(self.same(left, side, ()).verdict == "equal" for side in opposites)

    def _same_in_the_complex(self, one: Condition, other: Condition, used: Mapping[str, str]) -> bool:
        """Whether two equations are the same where roots of negative numbers have values too.

        They may then differ only in points where one of them has no value, and such a point would have been found.
        """
        if not isinstance(one, Atom) or not isinstance(other, Atom) or (one.op, other.op) != ("==", "=="):
            return False
        widened = dict.fromkeys(used, "complex")
        return same_up_to(one.difference, other.difference, widened, ("factor",)).verdict == "equal"

    def _unless_multiple(self, one: Condition, other: Condition, verdict: Verdict) -> Verdict:
        """The verdict, unless two equations differ in how often they have their solutions: a person decides."""
        first, second = product_of(one), product_of(other)
        if isinstance(first, Atom) and isinstance(second, Atom) and first.op == second.op == "==":
            shared = likeness(first.difference, second.difference, self.domains)
            if shared.zeros and not shared.powers:
                return Verdict("undecided", _MULTIPLE)
        return verdict

    def _settled(self, atom: Atom) -> Condition:
        """Always, never, or an atom with fewer functions in it."""
        if self.real:
            for simpler in (atom, undone(atom, self.domains)):
                certain = decided(simpler, self.domains)
                if certain is not None:
                    return certain
                atom = simpler
        difference = atom.difference
        if not free_names(difference) & self.domains.keys():
            return self._constant(atom, difference)
        if not has_value(atom.left, self.domains) or not has_value(atom.right, self.domains):
            return atom
        if self.same(atom.left, atom.right, ()).verdict == "equal":
            return atom.op in ("==", "<=")
        if self.same(difference, _ZERO, ("constant",)).verdict == "equal":
            sign = self._sign_somewhere(difference)
            if sign:
                return atom.op == "!=" or (atom.op != "==" and sign < 0)
        return atom

    def _constant(self, atom: Atom, difference: Node) -> Condition:
        if self.same(difference, _ZERO, ()).verdict == "equal":
            return atom.op in ("==", "<=")
        try:
            return holds(tree_of(atom), {}, self._field())
        except NoValue:
            return atom

    def _field(self) -> Field:
        return Real(BITS) if self.real else Complex(BITS)

    def _sign_somewhere(self, *functions: Node) -> int | None:
        """The sign of a product at some point of the domain where it is certain; 1 or −1."""
        names = frozenset().union(*map(free_names, functions))
        used = {name: domain for name, domain in self.domains.items() if name in names}
        for point in points(used)[:12]:
            result, field = 1, self._field()
            try:
                for function in functions:
                    result *= sign_of(evaluate_precisely(function, point, field), field)
            except (NoValue, NotAFormula):
                continue
            if result:
                return result
        return None

    def _same_when_solved(self, op: str, f: Node, g: Node) -> bool:
        """Whether both can be solved for the same symbol everywhere, with the same result."""
        for name in sorted(self.domains.keys() & free_names(f) & free_names(g)):
            one, other = affine_parts(f, name), affine_parts(g, name)
            if one is None or other is None:
                continue
            signs = [self._sign(parts[0]) for parts in (one, other)]
            if 0 in signs or (op in ("<", "<=") and signs[0] != signs[1]):
                continue
            if self.same(Binary("/", one[1], one[0]), Binary("/", other[1], other[0]), ()).verdict == "equal":
                return True
        return False

    def _same_isolated(self, one: Atom, other: Atom) -> bool:
        """Whether both say the same of a symbol that stands once in each."""
        for name in sorted(self.domains) if self.real else ():
            if name in free_names(one.difference) and name in free_names(other.difference):
                first, second = isolated(one, name, self.domains), isolated(other, name, self.domains)
                if first and second and first[0] == second[0] and self.same(first[1], second[1], ()).verdict == "equal":
                    return True
        return False

    def _same_times_positive(self, f: Node, g: Node) -> bool:
        """Whether one is the other times something positive that stands in them."""
        factors: dict[str, Node] = {}
        for part in (*walk(f), *walk(g)):
            if self.real and isinstance(part, (Call, Name)) and is_positive(part, self.domains):
                factors.setdefault(str(map_tree(part, lambda node: replace(node, span=(0, 0)))), part)
        for factor in list(factors.values())[:MOST_FACTORS]:
            for one, other in ((f, g), (g, f)):
                if self.same(Binary("*", one, factor), other, ("positive factor",)).verdict == "equal":
                    return True
        return False

    def _sign(self, node: Node) -> int:
        """1 or −1 for a factor that has this sign everywhere as its form shows, else 0."""
        turned = isinstance(node, Unary) and node.op == "-"
        inner = node.operand if isinstance(node, Unary) else node
        return (-1 if turned else 1) if self.real and is_positive(inner, self.domains) else 0

    def matched(self, one: Condition, other: Condition) -> Verdict | None:
        """A verdict where the atoms correspond to each other; else None."""
        one, other = product_of(one), product_of(other)
        if isinstance(one, Atom) and isinstance(other, Atom):
            return self.same_atom(one, other)
        if not isinstance(one, Joined) or not isinstance(other, Joined) or one.op != other.op:
            return None
        table = [[self._alike(part, piece) for piece in other.parts] for part in one.parts]
        if all(map(any, table)) and all(map(any, zip(*table, strict=True))):
            return _ALIKE
        return None

    def _alike(self, one: Condition, other: Condition) -> bool:
        found = self.matched(one, other)
        return found is not None and found.verdict == "equal"

    def same_atom(self, one: Atom, other: Atom) -> Verdict | None:
        """A verdict on two atoms where it is certain; else None."""
        if one.op != other.op:
            return None
        f, g = one.difference, other.difference
        directed = one.op in ("<", "<=")
        if self.same(f, g, ("positive factor" if directed else "factor",)).verdict == "equal":
            return _ALIKE
        if self._same_when_solved(one.op, f, g) or self._same_times_positive(f, g) or self._same_isolated(one, other):
            return _ALIKE
        try:
            shared = likeness(f, g, self.domains)
        except NotRational:
            return None
        if not directed:
            return self._same_zeros(shared, f, g)
        sign = self._sign_somewhere(f, g) if shared.signs else 0
        if not sign:
            return None
        return _ALIKE if sign > 0 else Verdict("different", "The direction is the other way round.")

    def _same_zeros(self, shared: Likeness, f: Node, g: Node) -> Verdict | None:
        if shared.zeros:
            return _ALIKE if shared.powers else Verdict("undecided", _MULTIPLE)
        names = free_names(f) | free_names(g)
        if all(self.domains.get(name) == "complex" for name in names):
            return Verdict("different", "They hold for different values.")
        return None
