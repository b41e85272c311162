import Datasets

/// Every game by name.
public enum GameCatalog {
    /// In the order of the article.
    public static var all: [any Game.Type] { [
        Original.self, DCGAN.self, Conditional.self, WGAN.self, WGANGP.self, LSGAN.self, SNGAN.self, InfoGAN.self, BiGAN.self,
        AdversarialAutoencoder.self, CycleGAN.self, VAEGAN.self,
    ] }

    /// The game of that name.
    /// - Throws: ``GameError`` with the nearest name and all that there are.
    public static func named(_ name: String) throws(GameError) -> any Game.Type {
        guard let game = all.first(where: { $0.name == name }) else {
            let names = all.map { $0.name }
            throw GameError("there is no game '\(name)'; the nearest is '\(name.nearest(in: names))' of \(names.joined(separator: ", "))")
        }
        return game
    }

    /// Fresh networks of a game with some settings changed from their defaults.
    public static func make(_ name: String, _ settings: [(name: String, value: String)], _ world: World) throws(GameError) -> any Game {
        try make(named(name), settings, world)
    }

    private static func make<G: Game>(_ type: G.Type, _ settings: [(name: String, value: String)], _ world: World) throws(GameError) -> any Game {
        try G(G.standard.with(settings), world)
    }

    /// Every setting of a game: name, default, values and meaning.
    public static func settings(of type: any Game.Type) -> [(name: String, standard: String, range: String, summary: String)] { fields(type) }

    private static func fields<G: Game>(_ type: G.Type) -> [(name: String, standard: String, range: String, summary: String)] {
        let standard = G.standard
        return G.Configuration.fields.map { ($0.name, $0.get(standard), $0.range, $0.summary) }
    }

    /// Every setting of a game with its value after `changes`.
    public static func resolved(_ type: any Game.Type, _ changes: [(name: String, value: String)]) throws(GameError) -> [(name: String, value: String)] {
        try resolve(type, changes)
    }

    private static func resolve<G: Game>(_ type: G.Type, _ changes: [(name: String, value: String)]) throws(GameError) -> [(name: String, value: String)] {
        try G.standard.with(changes).settings
    }
}
