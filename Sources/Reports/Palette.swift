/// Colours that people with any colour vision tell apart (Okabe and Ito, 2008), dark enough for lines on white and light enough for lines on black.
enum Palette {
    static let colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8c8c8c"]
    /// Strokes tell series of one colour apart once all colours are used.
    static let dashes = ["", "6 3", "2 3", "8 3 2 3"]

    static func stroke(_ index: Int) -> (colour: String, dash: String) {
        (colours[index % colours.count], dashes[index / colours.count % dashes.count])
    }
}
