import CImageCodecs

/// The fixed array in which the C side leaves its reason.
typealias Message = [CChar]

var emptyMessage: Message { Message(repeating: 0, count: Int(CODEC_MESSAGE_SIZE)) }

func text(of message: Message) -> String {
    String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

/// The reason inside a header, a C array that Swift imports as a tuple.
func text<Characters>(of message: Characters) -> String {
    withUnsafeBytes(of: message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
}

func withCharacters<Result>(of message: inout Message, _ body: (UnsafeMutablePointer<CChar>?) -> Result) -> Result {
    message.withUnsafeMutableBufferPointer { body($0.baseAddress) }
}
