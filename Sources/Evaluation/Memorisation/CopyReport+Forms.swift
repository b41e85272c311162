import Archives
import Images

extension CopyReport {
    /// The numbers, with what each would be without copying where that is known, and the closest pairs.
    /// - Parameter shown: How many of the closest pairs are listed.
    public func text(shown: Int = 10) -> String {
        let fake = nearest.indices.count, training = withinTraining.indices.count, (made, own) = (repetition.fake, repetition.training)
        func share(_ count: Int, _ all: Int) -> String {
            let interval = Self.interval(count, all, settings.confidence)
            return "\(count) of \(all), \(Number.percent(Double(count) / Double(all))) [\(Number.percent(interval.lower)), \(Number.percent(interval.upper))]"
        }
        var lines = ["\(fake) generated images against \(training) training images"]
        lines.append("equal features as a training image  \(identicalCount)")
        if let pixels, let identicalPixelCount { lines.append("equal pixels as a training image (at \(pixels.side)x\(pixels.side))  \(identicalPixelCount)") }
        lines.append("nearer to a training image than \(Number.percent(settings.nearFraction)) of those are to each other  \(share(nearCount, fake))")
        if let heldOut { lines.append("  of held-out images  \(share(heldOut.nearCount, heldOut.count))") }
        lines.append("authentic (AuthPct)  \(Number.short(authenticity.percent)) %")
        if let heldOut {
            lines.append("data-copying test C_T  " + (heldOut.test.statistic.map { "\(Number.short($0)) (\(Self.reading($0)))" } ?? "cannot be told: no cell holds enough generated images"))
        }
        lines.append("pairs of generated images with equal features  \(made.identicalPairs)")
        lines.append("pairs of generated images within the same distance  \(made.support.duplicates): \(Self.support(made.support))")
        lines.append("  of training images  \(own.support.duplicates): \(Self.support(own.support))")
        lines.append("nearest to a training image:")
        for image in closest.prefix(shown) {
            lines.append(
                "  \(sets.fake.name(image))  \(Number.short(nearest.distance(image))) from \(sets.training.name(nearest.indices[image])), "
                    + "whose nearest other is \(Number.short(withinTraining.distance(nearest.indices[image]))) away")
        }
        return (lines + notes.map { "note: " + $0 }).joined(separator: "\n")
    }

    private var notes: [String] {
        var notes = [sets.fake, sets.training].flatMap(\.notes) + (sets.heldOut?.notes ?? [])
        if heldOut == nil { notes.append("without held-out images (--held-out) there is no data-copying test, and nothing tells how near fresh images of the same kind come") }
        if pixels == nil, settings.pixelSide != nil { notes.append("pixels were not compared: the images of a set are not at hand") }
        if squaredThreshold == 0 { notes.append("the training set repeats itself so much that only equal features count as near") }
        return notes
    }

    private static func reading(_ statistic: Double) -> String {
        if statistic < -3 { return "generated images are nearer to the training set than held-out ones: copying" }
        return statistic > 3 ? "generated images are farther from the training set than held-out ones: no copying" : "no copying can be told"
    }

    private static func support(_ support: SupportSize) -> String {
        func short(_ value: Double) -> String { Number.format("%.3g", value) }
        guard support.estimate.isFinite else { return "at least \(short(support.interval.lower)) different images" }
        let interval = "[\(short(support.interval.lower)), \(short(support.interval.upper))]"
        return "about \(short(support.estimate)) \(interval) different images, a repetition is as likely as not among \(short(support.batchSize))"
    }

    /// One object: numbers, and one entry for each generated image; see `Documentation/JSON.md`.
    public var json: String {
        func repetition(_ one: Repetition) -> String {
            JSON.object([
                ("identical_pairs", String(one.identicalPairs)), ("near_pairs", String(one.support.duplicates)), ("support", JSON.number(one.support.estimate)),
                ("support_interval", JSON.list([one.support.interval.lower, one.support.interval.upper].map(JSON.number))), ("batch_of_even_odds", JSON.number(one.support.batchSize)),
            ])
        }
        let images = nearest.indices.indices.map { image -> String in
            var fields = [
                ("name", JSON.text(sets.fake.name(image))), ("nearest_training", JSON.text(sets.training.name(nearest.indices[image]))), ("distance", JSON.number(nearest.distance(image))),
                ("training_distance", JSON.number(withinTraining.distance(nearest.indices[image]))), ("authentic", authenticity.isAuthentic[image] ? "true" : "false"),
                ("nearest_generated", JSON.text(sets.fake.name(withinFake.indices[image]))), ("generated_distance", JSON.number(withinFake.distance(image))),
            ]
            if let pixels {
                fields += [("nearest_training_by_pixels", JSON.text(sets.training.name(pixels.nearest.indices[image]))), ("grey_levels", JSON.number(pixels.greyLevels[image]))]
            }
            return "    " + JSON.object(fields)
        }
        let cells = heldOut?.test.cells.map { cell in
            JSON.object([("training", String(cell.training)), ("held_out", String(cell.heldOut)), ("generated", String(cell.generated)), ("z", cell.z.map(JSON.number) ?? "null")])
        }
        return """
            {
              "counts": \(JSON.object([("generated", String(nearest.indices.count)), ("training", String(withinTraining.indices.count)), ("held_out", heldOut.map { String($0.count) } ?? "null")])),
              "identical": \(identicalCount),
              "identical_pixels": \(identicalPixelCount.map(String.init) ?? "null"),
              "pixel_side": \(pixels.map { String($0.side) } ?? "null"),
              "near_threshold": \(JSON.number(threshold)),
              "near": \(nearCount),
              "near_interval": \(JSON.list([nearInterval.lower, nearInterval.upper].map(JSON.number))),
              "held_out_near": \(heldOut.map { String($0.nearCount) } ?? "null"),
              "authpct": \(JSON.number(authenticity.percent)),
              "ct": \(heldOut?.test.statistic.map(JSON.number) ?? "null"),
              "ct_cells": \(cells.map(JSON.list) ?? "null"),
              "generated_repetition": \(repetition(self.repetition.fake)),
              "training_repetition": \(repetition(self.repetition.training)),
              "images": \(JSON.lines(images)),
              "identity": \(JSON.object(identity.entries.sorted { $0.key < $1.key }.map { ($0.key, JSON.text($0.value)) })),
              "warnings": \(JSON.list(notes.map(JSON.text)))
            }

            """
    }

    /// Everything that decides the numbers.
    public var identity: FeatureIdentity {
        var identity = sets.fake.identity ?? FeatureIdentity()
        for name in ["images_sha256", "names_sha256", "logits"] { identity[name] = nil }
        identity["fake_images_sha256"] = sets.fake.identity?["images_sha256"]
        identity["training_images_sha256"] = sets.training.identity?["images_sha256"]
        identity["held_out_images_sha256"] = sets.heldOut?.identity?["images_sha256"]
        identity["seed"] = String(settings.seed)
        return identity
    }

    /// One row for each generated image.
    public var csv: String {
        var rows = [["name", "nearest_training", "distance", "training_distance", "authentic", "nearest_generated", "generated_distance", "nearest_training_by_pixels", "grey_levels"]]
        for image in nearest.indices.indices {
            rows.append([
                sets.fake.name(image), sets.training.name(nearest.indices[image]), JSON.number(nearest.distance(image)), JSON.number(withinTraining.distance(nearest.indices[image])),
                String(authenticity.isAuthentic[image]), sets.fake.name(withinFake.indices[image]), JSON.number(withinFake.distance(image)),
                pixels.map { sets.training.name($0.nearest.indices[image]) } ?? "", pixels.map { JSON.number($0.greyLevels[image]) } ?? "",
            ])
        }
        return rows.map { $0.map(CSV.field).joined(separator: ",") + "\n" }.joined()
    }

    /// Pictures of the closest pairs, the generated image to the left: with training images by features and by pixels, and of generated images with each other; none of sets whose images are not at hand.
    /// - Parameter count: How many pairs of each kind at most.
    /// - Throws: `ImageError` naming an image that cannot be read any more.
    public func pictures(count: Int = 32) throws -> [(name: String, image: Image)] {
        let (fake, training) = (sets.fake, sets.training)
        guard fake.hasPictures else { return [] }
        func grid(_ images: [Image]) -> Image { ImageGrid().image(images, columns: 2 * max(1, Int((Double(images.count) / 2).squareRoot().rounded(.up)) / 2)) }
        var pictures: [(String, Image)] = []
        if training.hasPictures {
            pictures.append(("closest-features", grid(try closest.prefix(count).flatMap { [try fake.picture($0), try training.picture(nearest.indices[$0])] })))
            if let pixels {
                let order = pixels.greyLevels.indices.sorted { (pixels.greyLevels[$0], $0) < (pixels.greyLevels[$1], $1) }
                pictures.append(("closest-pixels", grid(try order.prefix(count).flatMap { [try fake.picture($0), try training.picture(pixels.nearest.indices[$0])] })))
            }
        }
        pictures.append(("closest-generated", grid(try closestPairs.prefix(count).flatMap { [try fake.picture($0.first), try fake.picture($0.second)] })))
        return pictures
    }
}
