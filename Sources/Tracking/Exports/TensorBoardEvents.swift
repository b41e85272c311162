import Archives
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A run as an event file of TensorBoard: curves as scalars, grids of samples as images, notes and commands as text, settings as hyperparameters.
///
/// Sources: tensorflow/core/util/event.proto, framework/summary.proto; tensorboard/plugins/hparams/{api,plugin_data}.proto.
struct TensorBoardEvents {
    private var records = TensorFlowRecords()
    private let start: Double

    /// The events of a run. Curves whose points have no time lie at the run's beginning.
    init(_ run: RecordedRun, in store: RunStore) throws {
        start = run.created
        event(at: start) { $0.add(3, "brain.Event:2") }
        let series = try store.series(of: run)
        hyperparameters(run, metrics: series.filter { $0.name.kind == "measurement" }.map { Self.tag($0.name) })
        for curve in series {
            for point in curve.points {
                scalar(Self.tag(curve.name), point.value, step: point.step, time: point.time)
                for (ending, value) in [(" lower", point.lower), (" upper", point.upper)] { if let value { scalar(Self.tag(curve.name) + ending, value, step: point.step, time: point.time) } }
            }
        }
        for evaluation in try store.evaluations(of: run) {
            for result in evaluation.results { scalar("evaluation/" + result.metric, result.value, step: run.step ?? 0, time: evaluation.created) }
            text("evaluation/report", "```\n\(evaluation.report)\n```", step: run.step ?? 0, time: evaluation.created)
        }
        for artifact in try store.artifacts(of: run) where artifact.path.hasSuffix(".png") { try image("samples", artifact) }
        for (name, content) in [("command", run.command), ("note", run.note), ("machine", run.machine)] where !content.isEmpty { text("run/" + name, content, step: 0, time: start) }
        text("run/configuration", (["| setting | value |", "|---|---|"] + run.configuration.sorted { $0.key < $1.key }.map { "| \($0.key) | \($0.value) |" }).joined(separator: "\n"), step: 0, time: start)
        if run.status != .running { ended(run) }
    }

    /// The file's content.
    var bytes: [UInt8] { records.bytes }

    /// The name by which TensorBoard finds an event file. Its number orders the files of a folder.
    static func name(_ run: RecordedRun) -> String { "events.out.tfevents.\(Int(run.created)).gan-eval-\(run.key)" }

    private static func tag(_ name: MetricSeries.Name) -> String { name.kind + "/" + name.name }

    private mutating func event(at time: Double, step: Int? = nil, _ make: (inout ProtocolBuffer) -> Void) {
        var event = ProtocolBuffer()
        event.add(1, double: time)
        if let step { event.add(2, integer: Int64(step)) }
        make(&event)
        records.add(event.bytes)
    }

    private mutating func summary(_ tag: String, step: Int, time: Double, plugin: String, data: [UInt8]? = nil, kind: Int64, _ make: (inout ProtocolBuffer) -> Void) {
        event(at: time, step: step) { event in
            event.add(5) { summary in
                summary.add(1) { value in
                    value.add(1, tag)
                    value.add(9) { metadata in
                        metadata.add(1) { name in
                            name.add(1, plugin)
                            if let data { name.add(2, data) }
                        }
                        if kind > 0 { metadata.add(4, integer: kind) }
                    }
                    make(&value)
                }
            }
        }
    }

    private mutating func scalar(_ tag: String, _ value: Double, step: Int, time: Double?) {
        summary(tag, step: step, time: time ?? start, plugin: "scalars", kind: 1) { content in
            content.add(8) { tensor in
                tensor.add(1, integer: 1)
                tensor.add(2) { _ in }
                tensor.add(5, withUnsafeBytes(of: Float(value).bitPattern.littleEndian) { Array($0) })
            }
        }
    }

    /// A tensor of texts.
    private static func strings(_ content: [[UInt8]], shape: [Int64]) -> (inout ProtocolBuffer) -> Void {
        { value in
            value.add(8) { tensor in
                tensor.add(1, integer: 7)
                tensor.add(2) { dimensions in for size in shape { dimensions.add(2) { $0.add(1, integer: size) } } }
                for text in content { tensor.add(8, text) }
            }
        }
    }

    private mutating func text(_ tag: String, _ content: String, step: Int, time: Double) {
        summary(tag, step: step, time: time, plugin: "text", kind: 2, Self.strings([Array(content.utf8)], shape: [1]))
    }

    private mutating func image(_ tag: String, _ artifact: RecordedArtifact) throws {
        // A picture that has gone or was written over since is not shown.
        guard (try? RecordedArtifact.digest(of: artifact.path).sha256) == artifact.sha256, let file = try? FileBytes(artifact.path), file.count > 24 else { return }
        let bytes = try file.bytes(0..<file.count)
        // Width and height are the first numbers of a PNG.
        let size = [16, 20].map { at in bytes[at..<at + 4].reduce(0) { $0 << 8 | Int($1) } }
        summary(tag, step: artifact.step ?? 0, time: start, plugin: "images", kind: 3, Self.strings([Array("\(size[0])".utf8), Array("\(size[1])".utf8), bytes], shape: [3]))
    }

    /// What TensorBoard's table of hyperparameters is made of: the experiment's columns and the settings of this run.
    private mutating func hyperparameters(_ run: RecordedRun, metrics: [String]) {
        let settings = run.configuration.sorted { $0.key < $1.key }
        hparams("_hparams_/experiment") { data in
            data.add(2) { experiment in
                for (name, value) in settings {
                    experiment.add(4) { info in
                        info.add(1, name)
                        info.add(4, integer: Double(value) != nil ? 3 : 1)
                    }
                }
                for metric in metrics { experiment.add(5) { info in info.add(1) { $0.add(2, metric) } } }
            }
        }
        hparams("_hparams_/session_start_info") { data in
            data.add(3) { start in
                for (name, value) in settings {
                    start.add(1) { entry in
                        entry.add(1, name)
                        // A value of google.protobuf: a number or a text.
                        entry.add(2) { content in if let number = Double(value) { content.add(2, double: number) } else { content.add(3, value) } }
                    }
                }
                start.add(4, run.name)
                start.add(5, double: run.created)
            }
        }
    }

    private mutating func ended(_ run: RecordedRun) {
        let status: Int64 = run.status == .finished ? 1 : 2
        hparams("_hparams_/session_end_info") { data in
            data.add(4) { end in
                end.add(1, integer: status)
                end.add(2, double: run.updated)
            }
        }
    }

    private mutating func hparams(_ tag: String, _ make: (inout ProtocolBuffer) -> Void) {
        var data = ProtocolBuffer()
        make(&data)
        summary(tag, step: 0, time: start, plugin: "hparams", data: data.bytes, kind: 0) { value in
            value.add(8) { tensor in
                tensor.add(1, integer: 1)
                tensor.add(2) { _ in }
                tensor.add(5, [0, 0, 0, 0])
            }
        }
    }
}
