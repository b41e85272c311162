"""Prints the orders that the tests of `shuffled(seed:)` expect, by arithmetic on Python's big integers. Needs nothing."""
MASK = 2**64 - 1


def splitmix64(state):
    while True:
        state = state + 0x9E3779B97F4A7C15 & MASK
        z = state
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & MASK
        z = (z ^ z >> 27) * 0x94D049BB133111EB & MASK
        yield z ^ z >> 31


def shuffled(n, seed):
    order, numbers = list(range(n)), splitmix64(seed)
    for last in range(n - 1, 0, -1):
        bound = last + 1
        while True:
            product = next(numbers) * bound
            if product % 2**64 >= 2**64 % bound:
                break
        k = product // 2**64
        order[last], order[k] = order[k], order[last]
    return order


# The generator's published first output for this seed.
assert next(splitmix64(1234567)) == 6457827717110365317
for n, seed in ((10, 0), (10, 42), (7, 2**64 - 1)):
    print(n, seed, shuffled(n, seed))
