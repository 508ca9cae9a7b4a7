"""Writes expression-values.json: operations and densities with derivatives to 50 digits, by mpmath. Run: python3 exact-values.py"""

import json
import os
from random import Random

from mpmath import mp, mpf, diff, log, exp, pi, sqrt, loggamma, digamma, erf, erfc, tanh, expm1, log1p

mp.dps = 50


def number(x):
    return float(x)


def normal_cdf(x):
    return erfc(-x / sqrt(2)) / 2


FUNCTIONS = {
    "exp": (exp, [-700, -20.5, -1, -1e-9, 0, 0.3, 1, 10.25, 300]),
    "log": (log, [1e-100, 1e-9, 0.1, 0.99999, 1, 1.0000001, 2, 10, 1e10, 1e300]),
    "log1p": (log1p, [-0.999, -0.5, -1e-8, 1e-16, 1e-8, 0.1, 1, 3, 100, 1e12]),
    "expm1": (expm1, [-40, -1, -0.35, -1e-8, 1e-12, 0.2, 0.36, 1, 5, 100]),
    "sqrt": (sqrt, [1e-100, 0.1, 1, 2, 1e10]),
    "tanh": (tanh, [-30, -10, -3, -0.5, -1e-7, 1e-3, 0.3, 1, 5, 19, 25]),
    "sigmoid": (lambda x: 1 / (1 + exp(-x)), [-700, -30, -2, -1e-5, 0, 1, 3, 20, 40]),
    "softplus": (lambda x: log1p(exp(x)), [-700, -30, -2, -0.1, 0, 1, 3, 20, 40, 700]),
    "lgamma": (lambda x: loggamma(x).real, [1e-10, 0.01, 0.5, 1, 1.0001, 1.5, 2, 2.001, 3.7, 7.9, 8, 8.1, 50, 1e6]),
    "digamma": (digamma, [1e-6, 0.1, 1, 1.4616321449683622, 1.4617, 2, 7.99, 8.01, 30, 1e5]),
    "erf": (erf, [-5, -1, -0.75, -0.3, -1e-9, 0, 1e-5, 0.5, 0.76, 1, 2, 4, 6]),
    "normalCdf": (normal_cdf, [-35, -10, -3, -1, -0.1, 0, 0.1, 1, 3, 8]),
    "logNormalCdf": (lambda x: log(normal_cdf(x)), [-1000, -100, -38, -10, -3, -1, -0.1, 0, 0.1, 1, 3, 8]),
}


# Ranges of more points, drawn at random: of x, or of its logarithm where the range begins above 0.
RANGES = {
    "exp": (-20, 20), "log": (1e-8, 1e8), "log1p": (-0.9, 30), "expm1": (-5, 5), "sqrt": (1e-8, 1e8),
    "tanh": (-6, 6), "sigmoid": (-30, 30), "softplus": (-30, 30), "lgamma": (1e-4, 1e4), "digamma": (1e-4, 1e4),
    "erf": (-4, 4), "normalCdf": (-9, 6), "logNormalCdf": (-50, 6),
}  # fmt: skip


def lg(x):
    return loggamma(x).real


def square(y, m, s):
    return ((y - m) / s) ** 2 / 2


LOG_2PI = lambda: log(2 * pi)

# Terms of each density as an energy, for numbers; a pair is a product, whose slopes are terms of their own.
LAWS = {
    "normal": lambda y, m, s: [square(y, m, s), log(s), LOG_2PI() / 2],
    "student": lambda y, n, m, s: [
        *(((n + 1) / 2, log1p(((y - m) / s) ** 2 / n)), lg(n / 2), -lg((n + 1) / 2), log(s), log(pi * n) / 2)
    ],
    "cauchy": lambda y, m, s: [log1p(((y - m) / s) ** 2), log(s), log(pi)],
    "halfNormal": lambda y, s: [square(y, 0, s), log(s), log(pi / 2) / 2],
    "halfStudent": lambda y, n, s: [*LAWS["student"](y, n, mpf(0), s), -log(2)],
    "halfCauchy": lambda y, s: [log1p((y / s) ** 2), log(s), log(pi / 2)],
    "lognormal": lambda y, m, s: [square(log(y), m, s), log(y), log(s), LOG_2PI() / 2],
    "gamma": lambda y, a, b: [(1 - a, log(y)), b * y, lg(a), (-a, log(b))],
    "inverseGamma": lambda y, a, b: [(a + 1, log(y)), b / y, lg(a), (-a, log(b))],
    "beta": lambda y, a, b: [(1 - a, log(y)), (1 - b, log1p(-y)), lg(a), lg(b), -lg(a + b)],
    "exponential": lambda y, b: [b * y, -log(b)],
    "uniform": lambda y, a, b: [log(b - a)],
    "laplace": lambda y, m, s: [abs(y - m) / s, log(2 * s)],
    "logistic": lambda y, m, s: [abs(y - m) / s, 2 * log1p(exp(-abs(y - m) / s)), log(s)],
    "bernoulliLogit": lambda y, x: [log1p(exp(-x if y == 1 else x))],
    "binomialLogit": lambda y, n, x: [n * log1p(exp(x)), -y * x, -lg(n + 1), lg(y + 1), lg(n - y + 1)],
    "poissonLog": lambda y, x: [exp(x), -y * x, lg(y + 1)],
    "negativeBinomial": lambda y, a, b: [lg(a), lg(y + 1), -lg(y + a), (y + a, log1p(b)), (-a, log(b))],
    "negativeBinomial2": lambda y, m, f: [
        *(lg(f), lg(y + 1), -lg(y + f), (y + f, log(m + f)), -y * log(m), (-f, log(f)))
    ],
}


def by_entry(law):
    """The terms of a law whose arguments are numbers or lists of one length."""

    def terms(*args):
        count = max([len(a) for a in args if isinstance(a, list)], default=1)
        rows = [[a[k] if isinstance(a, list) else a for a in args] for k in range(count)]
        return [term for row in rows for term in law(*row)]

    return terms


def solved(l, b):
    z = []
    for i in range(len(b)):
        z.append((b[i] - sum(l[i][k] * z[k] for k in range(i))) / l[i][i])
    return z


def solved_transposed(l, b):
    n = len(b)
    turned = [[l[n - 1 - j][n - 1 - i] for j in range(n)] for i in range(n)]
    return solved(turned, b[::-1])[::-1]


def factor(a):
    n = len(a)
    l = [[mpf(0)] * n for _ in range(n)]
    for i in range(n):
        for j in range(i + 1):
            rest = a[i][j] - sum(l[i][k] * l[j][k] for k in range(j))
            l[i][j] = sqrt(rest) if i == j else rest / l[j][j]
    return l


def log_sum_exp(x):
    most = max(x)
    return [most, log(sum(exp(v - most) for v in x))]


def lkj(l, eta):
    n = len(l)
    terms = [-(n - k - 3 + 2 * eta) * log(l[k][k]) for k in range(1, n)]
    for k in range(1, n):
        terms += [mpf(k) / 2 * log(pi), lg(eta + mpf(n - 1 - k) / 2), -lg(eta + mpf(n - 1) / 2)]
    return terms


def multi_normal(y, m, l):
    z = solved(l, [a - b for a, b in zip(y, m)])
    return [*[v * v / 2 for v in z], *[log(l[i][i]) for i in range(len(y))], len(y) * LOG_2PI() / 2]


def categorical(y, logits):
    rows = logits if isinstance(logits[0], list) else [logits] * len(y)
    return [term for k, row in zip(y, rows) for term in [*log_sum_exp(row), -row[int(k)]]]


VECTOR_LAWS = {
    "multiNormalCholesky": multi_normal,
    "lkjCorrCholesky": lkj,
    "dirichlet": lambda x, a: [*[(1 - b) * log(v) for v, b in zip(x, a)], *[lg(b) for b in a], -lg(sum(a))],
    "categoricalLogit": categorical,
}

# Arguments of densities, and how many of the first are data: numbers, vectors, and the edges of their domains.
DENSITIES = [
    ("normal", [[1.3, 0.2, 2.5], [-30, 4, 0.01], [[1.5, -2, 0.1], 0.3, [0.5, 1e-3, 40]], [1e8, 0, 1]], 0),
    ("student", [[1.5, 4, 0.5, 2], [-200, 0.7, 1, 0.3], [[0.1, 3], 1e6, 0.2, [1, 0.01]], [2, 1e-3, 0, 1]], 0),
    ("cauchy", [[2.5, -1, 0.7], [[1e6, -3, 0.25], [0, 1, 2], 1e-4]], 0),
    ("halfNormal", [[0.8, 2.5], [[1e-9, 3], 0.1]], 0),
    ("halfStudent", [[0.8, 3, 2.5], [[1e-9, 40], 0.5, [1, 0.1]]], 0),
    ("halfCauchy", [[3, 2.5], [[1e-9, 1e7], [0.5, 2]]], 0),
    ("lognormal", [[2.5, 0.3, 0.8], [[1e-100, 1e100, 1], 0.5, 3]], 0),
    ("gamma", [[1.7, 2.5, 0.8], [1e-5, 0.4, 30], [[1e-100, 50], 1, [2, 0.1]], [90, 100, 1], [3, 1e-3, 1e-3]], 0),
    ("inverseGamma", [[0.6, 3.5, 1.2], [[1e-3, 1e6], [0.01, 2], 0.5], [0.02, 50, 1]], 0),
    ("beta", [[0.3, 2.5, 0.7], [0.999, 5, 5], [[1e-12, 0.9999999], 0.5, [1, 3]], [0.5, 1e3, 1e3]], 0),
    ("exponential", [[1.5, 0.3], [[1e-9, 700, 2], [1, 0.1, 1e4]]], 0),
    ("uniform", [[1.5, -1, 4], [[0, 1e-3], 0, [1, 1e-3]]], 0),
    ("laplace", [[1.5, 2, 0.7], [[-800, 1e-9], 0, [1, 3]]], 0),
    ("logistic", [[1.5, -4, 0.7], [[-800, 700, 1e-8, 3], 0, [1, 2, 3, 0.1]]], 0),
    ("bernoulliLogit", [[1, -2.5], [0, 30], [[1, 0, 1, 0], [-100, -100, 1e-9, 0.5]]], 1),
    ("binomialLogit", [[3, 10, -0.4], [[0, 10, 7], 10, [40, -40, 0.3]], [[0, 1], [1, 1000], 1e-3]], 2),
    ("poissonLog", [[4, 1.3], [[0, 1, 1000], [-30, 0, 6.9]]], 1),
    ("negativeBinomial", [[4, 2.5, 0.6], [[0, 1, 300], 0.01, [1e-3, 1, 100]]], 1),
    ("negativeBinomial2", [[4, 3.5, 1.6], [[0, 1, 300], [1e-3, 1, 250], [0.01, 1e6, 3]]], 1),
    ("multiNormalCholesky", [[[1, -2], [0.5, 0.25], [[2, 0], [0.6, 0.8]]], [[3, 1, -2], [0, 0, 1], [[1e-3, 0, 0], [2, 3, 0], [-1, 0.5, 1e2]]]], 0),
    ("lkjCorrCholesky", [[[[1, 0], [0.6, 0.8]], 2.5], [[[1, 0, 0], [-0.28, 0.96, 0], [0.6, 0.64, 0.48]], 1], [[[1, 0], [0.8, 0.6]], 1e-3]], 0),
    ("dirichlet", [[[0.25, 0.5, 0.25], [2, 0.7, 1]], [[1e-9, 0.999999999], [1e-3, 40]]], 0),
    ("categoricalLogit", [[[1, 0, 2], [0.2, 0.9, -3]], [[0, 1], [[700, -700], [1e-9, 0]]]], 1),
]  # fmt: skip

def near(x):
    """Steps of differences are no steps of comparisons."""
    return mp.nint(x * 10**15)


# Operations: the numbers that come of them, by rows, and arguments.
OPERATIONS = [
    ("add", lambda a, b: [x + y for x, y in zip(a, b)], [[[1.5, -2e10, 3], [0.1, 2e10, -4]]]),
    ("sub", lambda a, b: [x - y for x, y in zip(a, b)], [[[1.5, 2], [0.1, 2]]]),
    ("mul", lambda a, b: [x * y for x, y in zip(a, b)], [[[1.5, 0, -3], [0.1, 2, 1e10]]]),
    ("div", lambda a, b: [x / y for x, y in zip(a, b)], [[[1.5, 0, 7], [0.1, -3, 1e-10]]]),
    ("neg", lambda a: [-x for x in a], [[[1.5, 0]]]),
    ("abs", lambda a: [abs(x) for x in a], [[[1.5, -2, 1e-300]]]),
    ("min", lambda a, b: [min(x, y) for x, y in zip(a, b)], [[[1.5, 2], [0.1, 2.5]]]),
    ("max", lambda a, b: [max(x, y) for x, y in zip(a, b)], [[[1.5, 2], [0.1, 2.5]]]),
    ("square", lambda a: [x * x for x in a], [[[1.5, 0, -1e5]]]),
    ("pow", lambda a, b: [x**y for x, y in zip(a, b)], [[[1.5, 0.3, 40], [0.1, -2.5, 3]], [[1, 1e-3], [1e-9, 50]]]),
    ("cube", lambda a: [x**3 for x in a], [[[1.5, 0.1, -20]]]),
    ("reciprocalSquare", lambda a: [x**-2 for x in a], [[[1.5, -20]]]),
    ("root", lambda a: [sqrt(x) for x in a], [[[1.5, 1e-12, 20]]]),
    ("less", lambda a, b: [mpf(near(x) < near(y)) for x, y in zip(a, b)], [[[1, 2, 3], [2, 2, 2]]]),
    ("lessEqual", lambda a, b: [mpf(near(x) <= near(y)) for x, y in zip(a, b)], [[[1, 2, 3], [2, 2, 2]]]),
    ("greater", lambda a, b: [mpf(near(x) > near(y)) for x, y in zip(a, b)], [[[1, 2, 3], [2, 2, 2]]]),
    ("greaterEqual", lambda a, b: [mpf(near(x) >= near(y)) for x, y in zip(a, b)], [[[1, 2, 3], [2, 2, 2]]]),
    ("equal", lambda a, b: [mpf(near(x) == near(y)) for x, y in zip(a, b)], [[[1, 2, 3], [2, 2, 2]]]),
    ("choice", lambda a, b: [x * x if x < y else exp(y) for x, y in zip(a, b)], [[[1, 2, 3], [2, 1.5, 2.5]]]),
    ("sum", lambda a: list(a), [[[1, -2, 3.5, 4, 1e-9]]]),
    ("mean", lambda a: [x / len(a) for x in a], [[[1, -2, 3.5]]]),
    ("dot", lambda a, b: [x * y for x, y in zip(a, b)], [[[1, -2, 3.5], [0.3, 4, 1e5]]]),
    ("logSumExp", log_sum_exp, [[[1, -2, 3.5]], [[700, 701, -700]], [[1e-9, 0]], [[5]]]),
    ("cumulativeSum", lambda a: [sum(a[: k + 1]) for k in range(len(a))], [[[1, -2, 3.5, 0.25]]]),
    ("matmul", lambda a, b: [sum(x * y[j] for x, y in zip(row, b)) for row in a for j in range(len(b[0]))],
     [[[[1, 2, 0.5], [-3, 0.1, 2]], [[0.3, 1], [2, -1], [4, 0.7]]]]),
    ("transpose", lambda a: [a[i][j] for j in range(len(a[0])) for i in range(len(a))], [[[[1, 2, 3], [4, 5, 6]]]]),
    ("outer", lambda a, b: [x * y for x in a for y in b], [[[1, -2, 3], [0.4, 0.7]]]),
    ("diagonal", lambda a: [a[i][i] for i in range(len(a))], [[[[1, 2], [3, 4]]]]),
    ("cholesky", lambda a: [x for row in factor(a) for x in row],
     [[[[4, 1], [1, 2]]], [[[2, 0.3, -0.7], [0.3, 1, 0.1], [-0.7, 0.1, 5]]], [[[1, 0.999], [0.999, 1]]]]),
    ("solveTriangular", solved, [[[[2, 0], [0.6, 0.8]], [1, -3]], [[[1, 0, 0], [2, 1e-3, 0], [3, 4, 50]], [1, 2, 3]]]),
    ("solveTransposed", solved_transposed, [[[[2, 0], [0.6, 0.8]], [1, -3]], [[[1, 0, 0], [2, 1e-2, 0], [3, 4, 50]], [1, 2, 3]]]),
    ("logDeterminant", lambda a: [2 * log(factor(a)[i][i]) for i in range(len(a))],
     [[[[4, 1], [1, 2]]], [[[2, 0.3, -0.7], [0.3, 1, 0.1], [-0.7, 0.1, 5]]]]),
    ("at", lambda a: [a[1]], [[[1, 2, 3]]]),
    ("row", lambda a: a[1], [[[[1, 2], [3, 4]]]]),
    ("slice", lambda a: a[1:3], [[[1, 2, 3, 4]]]),
    ("gather", lambda a: [a[2], a[0], a[2]], [[[1, 2, 3]]]),
    ("scatter", lambda a: [mpf(0), a[0] + a[2], mpf(0), a[1]], [[[1, 2, 3]]]),
    ("stack", lambda a, b: [b, *a, b], [[[1, 2], 3]]),
    ("recursion", lambda a, b: recursion(a, b), [[[0.5, -1, 2, 0.1], 0.8]]),
    ("slope", lambda a, b: [y * exp(x * y) for x, y in zip(a, b)], [[[0.5, -1, 2], [0.8, 1.5, -0.3]]]),
]  # fmt: skip


def recursion(a, b):
    carries = []
    for x in a:
        carries.append(tanh(b * (carries[-1] if carries else b) + x))
    return carries


def weights(count):
    return [mpf(3 - k % 5) / 4 if k % 5 != 3 else mpf(2) for k in range(count)]


def flat(arguments):
    return [x for a in arguments for x in (flat(a) if isinstance(a, list) else [a])]


def shaped(arguments, numbers):
    return [shaped(a, numbers) if isinstance(a, list) else next(numbers) for a in arguments]


def case(name, terms, arguments, data):
    """Value, slopes and curvatures of a sum of terms, each with the size that its error is compared with."""
    exact = [mpf(x) for x in flat(arguments)]
    first = len(flat(arguments[:data]))
    n = len(exact) - first
    steps = [mpf(10) ** -25 * (abs(x) if x != 0 else 1) for x in exact]

    def at(moves):
        moved = list(exact)
        for k, sign in moves:
            moved[first + k] += sign * steps[first + k]
        return terms(*shaped(arguments, iter(moved)))

    def derivative(places):
        """Of every factor of every term, by central differences."""
        signs = [[]]
        for k in places:
            signs = [moves + [(k, sign)] for moves in signs for sign in (1, -1)]
        width = mpf(1)
        for k in places:
            width *= 2 * steps[first + k]
        total = None
        for moves in signs:
            sign = 1
            for _, s in moves:
                sign *= s
            values = [sign * v for term in at(moves) for v in (term if isinstance(term, tuple) else (term,))]
            total = values if total is None else [a + b for a, b in zip(total, values)]
        return [v / width for v in total]

    known = {}

    def of(places):
        key = tuple(sorted(places))
        if key not in known:
            known[key] = derivative(key)
        return known[key]

    pairs_of = [isinstance(term, tuple) for term in at([])]

    def products(places):
        """The terms of a derivative, by the product rule."""
        found, at = [], 0
        for is_pair in pairs_of:
            if not is_pair:
                found.append(of(places)[at])
            else:
                for mask in range(2 ** len(places)):
                    left = [k for bit, k in enumerate(places) if mask >> bit & 1]
                    right = [k for bit, k in enumerate(places) if not mask >> bit & 1]
                    found.append(of(left)[at] * of(right)[at + 1])
            at += 2 if is_pair else 1
        return found

    def entry(*places):
        found = products(places)
        moving = sum(abs(exact[first + k] * sum(products([*places, k]))) for k in range(n))
        return number(sum(found)), float("%.3g" % (abs(sum(found)) + sum(map(abs, found)) + moving))

    pairs = [(i, j) for i in range(n) for j in range(i + 1)]
    lists = [[entry()], [entry(i) for i in range(n)], [entry(*pair) for pair in pairs]]
    keys = ("value", "slopes", "curvatures")
    return {
        **{"name": name, "arguments": arguments, "data": data},
        **{key: [value for value, _ in entries] for key, entries in zip(keys, lists)},
        "sizes": [[size for _, size in entries] for entries in lists],
    }


def cases():
    for name, lists, data in DENSITIES:
        terms = by_entry(LAWS[name]) if name in LAWS else VECTOR_LAWS[name]
        for arguments in lists:
            yield case(name, terms, arguments, data)
    for name, f, lists in OPERATIONS:
        for arguments in lists:
            # One number of every result: a weighted sum of its entries, which sums have already.
            is_number = name in ("sum", "mean", "dot", "logSumExp", "logDeterminant", "at")
            weighted = f if is_number else lambda *a, f=f: [w * x for w, x in zip(weights(len(f(*a))), f(*a))]
            yield case(name, weighted, arguments, 0)


# A net of one hidden layer, E(x) = ½ |x|² + Σ_k v_k a(Σ_i w_ki x_i + b_k), and the loss of score matching at one input.
NET = {"x": [0.7, -1.3], "w": [0.4, -0.9, 1.1, 0.3, -0.2, 0.8], "b": [0.1, -0.4, 0.25], "v": [1.5, -0.7, 0.9]}
ACTIVATIONS = {"tanh": tanh, "silu": lambda u: u / (1 + exp(-u))}


def score_loss(a, x, w, b, v):
    slopes = list(x)
    trace = mpf(len(x))
    for k in range(len(b)):
        row = w[len(x) * k : len(x) * (k + 1)]
        u = sum(p * q for p, q in zip(row, x)) + b[k]
        for i in range(len(x)):
            slopes[i] += v[k] * diff(a, u, h=mpf(10) ** -40) * row[i]
        trace += v[k] * diff(a, u, 2, h=mpf(10) ** -40) * sum(p * p for p in row)
    return sum(s * s for s in slopes) / 2 - trace


def score_gradient(a):
    sizes = [len(NET["w"]), len(NET["b"]), len(NET["v"])]
    theta = [mpf(t) for t in NET["w"] + NET["b"] + NET["v"]]
    x = [mpf(t) for t in NET["x"]]
    w, b = sizes[0], sizes[0] + sizes[1]

    def loss(*t):
        return score_loss(a, x, list(t[:w]), list(t[w:b]), list(t[b:]))

    def along(k):
        return diff(lambda t: loss(*theta[:k], t, *theta[k + 1 :]), theta[k], h=mpf(10) ** -12)

    return {"value": number(loss(*theta)), "slopes": [number(along(k)) for k in range(len(theta))]}


def main():
    functions = []
    random = Random(15)
    for name, (f, points) in FUNCTIONS.items():
        low, high = RANGES[name]
        drawn = [exp(random.uniform(log(low), log(high))) if low > 0 else random.uniform(low, high) for _ in range(8)]
        for x in [*points, *map(float, drawn)]:
            t = mpf(x)
            # Gamma functions are slow to many digits, and tails need many.
            mp.dps, digits = (100, 20) if "gamma" in name else (400, 50)
            step = mpf(10) ** -digits * (abs(t) if x != 0 else 1)
            values = [f(t)] + [diff(f, t, k, h=step) for k in (1, 2, 3)]
            functions.append({"name": name, "x": x, "values": [number(v.real) for v in values]})
    mp.dps = 130
    table = list(cases())
    mp.dps = 150
    scores = {name: score_gradient(a) for name, a in ACTIVATIONS.items()}
    out = {"net": NET, "scores": scores, "functions": functions, "cases": table}
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../fixtures/expression-values.json")
    with open(path, "w") as file:
        json.dump(out, file, separators=(",", ":"))
        file.write("\n")


main()
