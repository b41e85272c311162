/// One attempt to bring a file here from an address, going on where an earlier attempt ended.
///
/// Drives the `curl` program: linking Foundation's networking costs the command some 20 ms at every start (measured 21 ms → 41 ms dynamically linked,
/// 4 ms → 18 ms statically), for something done once per network.
struct Download {
    let url: String
    /// The file under way; what it holds from earlier is kept if the server still has the same version.
    let partial: PartialFile
    let expectedBytes: Int?
    /// Whether what is there may be continued although nothing identifies its version: the digest will tell.
    let trustsDigest: Bool
    let options: WeightsStore.Options

    /// Why an attempt failed, and whether another one at the same address may succeed.
    struct Failure: Error {
        let error: WeightsError
        let isTransient: Bool
    }

    /// Runs to the end of the file.
    /// - Throws: `Failure`; what arrived stays for the next attempt, unless the server sends another file.
    func run(progress: (Int, Int?) -> Void) throws(Failure) {
        var held = partial.size
        let validator = partial.validator
        if held > 0, expectedBytes.map({ held >= $0 }) ?? false || (validator == nil && !trustsDigest) {
            try restart()
            held = 0
        }
        guard var curl = ChildProcess("curl", arguments(resuming: held, validator)) else {
            throw failure(.unavailable, expected: "the program curl", found: "none on the search path: install it (apt-get install curl)")
        }
        let head = try readHead(&curl)
        switch head.status {
        case 200:
            try restart()
            held = 0
        case 206 where head.contentRange?.start == held: break
        case 206, 416:
            try restart()
            throw failure(.unavailable, isTransient: true, expected: "the bytes from \(held) on", found: head["content-range"] ?? "none")
        default:
            throw failure(.unavailable, isTransient: head.status >= 500, expected: "the file", found: "HTTP status \(head.status)")
        }
        partial.validator = head.validator
        let total = head.status == 206 ? head.contentRange?.total : head.contentLength
        if let expectedBytes, let total, total != expectedBytes {
            try restart()
            throw failure(.wrongDigest, expected: "a file of \(expectedBytes) bytes", found: "one of \(total)")
        }
        try readBody(&curl, held, total ?? expectedBytes, progress)
    }

    private func arguments(resuming held: Int, _ validator: String?) -> [String] {
        var arguments = [
            "--silent", "--show-error", "--include", "--suppress-connect-headers", "--location", "--max-redirs", "10", "--globoff",
            "--proto", "=http,https", "--proto-redir", url.hasPrefix("https:") ? "=https" : "=http,https",
            "--connect-timeout", String(options.connectTimeout), "--speed-limit", "1000", "--speed-time", String(options.stallTimeout),
        ]
        if held > 0 {
            arguments += ["--header", "Range: bytes=\(held)-"]
            if let validator { arguments += ["--header", "If-Range: \(validator)"] }
        }
        return arguments + ["--url", url]
    }

    /// Reads to the head of the final answer.
    private func readHead(_ curl: inout ChildProcess) throws(Failure) -> ResponseHead {
        // Byte by byte: cheap for a few hundred bytes, and the body stays in the pipe.
        var stream: [UInt8] = []
        while stream.count < 1 << 16 {
            let piece = curl.readOutput(limit: 1)
            if piece.isEmpty { throw ended(&curl, received: 0) }
            stream += piece
            if piece[0] == 10, let head = ResponseHead.take(from: &stream), !head.isPreliminary { return head }
        }
        throw failure(.unavailable, expected: "the head of an HTTP answer", found: "\(stream.count) bytes without an end")
    }

    private func readBody(_ curl: inout ChildProcess, _ held: Int, _ total: Int?, _ progress: (Int, Int?) -> Void) throws(Failure) {
        var received = held
        while true {
            let piece = curl.readOutput()
            if piece.isEmpty { break }
            received += piece.count
            if let total, received > total {
                try restart()
                throw failure(.wrongDigest, expected: "\(total) bytes", found: "more")
            }
            do throws(WeightsError) { try partial.append(piece) } catch { throw Failure(error: error, isTransient: false) }
            progress(received, total)
        }
        guard curl.wait() == 0, received >= total ?? 0 else { throw ended(&curl, received: received) }
    }

    private func ended(_ curl: inout ChildProcess, received: Int) -> Failure {
        let text = curl.readErrors().split(whereSeparator: \.isNewline).last.map(String.init) ?? "no message"
        let code = curl.wait()
        // 6: the name is unknown, as without a network. 1, 3: the address itself is wrong.
        return failure(
            .unavailable, isTransient: ![1, 3, 6].contains(code), expected: "the whole file",
            found: "an end after \(received) bytes (\(code == 28 ? "too slow for too long" : text))")
    }

    private func restart() throws(Failure) {
        do throws(WeightsError) { try partial.restart() } catch { throw Failure(error: error, isTransient: false) }
    }

    private func failure(_ reason: WeightsError.Reason, isTransient: Bool = false, expected: String, found: String) -> Failure {
        Failure(error: WeightsError(reason, file: url, expected: expected, found: found), isTransient: isTransient)
    }
}
