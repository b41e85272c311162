import ArgumentParser
import Evaluation

struct MetricsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "metrics", abstract: "List the metrics: what they need, cost and come from.", subcommands: [List.self, Show.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Every metric of `gan-eval evaluate --metrics`, and what is measured elsewhere or not at all.")

        func run() { print(MetricCatalog.table) }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "One metric in full.", discussion: "Example: gan-eval metrics show precision")

        @Argument(help: "Its name; see `gan-eval metrics list`.") var name: String

        func run() throws { for metric in try MetricCatalog.named(name) { print(metric.about.text) } }
    }
}
