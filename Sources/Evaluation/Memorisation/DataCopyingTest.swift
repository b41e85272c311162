/// The data-copying test C_T (Meehan, Chaudhuri & Dasgupta 2020, *A non-parametric test to detect data-copying in generative models*).
///
/// In each cell of a partition of the training set, are generated images nearer to the training set than held-out images are? Z is the Mann–Whitney statistic of the distances of
/// both to their nearest training image in the cell, standardised; C_T is the mean of Z over the cells that generated images reach, weighted by their held-out images. About normal
/// with deviation 1 at most where the generator neither copies nor underfits; far below 0 it copies, far above 0 it underfits.
public struct DataCopyingTest: Sendable, Hashable {
    /// Principal components of the training set that distances are taken in, where there are more features.
    public var components = 64
    /// Cells of k-means.
    public var cells = 3
    /// Starts of k-means, of which the best is taken.
    public var restarts = 10
    /// A cell counts where it holds more generated images than this.
    public var fewestGenerated = 20
    /// The seed of k-means.
    public var seed: UInt32 = 2020

    /// The test with the settings of its authors: 3 cells, more than 20 generated images in each; 64 components as in dgm-eval.
    public init() {}

    /// What was found in a cell.
    public struct Cell: Sendable, Equatable {
        /// How many images of each set lie in it.
        public let training: Int, heldOut: Int, generated: Int
        /// Z; nil where the cell does not count.
        public let z: Double?
    }

    /// What was found.
    public struct Outcome: Sendable, Equatable {
        /// C_T; nil where no cell counts.
        public let statistic: Double?
        /// The cells.
        public let cells: [Cell]
    }

    /// Tests.
    /// - Throws: `dimensionMismatch`; `badOption` for no cells; `tooFewImages` for a training set of fewer images than cells, or no held-out or generated image; what reading throws.
    public func callAsFunction(training: FeatureRows, heldOut: FeatureRows, fake: FeatureRows) throws(EvaluationError) -> Outcome {
        guard cells >= 1 else { throw .badOption(name: "cells", value: "\(cells)", expected: "at least 1") }
        for (name, set, needed) in [("training", training, max(cells, 2)), ("held-out", heldOut, 1), ("generated", fake, 1)] {
            guard set.dimension == training.dimension else { throw .dimensionMismatch(first: training.dimension, second: set.dimension) }
            guard set.count >= needed else { throw .tooFewImages(metric: "the data-copying test", set: name, needed: needed, found: set.count) }
        }
        let sets: (training: FeatureSet, heldOut: FeatureSet, fake: FeatureSet)
        if training.dimension > components {
            let principal = try PrincipalComponents(of: training, count: components)
            sets = (try principal.coordinates(of: training), try principal.coordinates(of: heldOut), try principal.coordinates(of: fake))
        } else {
            sets = (try training.features(), try heldOut.features(), try fake.features())
        }
        let partition = KMeansCells(sets.training, count: cells, restarts: restarts, seed: seed)
        let members = [sets.training, sets.heldOut, sets.fake].map { set in Dictionary(grouping: partition.cells(of: set).enumerated(), by: \.element).mapValues { $0.map(\.offset) } }
        var found: [Cell] = []
        for cell in 0..<cells {
            let own = members.map { $0[cell] ?? [] }
            var z: Double?
            if own[2].count > fewestGenerated, !own[1].isEmpty, !own[0].isEmpty {
                let trained = FeatureRows.memory(sets.training.rows(own[0]))
                let generated = try NearestImages(of: .memory(sets.fake.rows(own[2])), in: trained), fresh = try NearestImages(of: .memory(sets.heldOut.rows(own[1])), in: trained)
                z = RankSum.zScore(generated.squaredDistances, fresh.squaredDistances)
            }
            found.append(Cell(training: own[0].count, heldOut: own[1].count, generated: own[2].count, z: z))
        }
        let weight = found.reduce(0.0) { $0 + ($1.z == nil ? 0 : Double($1.heldOut)) }
        return Outcome(statistic: weight > 0 ? found.reduce(0) { $0 + ($1.z ?? 0) * Double($1.heldOut) } / weight : nil, cells: found)
    }
}
