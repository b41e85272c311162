extension ReportPage {
    /// Measurements over steps, then the losses of each run behind a fold.
    var training: [Markup] {
        var content = shown(.training)
        for (_, name, _) in report.recipes {
            let own = figures.filter { $0.section == .losses && $0.figure.title.hasPrefix(name + ": ") }
            guard !own.isEmpty else { continue }
            content.append(Markup("details", [:], [Markup("summary", ["dir": "auto"], "Losses and norms of \(name)")] + own.map(Self.figure)))
        }
        return content
    }

    /// The last grid of each run, side by side.
    var samples: [Markup] {
        let shown = report.runs.compactMap { place, name, run in run.grids.last.map { (place, name, run, $0) } }
        guard !shown.isEmpty else { return [] }
        let seeds = Set(shown.map { $0.2.setting("seed") ?? "" }), sizes = Set(shown.map { $0.2.setting("latentSize") ?? "" })
        let same = shown.count > 1 && seeds.count == 1 && sizes.count == 1
        let note = same ? "All runs have seed \(seeds.first ?? "") and latents of one size: the same place of every grid is drawn from the same latent vector."
            : shown.count > 1 ? "The runs differ in seed or size of their latents: places of the grids do not correspond." : "From the same latents at every step of the run."
        let grids = shown.map { place, name, run, picture in
            let step = picture.name.split(separator: "-").last.flatMap { Int($0) }.map { "step \($0)" } ?? picture.name
            return Markup("figure", [:], [
                Markup("figcaption", ["dir": "auto"], [sign(place), Markup(words: name), Markup("small", [:], step)]), Self.image(picture, alternative: "Samples of \(name) at \(step)"),
            ])
        }
        return [Markup("p", ["class": "note"], "What the averaged generator draws; samples were not picked. " + note), Markup("div", ["class": "grids"], grids)]
    }

    /// How near generated images come to training images.
    var copies: [Markup] {
        singles.flatMap { place, subject in
            subject.copies.flatMap { found -> [Markup] in
                let share = found.near_interval.compactMap { $0 }, made = max(found.counts.generated, 1)
                let interval = share.count == 2 ? " [\(Numeral.percent(share[0])), \(Numeral.percent(share[1]))]" : ""
                var words = "Of \(found.counts.generated) generated images, \(found.near) (\(Numeral.percent(Double(found.near) / Double(made)))\(interval)) lie within \(Numeral.short(found.near_threshold)) of one of \(found.counts.training) training images, "
                words += "and \(found.identical) have the same features as one" + (found.identical_pixels.map { ", \($0) the same pixels" } ?? "")
                words += ". AuthPct is \(Numeral.short(found.authpct))\u{A0}%" + (found.ct.map { ", the data-copying statistic C_T \(Numeral.short($0))" } ?? "") + "."
                if let near = found.held_out_near, let count = found.counts.held_out { words += " Of \(count) held-out images, \(near) lie that near." }
                let rows = found.closest.prefix(10).map { pair in
                    [Self.name(pair.name), Self.cell(pair.nearest_training), Self.number(Numeral.short(pair.distance), pair.distance), Self.number(Numeral.short(pair.training_distance), pair.training_distance), Self.cell(pair.authentic ? "yes" : "no")]
                }
                let head = [("generated", false), ("nearest training image", false), ("distance", true), ("of that to its nearest other", true), ("authentic", false)]
                return [heading(place, subject.name), Markup("p", [:], words)] + pictures(found.pictures, of: subject.name)
                    + (rows.isEmpty ? [] : [Self.table("The nearest pairs of \(subject.name)", head: head, rows: rows, isSorted: true)])
            }
        }
    }

    /// Which images raise and lower the distance.
    var influence: [Markup] {
        singles.flatMap { place, subject in
            subject.explanations.flatMap { found -> [Markup] in
                let covered = found.real.count { $0.covered }
                let words = "\(found.title) is \(Numeral.short(found.fid)); \(covered) of \(found.real.count) real images are covered. The influence of a generated image is by how much the distance falls without it."
                // A column of dashes says nothing.
                let hasClasses = found.generated.contains { $0.class != nil } || found.real.contains { $0.class != nil }, classHead = hasClasses ? [("class", false)] : []
                func kind(_ name: String?) -> [Markup] { hasClasses ? [Self.cell(name ?? "—")] : [] }
                func row(_ one: StoredExplanation.Generated) -> [Markup] {
                    [Self.name(one.name)] + kind(one.class) + [Self.number(Numeral.short(one.influence), one.influence), Self.cell(one.nearest_real)]
                }
                let worst = found.worst, shown = worst.count > 10 ? Array(worst.prefix(5)) + Array(worst.suffix(5)) : worst
                let head = [("generated", false)] + classHead + [("influence", true), ("nearest real image", false)]
                let missed = found.leastCovered.prefix(5).map { one in
                    [Self.name(one.name)] + kind(one.class) + [Self.number(one.ratio.map(Numeral.short) ?? "∞", one.ratio), Self.cell(one.nearest_generated)]
                }
                return [heading(place, subject.name), Markup("p", [:], words)] + pictures(found.pictures, of: subject.name)
                    + [
                        Self.table("The worst and the best images of \(subject.name)", head: head, rows: shown.map(row), isSorted: true),
                        Self.table("Real images that \(subject.name) covers least", note: "Distance to the nearest generated image, in radii.", head: [("real", false)] + classHead + [("radii", true), ("nearest generated", false)], rows: Array(missed), isSorted: true),
                    ]
            }
        }
    }

    /// Every training and set by itself, with the place of the subject that it is part of.
    private var singles: [(Int, Subject)] { report.subjects.enumerated().flatMap { place, subject in subject.singles.map { (place, $0) } } }

    private func heading(_ place: Int, _ name: String) -> Markup { Markup("h3", ["dir": "auto"], [sign(place), Markup(words: name)]) }

    private func pictures(_ pictures: [Picture], of name: String) -> [Markup] {
        let titles = [
            "worst-generated": "Generated images that raise the distance most", "best-generated": "Generated images that lower it most", "least-covered": "Real images covered least, each left of its nearest generated one",
            "closest-features": "Nearest by features: generated left, training right", "closest-pixels": "Nearest by pixels: generated left, training right", "closest-generated": "Generated images nearest to each other",
        ]
        guard !pictures.isEmpty else { return [] }
        return [Markup("div", ["class": "grids"], pictures.map { picture in
            let title = titles[picture.name] ?? picture.name
            return Markup("figure", [:], [Markup("figcaption", [:], [Markup("small", [:], title)]), Self.image(picture, alternative: "\(title), of \(name)")])
        })]
    }

    /// Settings in which runs differ.
    var differences: [Markup] {
        let recipes = report.recipes
        guard report.runs.count > 1 else { return [] }
        let rows = report.differences.map { setting in [Self.name(setting.name)] + setting.values.map { Self.code($0 ?? "—") } }
        guard !rows.isEmpty else { return [Markup("p", [:], "All runs have the same configuration.")] }
        return [Self.table("Settings in which the runs differ", note: "All others are equal.", head: [("setting", false)] + recipes.map { ($0.name, false) }, rows: rows, classes: "keys")]
    }

    /// What must be known to read numbers rightly; once each, with those whom it concerns.
    var notes: [Markup] {
        let rows = report.notes.map { note in [Self.cell(note.text), Self.cell(note.subjects.joined(separator: ", "))] }
        return rows.isEmpty ? [] : [Self.table("Notes that came with the numbers", head: [("note", false), ("of", false)], rows: rows)]
    }

    /// Everything that decides each number, and how to get it again.
    var provenance: [Markup] {
        let items = report.provenance.map { one -> Markup in
            var content = [Markup("summary", ["dir": "auto"], "\(one.subject): \(one.what)")]
            content.append(Markup("p", ["class": "note", "dir": "auto"], one.origin))
            if let command = one.command {
                content.append(Markup("pre", [:], [Markup(lines: "code", command)]))
                if let note = one.commandNote { content.append(Markup("p", ["class": "note"], note)) }
            }
            if !one.identity.isEmpty {
                content.append(Self.table("Identity of \(one.subject): \(one.what)", head: [("entry", false), ("value", false)], rows: one.identity.map { [Self.name($0.name), Self.code($0.value)] }))
            }
            return Markup("details", [:], content)
        }
        return items
    }

    /// Papers of the metrics, and their BibTeX.
    var references: [Markup] {
        let used = report.bibliography
        guard !used.entries.isEmpty || !used.unknown.isEmpty else { return [] }
        var content: [Markup] = []
        if !used.entries.isEmpty {
            content.append(Markup("ol", [:], used.entries.map { entry in Markup("li", [:], "\(entry.reference) (\(entry.metrics.joined(separator: ", ")))") }))
            content.append(Markup("details", [:], [Markup("summary", [:], "BibTeX"), Markup("pre", [:], [Markup(lines: "code", report.bibtex)])]))
        }
        if !used.unknown.isEmpty { content.append(Markup("p", ["class": "note"], "No entry is kept for " + used.unknown.map { "\($0.title)\($0.paper.isEmpty ? "" : " (\($0.paper))")" }.joined(separator: "; ") + ".")) }
        return content
    }
}
