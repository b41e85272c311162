import ArgumentParser

@main
struct GanEval: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "gan-eval", abstract: "Measure generative image models.")
}
