"""Writes exact-values.json: functions and densities with derivatives to 50 digits, by mpmath. Run: python3 exact-values.py"""

import json
import os
from mpmath import mp, mpf, diff, log, exp, pi, sqrt, gamma, loggamma, digamma, erf, erfc, tanh, expm1, log1p, inf, beta

mp.dps = 50
H = mpf(1) / 2


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


def normal(y, m, s):
    return ((y - m) / s) ** 2 / 2 + log(s) + log(2 * pi) / 2


def student(y, n, m, s):
    return -log(gamma((n + 1) / 2) / (gamma(n / 2) * sqrt(n * pi) * s) * (1 + ((y - m) / s) ** 2 / n) ** (-(n + 1) / 2))


def negative_binomial(y, a, b):
    return -log(gamma(y + a) / (gamma(y + 1) * gamma(a)) * (b / (b + 1)) ** a * (1 / (b + 1)) ** y)


def binomial(y, n, x):
    p = 1 / (1 + exp(-x))
    return -log(gamma(n + 1) / (gamma(y + 1) * gamma(n - y + 1)) * p**y * (1 - p) ** (n - y))


# Name: density as an energy, arguments, how many of the first are data rather than differentiated.
DENSITIES = [
    ("normal", normal, [1.3, 0.2, 2.5], 0),
    ("normal", normal, [-30, 4, 0.01], 0),
    ("student", student, [1.5, 4, 0.5, 2], 0),
    ("student", student, [-200, 0.7, 1, 0.3], 0),
    ("cauchy", lambda y, m, s: -log(1 / (pi * s * (1 + ((y - m) / s) ** 2))), [2.5, -1, 0.7], 0),
    ("halfNormal", lambda y, s: normal(y, 0, s) - log(2), [0.8, 2.5], 0),
    ("halfStudent", lambda y, n, s: student(y, n, 0, s) - log(2), [0.8, 3, 2.5], 0),
    ("halfCauchy", lambda y, s: -log(2 / (pi * s * (1 + (y / s) ** 2))), [3, 2.5], 0),
    ("lognormal", lambda y, m, s: normal(log(y), m, s) + log(y), [2.5, 0.3, 0.8], 0),
    ("gamma", lambda y, a, b: -log(b**a / gamma(a) * y ** (a - 1) * exp(-b * y)), [1.7, 2.5, 0.8], 0),
    ("gamma", lambda y, a, b: -log(b**a / gamma(a) * y ** (a - 1) * exp(-b * y)), [1e-5, 0.4, 30], 0),
    ("inverseGamma", lambda y, a, b: -log(b**a / gamma(a) * y ** (-a - 1) * exp(-b / y)), [0.6, 3.5, 1.2], 0),
    ("beta", lambda y, a, b: -log(y ** (a - 1) * (1 - y) ** (b - 1) / beta(a, b)), [0.3, 2.5, 0.7], 0),
    ("beta", lambda y, a, b: -log(y ** (a - 1) * (1 - y) ** (b - 1) / beta(a, b)), [0.999, 5, 5], 0),
    ("exponential", lambda y, b: b * y - log(b), [1.5, 0.3], 0),
    ("uniform", lambda y, a, b: log(b - a), [1.5, -1, 4], 0),
    ("laplace", lambda y, m, s: abs(y - m) / s + log(2 * s), [1.5, 2, 0.7], 0),
    ("logistic", lambda y, m, s: -log(exp(-(y - m) / s) / (s * (1 + exp(-(y - m) / s)) ** 2)), [1.5, -4, 0.7], 0),
    ("bernoulliLogit", lambda y, x: log1p(exp(-x if y == 1 else x)), [1, -2.5], 1),
    ("bernoulliLogit", lambda y, x: log1p(exp(-x if y == 1 else x)), [0, 30], 1),
    ("binomialLogit", binomial, [3, 10, -0.4], 2),
    ("poissonLog", lambda y, x: exp(x) - y * x + loggamma(y + 1), [4, 1.3], 1),
    ("negativeBinomial", negative_binomial, [4, 2.5, 0.6], 1),
    ("negativeBinomial2", lambda y, m, f: negative_binomial(y, f, f / m), [4, 3.5, 1.6], 1),
]


def partial(f, args, k, order=1):
    def along(t):
        moved = list(args)
        moved[k] = t
        return f(*moved)

    return diff(along, args[k], order, h=mpf(10) ** -12 * max(abs(args[k]), mpf(10) ** -6))


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
    for name, (f, points) in FUNCTIONS.items():
        for x in points:
            t = mpf(x)
            # Gamma functions are slow to many digits, and tails need many.
            mp.dps, digits = (100, 20) if "gamma" in name else (400, 50)
            step = mpf(10) ** -digits * (abs(t) if x != 0 else 1)
            values = [f(t)] + [diff(f, t, k, h=step) for k in (1, 2, 3)]
            functions.append({"name": name, "x": x, "values": [number(v.real) for v in values]})
    mp.dps = 80
    densities = []
    for name, f, args, data in DENSITIES:
        exact = [mpf(a) for a in args]
        slopes = [number(partial(f, exact, k).real) if k >= data else 0 for k in range(len(args))]
        densities.append({"name": name, "arguments": args, "data": data, "value": number(f(*exact).real), "slopes": slopes})
    mp.dps = 150
    scores = {name: score_gradient(a) for name, a in ACTIVATIONS.items()}
    out = {"net": NET, "scores": scores, "functions": functions, "densities": densities}
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../fixtures/expression-values.json")
    with open(path, "w") as file:
        json.dump(out, file, separators=(",", ":"))
        file.write("\n")


main()
