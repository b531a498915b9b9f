"""The Equal Earth projection: areas keep their size, so that no part of the world looks larger than it is.

Source: B. Šavrič, T. Patterson, B. Jenny, "The Equal Earth map projection", International Journal of Geographical
Information Science 33 (2019), 454-465: the polynomial and its four coefficients.
"""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

_A1, _A2, _A3, _A4 = 1.340264, -0.081106, 0.000893, 0.003796
_M = sqrt(3) / 2
WIDTH = 10_000  # map units from west to east at the equator
HEIGHT = 4_868  # from pole to pole
_WIDEST, _TALLEST = 2.7066299836, 1.3173627591  # x of 180 degrees east, y of the north pole


def project(lon: float, lat: float) -> tuple[float, float]:
    """Degrees east and north to map units: x grows to the east, y to the south, the north-west corner is 0, 0."""
    theta = asin(_M * sin(radians(lat)))
    t2 = theta * theta
    t6 = t2 * t2 * t2
    x = radians(lon) * cos(theta) / (_M * (_A1 + 3 * _A2 * t2 + t6 * (7 * _A3 + 9 * _A4 * t2)))
    y = theta * (_A1 + _A2 * t2 + t6 * (_A3 + _A4 * t2))
    return (x / _WIDEST + 1) * WIDTH / 2, (1 - y / _TALLEST) * HEIGHT / 2
