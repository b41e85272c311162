"""Prints what `RandomStream(seed: 5)["latents"].normals(100001)` must be: a hash of all bits, and the first four numbers by the C library for comparison.

An independent implementation of Philox 4x32-10 and of the portable logarithm, sine and cosine in Python's IEEE 754 arithmetic. Needs no packages.
"""
import math

M = (1 << 64) - 1


def philox(key, counter):
    c, k0, k1 = [counter & 0xFFFFFFFF, counter >> 32, 0, 0], key & 0xFFFFFFFF, key >> 32
    for _ in range(10):
        a, b = c[0] * 0xD2511F53, c[2] * 0xCD9E8D57
        c = [(b >> 32) ^ c[1] ^ k0, b & 0xFFFFFFFF, (a >> 32) ^ c[3] ^ k1, a & 0xFFFFFFFF]
        k0, k1 = (k0 + 0x9E3779B9) & 0xFFFFFFFF, (k1 + 0xBB67AE85) & 0xFFFFFFFF
    return c


def named(key, name):
    value = 0xCBF29CE484222325
    for byte in name.encode():
        value = ((value ^ byte) * 0x100000001B3) & M
    x, y, *_ = philox(key, value)
    return x << 32 | y


def logarithm(x):
    mantissa, exponent = math.frexp(x)
    mantissa, exponent = mantissa * 2, exponent - 1
    if mantissa > 1.4142135623730951:
        mantissa, exponent = mantissa / 2, exponent + 1
    t = (mantissa - 1) / (mantissa + 1)
    square, series = t * t, 0.0
    for k in range(21, 2, -2):
        series = (series + 1 / k) * square
    return exponent * 0.6931471805599453 + 2 * t * (1 + series)


def cosine_and_sine(x):
    quarter = math.floor(x * 4 + 0.5)
    angle = (x - quarter / 4) * 6.283185307179586
    square, cosine, sine = angle * angle, 0.0, 0.0
    for k in range(18, -1, -2):
        sign = 1.0 if k % 4 == 0 else -1.0
        cosine = cosine * square + sign / math.factorial(k)
        sine = sine * square + sign / math.factorial(k + 1)
    c, s = cosine, angle * sine
    return [(c, s), (-s, c), (-c, -s), (s, -c)][quarter % 4]


def normals(key, count):
    for start in range(0, count, 4):
        words = philox(key, start // 4)
        for pair in range(2):
            u, v = (words[2 * pair] + 0.5) * 2.0**-32, words[2 * pair + 1] * 2.0**-32
            radius, (cosine, sine) = math.sqrt(-2 * logarithm(u)), cosine_and_sine(v)
            exact = math.sqrt(-2 * math.log(u))
            assert abs(radius * cosine - exact * math.cos(2 * math.pi * v)) < 1e-14, (u, v)
            assert abs(radius * sine - exact * math.sin(2 * math.pi * v)) < 1e-14, (u, v)
            yield radius * cosine
            yield radius * sine


import struct

key, digest = named(5, "latents"), 0
for index, value in enumerate(normals(key, 100_001)):
    if index < 100_001:
        digest = ((digest ^ struct.unpack("<Q", struct.pack("<d", value))[0]) * 0x100000001B3) & M
print(hex(digest))
