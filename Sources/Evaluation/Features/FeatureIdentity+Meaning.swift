extension FeatureIdentity {
    /// The names of entries that make features incomparable. What the images are, and whether class scores were kept beside them, may differ.
    func decisiveDifferences(from other: FeatureIdentity) -> [String] {
        differences(from: other).filter { !["images_sha256", "names_sha256", "logits", "version"].contains($0) }
    }

    /// Plain `FID` is the metric of the papers: their network with their weights, read at their tap. Anything else says which network it is.
    /// - Parameter published: Whether the weights are the published ones, where the network itself was at hand to say.
    func title(_ about: MetricDescription, published: Bool? = nil) -> String {
        if about.needs.isDisjoint(with: MetricNeeds.network) { return about.title }
        let network = self["network"] ?? "unknown network", tap = self["tap"] ?? "", published = published ?? EvaluationReport.isPublished(self)
        guard network == about.usualFeatures.network else { return "\(about.title) (\(network))" }
        if let reading = about.readings[tap] { return published ? reading : "\(reading) (\(network), unpublished weights)" }
        return published && tap == about.usualFeatures.tap ? about.title : "\(about.title) (\(network)\(published ? " tap \(tap)" : ", unpublished weights"))"
    }
}
