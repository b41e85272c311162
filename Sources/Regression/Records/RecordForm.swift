import Evaluation
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What the files of this room write alike.
enum RecordForm {
    /// A metric with its number.
    struct Metric: Decodable {
        let metric: String, title: String, better: String, aim: Double?, value: Double, standard_error: Double?, degrees_of_freedom: Double?, nights: [Double]?

        /// Nil where no metric is better that way.
        var measured: MeasuredMetric? {
            MetricDescription.Better(rawValue: better).map {
                var measured = MeasuredMetric(metric, title: title, better: $0, aim: aim, Estimate(value, standardError: standard_error, degreesOfFreedom: degrees_of_freedom))
                measured.nights = nights ?? []
                return measured
            }
        }
    }

    /// A metric with its number, and with those of the nights that a baseline is the mean of.
    static func fields(_ metric: MeasuredMetric) -> [(String, String)] {
        [
            ("metric", JSON.text(metric.metric)), ("title", JSON.text(metric.title)), ("better", JSON.text(metric.better.rawValue)), ("aim", optional(metric.aim)), ("value", JSON.number(metric.estimate.value)),
            ("standard_error", optional(metric.estimate.standardError)), ("degrees_of_freedom", optional(metric.estimate.degreesOfFreedom)),
        ] + (metric.nights.isEmpty ? [] : [("nights", JSON.list(metric.nights.map(JSON.number)))])
    }

    static func optional(_ value: Double?) -> String { value.map(JSON.number) ?? "null" }
    static func count(_ value: Int?) -> String { value.map(String.init) ?? "null" }

    /// What a decoder did not like, in a few words.
    static func problem(_ error: any Error) -> String {
        guard let error = error as? DecodingError else { return RegressionError.oneLine("\(error)") }
        func place(_ context: DecodingError.Context) -> String { context.codingPath.map(\.stringValue).joined(separator: ".") }
        switch error {
        case .keyNotFound(let key, let context): return "no '\(key.stringValue)'\(context.codingPath.isEmpty ? "" : " in \(place(context))")"
        case .typeMismatch(let type, let context): return "something else than \(type) at \(place(context))"
        case .valueNotFound(_, let context): return "nothing at \(place(context))"
        case .dataCorrupted(let context):
            let cause = context.underlyingError.map { RegressionError.oneLine("\($0)") } ?? ""
            return "damaged JSON\(cause.firstRange(of: "line ").map { " at " + cause[$0.lowerBound...].prefix { $0 != "." } } ?? "")"
        @unknown default: return RegressionError.oneLine("\(error)")
        }
    }
}
