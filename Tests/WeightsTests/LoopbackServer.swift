import Foundation
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// An HTTP server on the loopback interface, on a thread of its own, that answers honestly or not.
final class LoopbackServer: Sendable {
    /// What the server does with a request.
    enum Behaviour: Sendable {
        /// Serves the file, ranges included.
        case honest
        /// Serves the file whole, whatever range is asked for.
        case wholeOnly
        /// Closes the connection after so many bytes of the first answer; honest afterwards.
        case breaksOff(after: Int)
        /// Sends so many bytes and then nothing, in every answer.
        case stalls(after: Int)
        case status(Int)
        case redirect(to: String)
        /// A file that changes after the first answer, which breaks off.
        case changes(after: Int, from: [UInt8])
    }

    struct Request: Sendable {
        var path: String
        var fields: [String: String]
    }

    let port: UInt16
    private let listener: Int32
    private let state: Mutex<(requests: [Request], stopped: Bool)>

    init(_ file: [UInt8], _ behaviours: [String: Behaviour]) throws {
        let listener = socket(AF_INET, Int32(Self.stream), 0)
        _ = fcntl(listener, F_SETFD, FD_CLOEXEC)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && getsockname(listener, $0, &length) == 0
            }
        }
        guard bound, listen(listener, 8) == 0 else { throw POSIXError(.EADDRINUSE) }
        self.listener = listener
        port = UInt16(bigEndian: address.sin_port)
        state = Mutex(([], false))
        let thread = Thread { [self] in
            while true {
                let connection = accept(listener, nil, nil)
                if connection < 0 || state.withLock({ $0.stopped }) { return }
                _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
                answer(connection, file, behaviours)
                close(connection)
            }
        }
        thread.start()
    }

    var requests: [Request] { state.withLock { $0.requests } }

    func url(_ path: String) -> String { "http://127.0.0.1:\(port)\(path)" }

    func stop() {
        state.withLock { $0.stopped = true }
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    private func answer(_ connection: Int32, _ file: [UInt8], _ behaviours: [String: Behaviour]) {
        guard let request = receive(connection) else { return }
        let earlier = state.withLock { state in
            defer { state.requests.append(request) }
            return state.requests.filter { $0.path == request.path }.count
        }
        switch behaviours[request.path] ?? .status(404) {
        case .honest: send(file, request, connection)
        case .wholeOnly: send(file, Request(path: request.path, fields: [:]), connection)
        case .breaksOff(let count): send(file, request, connection, limit: earlier == 0 ? count : .max)
        case .stalls(let count):
            send(file, request, connection, limit: count)
            var byte: UInt8 = 0
            // Until the client gives up.
            _ = recv(connection, &byte, 1, 0)
        case .status(let code): write("HTTP/1.1 \(code) No\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno", connection)
        case .redirect(let target): write("HTTP/1.1 302 Found\r\nLocation: \(target)\r\nContent-Length: 4\r\nConnection: close\r\n\r\ngone", connection)
        case .changes(let count, let old):
            if earlier == 0 { send(old, request, connection, limit: count) } else { send(file, request, connection) }
        }
    }

    private func send(_ file: [UInt8], _ request: Request, _ connection: Int32, limit: Int = .max) {
        let tag = "\"\(file.reduce(0) { ($0 &* 31 &+ Int($1)) & 0xFFFF_FFFF })\""
        var (start, head) = (0, "HTTP/1.1 200 OK\r\n")
        if let range = request.fields["range"], request.fields["if-range"] ?? tag == tag, let first = Int(range.dropFirst("bytes=".count).dropLast()) {
            guard first < file.count else {
                return write("HTTP/1.1 416 No\r\nContent-Range: bytes */\(file.count)\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", connection)
            }
            start = first
            head = "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes \(start)-\(file.count - 1)/\(file.count)\r\n"
        }
        write(head + "ETag: \(tag)\r\nContent-Length: \(file.count - start)\r\nConnection: close\r\n\r\n", connection)
        write(Array(file[start..<min(file.count, start + min(limit, file.count))]), connection)
    }

    private func receive(_ connection: Int32) -> Request? {
        var text = ""
        while !text.contains("\r\n\r\n") {
            var buffer = [UInt8](repeating: 0, count: 4096)
            let count = recv(connection, &buffer, buffer.count, 0)
            if count <= 0 { return nil }
            text += String(decoding: buffer[..<count], as: UTF8.self)
        }
        let lines = text.split(separator: "\r\n")
        let words = lines[0].split(separator: " ")
        let fields = lines.dropFirst().compactMap { line -> (String, String)? in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            return (line[..<colon].lowercased(), line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces))
        }
        return Request(path: String(words[1]), fields: Dictionary(fields) { $1 })
    }

    private func write(_ text: String, _ connection: Int32) { write(Array(text.utf8), connection) }

    private func write(_ bytes: [UInt8], _ connection: Int32) {
        var done = 0
        while done < bytes.count {
            let step = bytes.withUnsafeBytes { Foundation.send(connection, $0.baseAddress! + done, bytes.count - done, Self.quietly) }
            if step <= 0 { return }
            done += step
        }
    }

    #if canImport(Darwin)
    private static let stream = SOCK_STREAM
    private static let quietly: Int32 = 0
    #elseif canImport(Musl)
    private static let stream = SOCK_STREAM
    private static let quietly = Int32(MSG_NOSIGNAL)
    #else
    private static let stream = SOCK_STREAM.rawValue
    private static let quietly = Int32(MSG_NOSIGNAL)
    #endif
}
