import Archives
import Images

extension Explanation {
    /// The distance, the generated images that raise it most, the least covered real ones, and the classes.
    /// - Parameter shown: How many images of either kind are listed.
    public func text(shown: Int = 10) -> String {
        let covered = real.count { $0.isCovered }
        var lines = ["\(title)  \(Number.short(distance.value)) (mean \(Number.short(distance.meanTerm)), covariance \(Number.short(distance.covarianceTerm)))"]
        lines.append("generated images that raise it most, and how it changes without each:")
        for image in worst.prefix(shown) {
            let one = generated[image]
            lines.append("  \(sets.fake.name(image))  \(Number.signed(-one.influence)), nearest real \(sets.real.name(one.nearest))" + (one.className.map { ", class \($0)" } ?? ""))
        }
        lines.append("\(covered) of \(real.count) real images are covered: a generated one is nearer than their neighbour number \(neighbours). Least covered, with the distance over that neighbour's:")
        for image in leastCovered.prefix(shown) {
            let one = real[image]
            lines.append("  \(sets.real.name(image))  \(Number.short(one.ratio)), nearest generated \(sets.fake.name(one.nearest))" + (one.className.map { ", class \($0)" } ?? ""))
        }
        if !classes.isEmpty {
            lines.append("by class: real images, covered; generated images\(sets.fake.labels == nil ? " (by their nearest real one)" : ""), the sum of their influences:")
            let width = classes.map(\.name.count).max() ?? 0
            for one in classes {
                let share = one.realCount > 0 ? Number.percent(Double(one.coveredCount * 1000 / one.realCount) / 1000) : "-"
                lines.append("  \(one.name)\(String(repeating: " ", count: width - one.name.count))  \(one.realCount), \(share); \(one.fakeCount), \(Number.signed(one.influence))")
            }
        }
        return (lines + notes.map { "note: " + $0 }).joined(separator: "\n")
    }

    /// `{"title": …, "fid": …, "generated": […], "real": […], "classes": […], …}`, one object for each image; see `Documentation/JSON.md`.
    public var json: String {
        let made = generated.enumerated().map { image, one in
            "    " + JSON.object([
                ("name", JSON.text(sets.fake.name(image))), ("class", JSON.optional(one.className)), ("influence", JSON.number(one.influence)), ("mean_part", JSON.number(one.meanPart)),
                ("nearest_real", JSON.text(sets.real.name(one.nearest))), ("distance", JSON.number(one.distance)),
            ])
        }
        let own = real.enumerated().map { image, one in
            "    " + JSON.object([
                ("name", JSON.text(sets.real.name(image))), ("class", JSON.optional(one.className)), ("covered", one.isCovered ? "true" : "false"), ("ratio", JSON.number(one.ratio)),
                ("nearest_generated", JSON.text(sets.fake.name(one.nearest))), ("distance", JSON.number(one.distance)), ("radius", JSON.number(one.radius)),
            ])
        }
        let kinds = classes.map { one in
            "    " + JSON.object([
                ("name", JSON.text(one.name)), ("real", String(one.realCount)), ("covered", String(one.coveredCount)), ("generated", String(one.fakeCount)),
                ("influence", JSON.number(one.influence)),
            ])
        }
        return """
            {
              "title": \(JSON.text(title)),
              "fid": \(JSON.number(distance.value)),
              "mean_term": \(JSON.number(distance.meanTerm)),
              "covariance_term": \(JSON.number(distance.covarianceTerm)),
              "neighbours": \(neighbours),
              "generated": \(JSON.lines(made)),
              "real": \(JSON.lines(own)),
              "classes": \(JSON.lines(kinds)),
              "identity": \(JSON.object(identity.entries.sorted { $0.key < $1.key }.map { ($0.key, JSON.text($0.value)) })),
              "warnings": \(JSON.list(notes.map(JSON.text)))
            }

            """
    }

    /// One row for each image, the generated ones first.
    public var csv: String {
        var rows = [["set", "name", "class", "influence", "mean_part", "nearest", "distance", "radius", "ratio", "covered"]]
        for (image, one) in generated.enumerated() {
            rows.append(["generated", sets.fake.name(image), one.className ?? "", JSON.number(one.influence), JSON.number(one.meanPart), sets.real.name(one.nearest), JSON.number(one.distance), "", "", ""])
        }
        for (image, one) in real.enumerated() {
            rows.append([
                "real", sets.real.name(image), one.className ?? "", "", "", sets.fake.name(one.nearest), JSON.number(one.distance), JSON.number(one.radius),
                one.ratio.isFinite ? JSON.number(one.ratio) : "inf", String(one.isCovered),
            ])
        }
        return rows.map { $0.map(CSV.field).joined(separator: ",") + "\n" }.joined()
    }

    /// Pictures of the generated images that raise the distance most and least, and of the least covered real images, each with its nearest generated one to the right; none of sets whose images are not at hand.
    /// - Parameter count: How many images of each kind at most.
    /// - Throws: `ImageError` naming an image that cannot be read any more.
    public func pictures(count: Int = 64) throws -> [(name: String, image: Image)] {
        let (real, fake) = (sets.real, sets.fake)
        guard fake.hasPictures else { return [] }
        let grid = ImageGrid(), order = worst
        var pictures: [(String, Image)] = []
        for (name, images) in [("worst-generated", Array(order.prefix(count))), ("best-generated", Array(order.suffix(count).reversed()))] {
            pictures.append((name, grid.image(try images.map(fake.picture), columns: Self.columns(images.count))))
        }
        guard real.hasPictures else { return pictures }
        let pairs = try leastCovered.prefix(count).flatMap { [try real.picture($0), try fake.picture(self.real[$0].nearest)] }
        pictures.append(("least-covered", grid.image(pairs, columns: 2 * max(1, Self.columns(pairs.count / 2) / 2))))
        return pictures
    }

    private static func columns(_ count: Int) -> Int { max(1, Int(Double(count).squareRoot().rounded(.up))) }
}
