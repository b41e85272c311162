/// IEEE 754 binary16 as bits, because Swift's `Float16` does not exist on every platform (macOS on Intel).
public enum HalfPrecision {
    /// The number a bit pattern stands for.
    @inlinable public static func float(_ bits: UInt16) -> Float {
        let sign = UInt32(bits & 0x8000) << 16
        let exponent = UInt32(bits >> 10 & 0x1F)
        let fraction = UInt32(bits & 0x3FF)
        switch exponent {
        case 0:
            // Subnormal: a whole multiple of 2^-24.
            let magnitude = Float(fraction) * 0x1p-24
            return sign == 0 ? magnitude : -magnitude
        case 31: return Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
        default: return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
        }
    }

    /// The nearest half, ties to even; magnitudes of 65520 and more become infinite.
    @inlinable public static func bits(_ value: Float) -> UInt16 {
        let sign = UInt16(truncatingIfNeeded: value.bitPattern >> 16 & 0x8000)
        let magnitude = value.magnitude
        if value.isNaN { return sign | 0x7E00 | UInt16(truncatingIfNeeded: value.bitPattern >> 13 & 0x3FF) }
        if magnitude >= 65520 { return sign | 0x7C00 }
        // Adding 2^(e+13) (at least 2^-1) makes float32's own rounding drop the 13 bits that a half lacks.
        let step = max(Float(bitPattern: magnitude.bitPattern & 0x7F80_0000) * 0x1p13, 0.5)
        let rounded = (magnitude + step) - step
        if rounded < 0x1p-14 { return sign | UInt16(rounded * 0x1p24) }
        return sign | UInt16(truncatingIfNeeded: (rounded.bitPattern >> 13) - 112 << 10)
    }
}
